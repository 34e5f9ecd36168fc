import Glibc
import Model

/// Where this host's things are, from defaults, environment and options, in this order.
struct Settings: Hashable, Sendable {
  var configFile: String
  var stateDirectory: String
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

  /// - Parameters:
  ///   - instance: `-C NAME`: another configuration and state beside the default ones.
  init(
    config: String?, state: String?, hostName: String?, instance: String?,
    environment: [String: String], currentDirectory: String
  ) {
    let defaultConfig = environment["CONCORD_CONFIG"] ?? "/etc/concord/concord.cfg"
    let defaultState = environment["CONCORD_STATE"] ?? "/var/lib/concord"
    if let instance {
      configFile = config ?? Self.directory(of: defaultConfig) + "/concord_\(instance).cfg"
      stateDirectory = state ?? Self.directory(of: defaultState) + "/" + instance
    } else {
      configFile = config ?? defaultConfig
      stateDirectory = state ?? defaultState
    }
    let name = hostName ?? environment["CONCORD_HOSTNAME"] ?? Self.machineName()
    self.hostName = name.lowercased()
    self.currentDirectory = currentDirectory
    configFile = absolute(configFile)
    stateDirectory = absolute(stateDirectory)
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
