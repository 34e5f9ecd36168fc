import Foundation
import Testing

/// Hosts on this machine, each with a root, a state and a name, and one configuration for all.
///
/// Everything stands in a fresh folder under `/tmp` with ports of its own, so that labs do not see
/// each other. Servers, mounts and the folder go with the value.
final class Lab {
  let folder: String
  let hosts: [String]
  let binary: String
  private(set) var ports: [String: Port] = [:]
  var servers: [String: Child] = [:]
  /// Words before the program, per host: a mount namespace of its own.
  var wrappers: [String: [String]] = [:]
  /// A configuration of its own, per host.
  var configurations: [String: String] = [:]
  var mounts: [String] = []
  /// Where the root of a host is, if not in the usual place.
  var roots: [String: String] = [:]

  init(_ hosts: [String] = ["a", "b", "c"]) throws {
    self.hosts = hosts
    binary = try Binary.path()
    var template = "/tmp/concord-lab-XXXXXX".utf8CString.map { $0 }
    guard mkdtemp(&template) != nil else { throw LabFailure.call("mkdtemp") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    mkdir(scratch, 0o700)
    for host in hosts {
      ports[host] = try Port()
      mkdir("\(folder)/\(host)", 0o755)
      mkdir("\(folder)/\(host)/root", 0o755)
    }
    try put(configuration(), in: config)
    let made = try Child([binary, "keygen", key], scratch: scratch).wait()
    guard made.status == 0 else { throw LabFailure("no group key: \(made)") }
  }

  deinit {
    servers.removeAll()
    for mount in mounts.reversed() { umount2(mount, Int32(MNT_DETACH)) }
    try? FileManager.default.removeItem(atPath: folder)
  }

  var config: String { "\(folder)/concord.cfg" }
  var key: String { "\(folder)/web.key" }
  var scratch: String { "\(folder)/output" }

  func root(_ host: String) -> String { roots[host] ?? "\(folder)/\(host)/root" }
  func state(_ host: String) -> String { "\(folder)/\(host)/state" }

  func port(_ host: String) throws -> Port {
    guard let port = ports[host] else { throw LabFailure("no host \(host)") }
    return port
  }

  /// The configuration that all hosts share.
  ///
  /// - Parameters:
  ///   - key: another key file.
  ///   - more: further statements for the group.
  ///   - receiving: hosts that only receive.
  func configuration(
    key: String? = nil, more: String = "", receiving: Set<String> = []
  ) throws -> String {
    let places = hosts.map { "on \($0): \(root($0));" }.joined(separator: " ")
    let members = try hosts.map { host in
      let member = "\(host)@127.0.0.1:\(try port(host).number)"
      return receiving.contains(host) ? "(\(member))" : member
    }
    return """
      prefix root { \(places) }
      group web {
        host \(members.joined(separator: " "));
        key \(key ?? self.key);
        include %root%;
        \(more)
      }

      """
  }

  /// Writes a file anywhere, outside the roots too.
  func put(_ text: String, in file: String) throws {
    guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
      throw LabFailure.call("write", file)
    }
  }

  /// Runs a system tool that a test needs and that must succeed.
  @discardableResult
  func tool(_ words: String...) throws -> String {
    let outcome = try Child(words, scratch: scratch).wait()
    guard outcome.status == 0 else { throw LabFailure("\(outcome)") }
    return outcome.out
  }
}
