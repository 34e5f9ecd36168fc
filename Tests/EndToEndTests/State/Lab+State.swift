import Foundation

extension Lab {
  /// Removes what a host remembers, but for the files whose names are given.
  ///
  /// The witness on the roots goes too if `witness` says so.
  func forget(_ host: String, sparing spared: [String] = []) throws {
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: state(host))
    where !spared.contains(where: name.contains) {
      try files.removeItem(atPath: "\(state(host))/\(name)")
    }
    if spared.isEmpty { try files.removeItem(atPath: state(host)) }
  }

  /// A copy of all that a host remembers; the server is down.
  func remember(_ host: String) throws {
    try? FileManager.default.removeItem(atPath: "\(folder)/\(host)/kept")
    try tool("cp", "-a", state(host), "\(folder)/\(host)/kept")
  }

  /// Puts the copy back, as a restored backup does.
  func rollBack(_ host: String) throws {
    try FileManager.default.removeItem(atPath: state(host))
    try tool("cp", "-a", "\(folder)/\(host)/kept", state(host))
  }

  /// Removes the marks outside the state by which a host could notice a rollback itself.
  func removeWitness(_ host: String) throws {
    let script = """
      getfattr -h -m - "$1" --absolute-names | grep -i concord | while read -r mark; do
        setfattr -h -x "$mark" "$1"
      done
      """
    try tool("sh", "-c", script, "sh", root(host))
  }
}
