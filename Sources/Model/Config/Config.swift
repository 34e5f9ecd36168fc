/// A configuration as it is written: every value parsed, nothing judged that needs a host's name.
package struct Config: Hashable, Sendable {
  /// In the order of the file.
  package var groups: [Group] = []
  /// In the order of the file.
  package var prefixes: [Prefix] = []
  /// What stands outside groups and prefixes.
  package var settings = Settings()
  /// The files it came from, the main one first.
  package var sources: [Source] = []

  package init() {}

  /// The groups that list the host, in the order of the file, each as the host sees it.
  package func groups(of host: String) -> [Group] {
    groups.compactMap { group in
      guard let own = group.member(host) else { return nil }
      var group = group
      group.own = own
      return group
    }
  }

  /// Where the prefix points on the host: the first place whose pattern matches its name. Absolute,
  /// without trailing slashes; nil if there is none.
  package func localPath(ofPrefix name: String, on host: String) -> [UInt8]? {
    guard let prefix = prefixes.first(where: { $0.name == name }) else { return nil }
    let host = Array(host.lowercased().utf8)
    return prefix.places.first { $0.hosts.matches(host[...]) }?.path
  }

  /// Where the object lies on the host's disk, or nil if its prefix has no place there.
  package func localPath(of path: TreePath, on host: String) -> [UInt8]? {
    guard path.key.first != 0 else { return path.text }
    let parts = path.key.split(separator: 0)
    guard let first = parts.first,
      let root = localPath(
        ofPrefix: String(decoding: first.dropFirst().dropLast(), as: UTF8.self), on: host)
    else { return nil }
    return parts.dropFirst().reduce(root == [Glob.slash] ? [] : root) { $0 + [Glob.slash] + $1 }
  }

  /// The names under which a place on the host's disk can stand in groups: its absolute path, then
  /// one for each prefix above it, in the order of the file.
  package func names(ofLocalPath path: [UInt8], on host: String) -> [TreePath] {
    guard let plain = TreePath(text: path), path.first == Glob.slash else { return [] }
    var names = [plain]
    for prefix in prefixes {
      guard var root = localPath(ofPrefix: prefix.name, on: host) else { continue }
      if root == [Glob.slash] { root = [] }
      let rest = path.dropFirst(root.count)
      guard path.starts(with: root), rest.isEmpty || rest.first == Glob.slash,
        let name = TreePath(text: Array("%\(prefix.name)%".utf8) + rest), !names.contains(name)
      else { continue }
      names.append(name)
    }
    return names
  }

  /// Where the host is reached: the first address and the first port that a group gives for it,
  /// else its name and the default port. nil if no group lists it.
  package func endpoint(
    of host: String, defaultPort: UInt16 = Member.defaultPort
  ) -> Endpoint? {
    let entries = groups.compactMap { $0.member(host) }
    guard let first = entries.first else { return nil }
    let placed = entries.first { $0.address != nil } ?? first
    return Endpoint(
      address: placed.address ?? placed.name, port: placed.port ?? defaultPort)
  }

  /// A fault that shows its line.
  func fault(_ position: SourcePosition, _ message: String, _ remedy: String) -> Fault {
    Fault(
      position, message, remedy: remedy, source: sources.first { $0.file == position.file })
  }
}

/// A name for a directory that lies elsewhere on each host.
package struct Prefix: Hashable, Sendable {
  /// Without its percent signs.
  package var name: String
  /// In the order of the file: the first whose pattern matches the host's name counts.
  package var places: [Place]
  /// Of the keyword `prefix`.
  package var position: SourcePosition

  /// One `on PATTERN: PATH`.
  package struct Place: Hashable, Sendable {
    /// The pattern of host names, in lower case.
    package let hostGlob: String
    let hosts: Glob
    /// Absolute, without trailing slashes.
    package let path: [UInt8]
    /// Of the keyword `on`.
    package let position: SourcePosition

    init(hostGlob: String, path: [UInt8], position: SourcePosition) throws(Flaw) {
      self.hostGlob = hostGlob.lowercased()
      hosts = try Glob(parsing: self.hostGlob.utf8)
      self.path = path
      self.position = position
    }
  }
}

/// What stands outside groups and prefixes.
package struct Settings: Hashable, Sendable {
  /// At most 1000000; without effect.
  package var lockTimeoutSeconds: Located<Int>?
  /// As written; without effect.
  package var temporaryDirectory: Located<String>?
  /// As written; without effect.
  package var database: Located<String>?
  /// In the order of the file, repetitions kept.
  package var ignored: [Located<Ignored>] = []
  /// In the order of the file.
  package var unencrypted: [Located<Unencrypted>] = []
  /// How much this host keeps beside its index.
  package var keeping = Keeping()
  /// `no-cygwin-lowercase`; without effect.
  package var keepsCygwinCase: Located<Bool>?

  /// What an `ignore` names.
  package enum Ignored: String, Hashable, Sendable, CaseIterable { case uid, gid, mod, mtime }

  /// One `nossl`: patterns of the connecting host's name and of its peer's.
  package struct Unencrypted: Hashable, Sendable {
    /// A pattern, as written.
    package var from: String
    /// A pattern, as written.
    package var to: String
  }
}
