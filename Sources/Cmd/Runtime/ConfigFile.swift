import Glibc
import Model

/// A configuration that cannot be used: every fault of it.
struct ConfigFaults: Error {
  var faults: [Fault]
}

/// Reads and judges the configuration of a host.
enum ConfigFile {
  /// The configuration, checked for this host.
  static func load(_ settings: Settings) throws -> Config {
    let result = try parse(settings.configFile)
    guard let config = result.config else { throw ConfigFaults(faults: result.faults) }
    guard !config.groups(of: settings.hostName).isEmpty else {
      let names = Set(config.groups.flatMap { $0.members.map(\.name) }).sorted()
      throw Failure(
        .configuration, escaped(settings.configFile), "not used",
        "this host is \(escaped(settings.hostName)), which is in no group; the hosts in it are "
          + names.joined(separator: ", "),
        remedy: "add it to a group, or name this host with --hostname")
    }
    let faults = checkConfig(config, host: settings.hostName)
    guard faults.isEmpty else { throw ConfigFaults(faults: faults) }
    return config
  }

  /// Only read: whether it can be carried out on this host is not asked.
  static func parse(_ file: String) throws -> ParseResult {
    let bytes = try read(file)
    return parseConfig(bytes, file: file) { included in
      do throws(Failure) {
        return .success(try read(included))
      } catch {
        return .failure(error)
      }
    }
  }

  private static func read(_ file: String) throws(Failure) -> [UInt8] {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw Failure(
        .configuration, escaped(file), "configuration not read", String(cString: strerror(code)),
        remedy: code == ENOENT
          ? "write one, or name it with --config" : "make it readable for the user who runs concord"
      )
    }
    defer { close(descriptor) }
    try check(descriptor, file)
    return try bytes(descriptor, file)
  }

  private static func check(_ descriptor: Int32, _ file: String) throws(Failure) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(
        .configuration, escaped(file), "configuration not read", "it is no regular file")
    }
    guard status.st_mode & 0o022 == 0 else {
      throw Failure(
        .configuration, escaped(file), "configuration not used", "others may write it",
        remedy: "chmod go-w \(escaped(file))")
    }
    guard status.st_size <= 64 << 20 else {
      throw Failure(.configuration, escaped(file), "configuration not read", "it is over 64 MiB")
    }
  }

  private static func bytes(_ descriptor: Int32, _ file: String) throws(Failure) -> [UInt8] {
    var out: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return out }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(
          .configuration, escaped(file), "configuration not read",
          String(cString: strerror(errno)))
      }
      out += buffer[..<count]
    }
  }
}
