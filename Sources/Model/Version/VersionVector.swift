/// How much of each replica's events is known: replica to highest sequence number.
///
/// Entries are sorted by replica and never zero, so equal vectors have equal encodings.
package struct VersionVector: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package var replica: ReplicaID
    package var sequence: UInt64

    package init(replica: ReplicaID, sequence: UInt64) {
      self.replica = replica
      self.sequence = sequence
    }
  }

  package private(set) var entries: [Entry] = []

  package init() {}

  /// From entries as they come from a file or a peer: nil unless they are sorted by replica without
  /// duplicates and each number is 1 to `Dot.sequenceLimit`.
  package init?(sorted entries: [Entry]) {
    var previous: ReplicaID?
    for entry in entries {
      guard Dot(entry.replica, entry.sequence) != nil else { return nil }
      if let previous, previous >= entry.replica { return nil }
      previous = entry.replica
    }
    self.entries = entries
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// The highest known number of `replica`; 0: none.
  package subscript(replica: ReplicaID) -> UInt64 {
    let place = place(of: replica)
    return place < entries.count && entries[place].replica == replica ? entries[place].sequence : 0
  }

  /// Whether the event is among the known ones.
  package func covers(_ dot: Dot) -> Bool { self[dot.replica] >= dot.sequence }

  /// Whether everything that `other` knows is known here.
  package func covers(_ other: VersionVector) -> Bool {
    var place = 0
    for entry in other.entries {
      while place < entries.count, entries[place].replica < entry.replica { place += 1 }
      guard place < entries.count, entries[place].replica == entry.replica,
        entries[place].sequence >= entry.sequence
      else { return false }
    }
    return true
  }

  package mutating func insert(_ dot: Dot) {
    let place = place(of: dot.replica)
    if place < entries.count, entries[place].replica == dot.replica {
      entries[place].sequence = max(entries[place].sequence, dot.sequence)
    } else {
      entries.insert(Entry(replica: dot.replica, sequence: dot.sequence), at: place)
    }
  }

  /// The least upper bound: what either knows.
  package mutating func merge(_ other: VersionVector) {
    if covers(other) { return }
    if other.covers(self) {
      entries = other.entries
      return
    }
    entries = merged(entries, other.entries)
  }

  package func merging(_ other: VersionVector) -> VersionVector {
    var result = self
    result.merge(other)
    return result
  }

  /// The greatest lower bound: what both know.
  package func meeting(_ other: VersionVector) -> VersionVector {
    var common = VersionVector()
    for entry in entries {
      let sequence = min(entry.sequence, other[entry.replica])
      if sequence > 0 { common.entries.append(Entry(replica: entry.replica, sequence: sequence)) }
    }
    return common
  }

  /// Lowers one entry: used only when a replica's own numbers turn out to be spent twice.
  package mutating func lower(_ replica: ReplicaID, to sequence: UInt64) {
    let place = place(of: replica)
    guard place < entries.count, entries[place].replica == replica else { return }
    if sequence == 0 {
      entries.remove(at: place)
    } else {
      entries[place].sequence = min(entries[place].sequence, sequence)
    }
  }

  /// The first place whose replica is not below `replica`.
  private func place(of replica: ReplicaID) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].replica < replica { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

private func merged(
  _ left: [VersionVector.Entry], _ right: [VersionVector.Entry]
) -> [VersionVector.Entry] {
  var out: [VersionVector.Entry] = []
  out.reserveCapacity(left.count + right.count)
  var (i, j) = (0, 0)
  while i < left.count || j < right.count {
    if j == right.count || (i < left.count && left[i].replica < right[j].replica) {
      out.append(left[i])
      i += 1
    } else if i == left.count || right[j].replica < left[i].replica {
      out.append(right[j])
      j += 1
    } else {
      let sequence = max(left[i].sequence, right[j].sequence)
      out.append(.init(replica: left[i].replica, sequence: sequence))
      i += 1
      j += 1
    }
  }
  return out
}

extension VersionVector {
  package enum Comparison: Hashable, Sendable { case equal, before, after, concurrent }

  /// How this vector stands to `other`: `before` if `other` knows all of it and more.
  package func compared(to other: VersionVector) -> Comparison {
    switch (covers(other), other.covers(self)) {
    case (true, true): .equal
    case (true, false): .after
    case (false, true): .before
    case (false, false): .concurrent
    }
  }
}

extension VersionVector: CustomStringConvertible {
  package var description: String {
    "{" + entries.map { "\($0.replica):\($0.sequence)" }.joined(separator: " ") + "}"
  }
}
