/// An open conflict of one path, in words that are the same on every host.
package struct Conflict: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// Two contents that did not see each other.
    case content
    /// The same content, and attributes that differ.
    case metadata
    /// Edited on one side, deleted on the other.
    case deleteEdit = "delete-edit"
    /// A file here, a directory or a link there.
    case type
    /// Two files that were made independently: they have no common ancestor.
    case unrelated
    /// One number stands for two values: a database was copied or restored.
    case duplicateID = "duplicate-id"
    /// People decided a conflict differently.
    case resolution
  }

  /// The first eight hexadecimal digits of a digest of the path and its sibling dots.
  package var id: String
  package var group: String
  package var path: TreePath
  package var kind: Kind
  /// The registers that differ.
  package var fields: [Field]
  /// All events in them, sorted: what a decision is about.
  package var dots: [Dot]
  /// In the order of their dots; labelled `a`, `b`, ...
  package var versions: [ConflictVersion]
}

/// One side of a conflict.
package struct ConflictVersion: Hashable, Sendable {
  package var label: String
  /// Every event that says the same, sorted.
  package var dots: [Dot]
  /// Hosts that wrote it, sorted, each once.
  package var authors: [String]
  package var values: ResolvedValues
  /// Whether this host's disk shows it.
  package var isLiveHere: Bool
}

extension Conflict {
  /// The conflict of an entry; nil if there is none.
  ///
  /// - Parameters:
  ///   - hosts: The host that each replica belongs to.
  ///   - steps: The history of the path: it tells decisions from edits.
  package init?(
    _ entry: Entry, group: String, hosts: [ReplicaID: String], steps: [HistoryStep] = [],
    digest: (_ bytes: [UInt8]) -> Digest
  ) {
    let fields = entry.record.conflictingFields
    guard let leading = fields.first else { return nil }
    self.group = group
    path = entry.path
    self.fields = fields
    dots = entry.record.dots(in: fields)
    id = Self.id(path, dots, digest)
    let known = Dictionary(steps.map { ($0.dot, $0) }) { first, _ in first }
    versions = Self.versions(of: entry, leading: leading, fields, hosts, known)
    let decided = versions.map { Self.isDecision($0, known) }
    let kind = Self.kind(of: entry.record, fields)
    self.kind = kind != .duplicateID && Self.isDispute(decided) ? .resolution : kind
  }

  /// What of a version somebody has decided: nil: nothing; else whether it is more than a decision
  /// that was taken back.
  private static func isDecision(
    _ version: ConflictVersion, _ known: [Dot: HistoryStep]
  ) -> Bool? {
    let deeds = version.dots.compactMap { known[$0]?.deed }
    if deeds.contains(.resolve) || deeds.contains(.force) { return true }
    return deeds.contains(.reopen) ? false : nil
  }

  /// Versions that all carry a conflict which was opened again are no dispute about it.
  private static func isDispute(_ decided: [Bool?]) -> Bool {
    decided.count { $0 != nil } > 1 && decided.contains(true)
  }

  /// The label of the version that a decision has chosen; nil: none, as it was made out of all.
  package func winner(of decision: Entry.Decision) -> String? {
    let (chosen, leading) = (decision.values, fields.first)
    return versions.first { version in
      switch leading {
      case .content:
        chosen.content.map { version.values.content?.agrees(with: $0) ?? false } ?? false
      case .mode: chosen.mode == version.values.mode
      case .owner: chosen.owner == version.values.owner
      case .acl: chosen.acl == version.values.acl
      case nil: false
      }
    }?.label
  }

  private static func kind(of record: Record, _ fields: [Field]) -> Kind {
    if record.hasTwins { return .duplicateID }
    guard fields.contains(.content) else { return .metadata }
    let values = record.content.siblings.map(\.value)
    if values.contains(where: \.isAbsent) { return .deleteEdit }
    if Set(values.map(\.kindName)).count > 1 { return .type }
    let births = values.filter { if case .file(let file) = $0 { file.isBirth } else { false } }
    return births.count == values.count ? .unrelated : .content
  }

  /// The identifier of a conflict of these events at a path.
  package static func id(
    _ path: TreePath, _ dots: [Dot], _ digest: (_ bytes: [UInt8]) -> Digest
  ) -> String {
    var bytes = path.key
    for dot in dots {
      bytes.append(0)
      bytes += dot.replica.bytes
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: dot.sequence >> shift))
      }
    }
    return hexadecimal(digest(bytes).bytes.prefix(4))
  }

  private static func versions(
    of entry: Entry, leading: Field, _ fields: [Field], _ hosts: [ReplicaID: String],
    _ known: [Dot: HistoryStep]
  ) -> [ConflictVersion] {
    let record = entry.record
    let groups: [[Dot]] =
      switch leading {
      case .content: record.content.agreeing
      case .mode: record.mode.agreeing
      case .owner: record.owner.agreeing
      case .acl: record.acl.agreeing
      }
    return groups.enumerated().map { index, dots in
      // What was opened again is still of whoever wrote it first.
      let authors = Set(
        dots.map { dot in
          let author = (known[dot]?.origin ?? dot).replica
          return hosts[author] ?? author.description
        })
      return ConflictVersion(
        label: label(index), dots: dots, authors: authors.sorted(),
        values: values(record, dots),
        isLiveHere: !Set(entry.dotsShown(leading)).isDisjoint(with: dots))
    }
  }

  /// What a version says: in registers that differ too, what its own authors wrote there.
  private static func values(_ record: Record, _ dots: [Dot]) -> ResolvedValues {
    ResolvedValues(
      content: record.content.value(of: dots), mode: record.mode.value(of: dots),
      owner: record.owner.value(of: dots), acl: record.acl.value(of: dots))
  }

  /// `a` to `z`, then `a1`, `b1`, ...
  private static func label(_ index: Int) -> String {
    let letter = String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(index % 26)))
    return index < 26 ? letter : letter + "\(index / 26)"
  }
}

extension Entry {
  fileprivate func dotsShown(_ field: Field) -> [Dot] {
    if state.contains(.localOnly) { return [] }
    return switch field {
    case .content: shown.content.dots
    case .mode: shown.attributes?.mode.dots ?? []
    case .owner: shown.attributes?.owner.dots ?? []
    case .acl: shown.attributes?.acl.dots ?? []
    }
  }
}

extension Register {
  /// The dots of siblings that agree with each other, group by group, in the order of each group's
  /// least dot.
  fileprivate var agreeing: [[Dot]] {
    var groups: [(value: Value, dots: [Dot])] = []
    for sibling in siblings {
      if let place = groups.firstIndex(where: { $0.value.agrees(with: sibling.value) }) {
        groups[place].dots.append(sibling.dot)
      } else {
        groups.append((sibling.value, [sibling.dot]))
      }
    }
    return groups.map(\.dots)
  }

  /// The settled value, or in a conflict what the authors of `dots` wrote.
  fileprivate func value(of dots: [Dot]) -> Value? {
    if let settled { return settled }
    if let same = siblings.last(where: { dots.contains($0.dot) }) { return same.value }
    let authors = dots.map(\.replica)
    return siblings.last { authors.contains($0.dot.replica) }?.value ?? siblings.last?.value
  }
}
