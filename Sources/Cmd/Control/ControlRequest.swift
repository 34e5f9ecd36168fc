import Model

/// A command on its way to the daemon.
struct ControlRequest {
  var arguments: [String]
  var currentDirectory: String
  var isTerminal: Bool
  var usesColor: Bool
  /// Who gave the command, in the words of the process that took it. For people only.
  var user: String
  /// The number of the action that gave it; empty: none did.
  var action: String

  var bytes: [UInt8] {
    var out = CBORWriter()
    out.array(6)
    out.array(arguments.count)
    for argument in arguments { out.text(argument) }
    out.text(currentDirectory)
    out.bool(isTerminal)
    out.bool(usesColor)
    out.text(user)
    out.text(action)
    return out.bytes
  }

  init(
    arguments: [String], currentDirectory: String, isTerminal: Bool, usesColor: Bool, user: String,
    action: String
  ) {
    self.action = action
    self.arguments = arguments
    self.currentDirectory = currentDirectory
    self.isTerminal = isTerminal
    self.usesColor = usesColor
    self.user = user
  }

  init?(bytes: [UInt8]) {
    var reader = CBORReader(bytes)
    do {
      guard try reader.readArrayHeader(max: 6) == 6 else { return nil }
      var arguments: [String] = []
      for _ in 0..<(try reader.readArrayHeader(max: 1 << 20)) {
        arguments.append(try reader.readText(max: 1 << 20))
      }
      self.arguments = arguments
      currentDirectory = try reader.readText(max: 1 << 16)
      isTerminal = try reader.readBool()
      usesColor = try reader.readBool()
      user = try reader.readText(max: HistoryLimits.userBytes)
      action = try reader.readText(max: 1 << 10)
      try reader.finish()
    } catch {
      return nil
    }
  }
}
