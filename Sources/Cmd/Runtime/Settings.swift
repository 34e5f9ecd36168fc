import Glibc
import Model

/// Where this host's things are, from defaults, environment and options, in this order.
struct Settings: Hashable, Sendable {
  var configFile: String
  var stateDirectory: String
  /// Where this host's identity is kept. A machine has one for all its configurations (`-C`).
  var identityDirectory: String
  var hostName: String
  /// More is said about the work.
  var isVerbose = false
  /// Nothing is said but errors.
  var isQuiet = false
  /// Whether a person is there to read and to answer.
  var isTerminal = false
  var usesColor = false
  var currentDirectory = "/"
  /// Where hosts listen for which the configuration names no port; nil: where all do.
  var port: UInt16?
  /// Who gave the command, as history remembers it; empty: nobody did.
  var user = ""
  /// The number of the action that gave the command; empty: none did.
  var action = ""

  /// - Parameters:
  ///   - instance: `-C NAME`: another configuration and state beside the default ones.
  init(
    config: String?, state: String?, hostName: String?, instance: String?,
    environment: [String: String], currentDirectory: String
  ) {
    let defaultConfig = environment["CONCORD_CONFIG"] ?? "/etc/concord/concord.cfg"
    let defaultState = environment["CONCORD_STATE"] ?? "/var/lib/concord"
    if let instance {
      configFile = config ?? Self.configFile(instance, beside: defaultConfig)
      stateDirectory = state ?? defaultState + "/" + instance
    } else {
      configFile = config ?? defaultConfig
      stateDirectory = state ?? defaultState
    }
    identityDirectory = state ?? defaultState
    let name = hostName ?? environment["CONCORD_HOSTNAME"] ?? Self.machineName()
    self.hostName = name.lowercased()
    self.currentDirectory = currentDirectory
    configFile = absolute(configFile)
    stateDirectory = absolute(stateDirectory)
    identityDirectory = absolute(identityDirectory)
  }

  /// `concord_NAME.cfg` beside the default one; beside `csync2.cfg` it is `csync2_NAME.cfg`.
  private static func configFile(_ instance: String, beside file: String) -> String {
    directory(of: file) + "/" + filePrefix(beside: file) + instance + fileSuffix
  }

  private static func filePrefix(beside file: String) -> String {
    file.hasSuffix("/csync2.cfg") ? "csync2_" : "concord_"
  }

  private static let fileSuffix = ".cfg"

  /// The names of the configurations that stand beside the default one, sorted.
  static func instances(environment: [String: String]) -> [String] {
    let file = environment["CONCORD_CONFIG"] ?? "/etc/concord/concord.cfg"
    guard let directory = opendir(directory(of: file)) else { return [] }
    defer { closedir(directory) }
    let filePrefix = filePrefix(beside: file)
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(filePrefix), name.hasSuffix(fileSuffix) else { continue }
      let instance = name.dropFirst(filePrefix.count).dropLast(fileSuffix.count)
      if isInstanceName(String(instance)) { names.append(String(instance)) }
    }
    return names.sorted()
  }

  /// Whether it can be the name behind `-C`: a part of file names.
  static func isInstanceName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// A file as named by the user, from where the user is.
  func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : currentDirectory + "/" + path
  }

  private static func directory(of path: String) -> String {
    guard let cut = path.lastIndex(of: "/"), cut != path.startIndex else { return "/" }
    return String(path[..<cut])
  }

  private static func machineName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
