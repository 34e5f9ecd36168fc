import Glibc
import Model

/// Hands a command to the daemon and passes on what it says.
enum ControlClient {
  /// The exit status; nil if no daemon works with this state.
  static func run(
    _ arguments: [String], _ settings: Settings, _ console: any Console
  ) throws(Failure) -> Int32? {
    guard let connection = ControlSocket.connect(settings.stateDirectory) else { return nil }
    defer { close(connection) }
    let request = ControlRequest(
      arguments: arguments, currentDirectory: settings.currentDirectory,
      isTerminal: settings.isTerminal, usesColor: settings.usesColor,
      user: settings.user, action: String(settings.action.prefix(20)))
    guard ControlFrame(kind: .command, bytes: request.bytes).write(to: connection) else {
      return nil
    }
    while let frame = ControlFrame.read(from: connection) {
      let text = String(decoding: frame.bytes, as: UTF8.self)
      switch frame.kind {
      case .out: console.out(text)
      case .say: console.say(text)
      case .ask:
        let answer: UInt8 = console.ask(text).map { $0 ? 1 : 0 } ?? 2
        _ = ControlFrame(kind: .answer, bytes: [answer]).write(to: connection)
      case .end: return Int32(frame.bytes.first ?? 70)
      case .command, .answer: continue
      }
    }
    throw Failure(
      .unavailable, escaped(settings.stateDirectory), "the command was cut off",
      "the daemon ended while it ran", remedy: "run it again")
  }
}
