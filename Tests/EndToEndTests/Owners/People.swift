import Glibc
import Testing

/// A host's own users and groups: a mount namespace with its own `/etc/passwd` and `/etc/group`.
struct People {
  /// Name and number of each user; a group of the same name and number comes with it.
  let users: KeyValuePairs<String, UInt32>
  /// The name of number 0.
  var root = "root"

  var passwd: String {
    "\(root):x:0:0::/root:/bin/sh\n" + users.map { People.passwdLine($0, $1) }.joined()
  }
  var groups: String { "\(root):x:0:\n" + users.map { People.groupLine($0, $1) }.joined() }

  static func passwdLine(_ name: String, _ number: UInt32) -> String {
    "\(name):x:\(number):\(number)::/nonexistent:/bin/false\n"
  }
  static func groupLine(_ name: String, _ number: UInt32) -> String { "\(name):x:\(number):\n" }
}

extension Lab {
  /// All further commands of the host see these users and groups and no others.
  func people(_ host: String, _ people: People) throws {
    try put(people.passwd, in: passwdFile(host))
    try put(people.groups, in: groupFile(host))
    wrappers[host] = [
      "unshare", "-m", "sh", "-c",
      "mount --bind \"$1\" /etc/passwd && mount --bind \"$2\" /etc/group && shift 2 && exec \"$@\"",
      "sh", passwdFile(host), groupFile(host),
    ]
  }

  /// A new user on a host, also for servers that run already: the bound files change in place.
  func addUser(_ host: String, _ name: String, _ number: UInt32) throws {
    try append(People.passwdLine(name, number), to: passwdFile(host))
    try append(People.groupLine(name, number), to: groupFile(host))
  }

  private func passwdFile(_ host: String) -> String { "\(folder)/\(host)/passwd" }
  private func groupFile(_ host: String) -> String { "\(folder)/\(host)/group" }

  private func append(_ text: String, to file: String) throws {
    guard let stream = fopen(file, "a") else { throw LabFailure.call("fopen", file) }
    fputs(text, stream)
    fclose(stream)
  }

  /// The entries of an access list, with numbers: `user:5001:rw-`.
  func accessList(_ host: String, _ name: String) throws -> [String] {
    try tool("getfacl", "-n", "-p", "-E", "--omit-header", path(host, name))
      .split(separator: "\n").map(String.init)
  }

  /// What a host holds back because it cannot show it, as `status` tells.
  func held(_ host: String) throws -> [String] {
    try status(host)["held"].items.compactMap { $0["path"].text }
  }
}
