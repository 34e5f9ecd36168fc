extension Record {
  /// Gives every event of `old` above `last` a number of a new replica, and forgets those numbers.
  ///
  /// Used when this host's database turns out to be older than what peers remember of it: numbers
  /// above the last one that is certain may have meant something else in the life that was lost.
  /// Returns nil if the record holds no such event.
  package func reissued(from old: ReplicaID, above last: UInt64, mint: inout Mint)
    throws(Failure) -> (record: Record, renamed: [Dot: Dot])?
  {
    let doubtful = dots.filter { $0.replica == old && $0.sequence > last }
    guard vector[old] > last || !doubtful.isEmpty else { return nil }
    var new = self
    var renamed: [Dot: Dot] = [:]
    new.vector.lower(old, to: last)
    for dot in doubtful {
      let fresh = try mint.next()
      renamed[dot] = fresh
      new.vector.insert(fresh)
    }
    new.content.renewDots { renamed[$0] }
    new.mode.renewDots { renamed[$0] }
    new.owner.renewDots { renamed[$0] }
    new.acl.renewDots { renamed[$0] }
    return (new, renamed)
  }
}

extension Shown {
  /// The same state of the disk, under the new names of its events.
  package func renamed(_ names: [Dot: Dot]) -> Shown {
    func rename<Value>(_ shown: ShownValue<Value>) -> ShownValue<Value> {
      ShownValue(dots: shown.dots.map { names[$0] ?? $0 }.sorted(), value: shown.value)
    }
    return Shown(
      content: rename(content),
      attributes: attributes.map {
        ShownAttributes(mode: rename($0.mode), owner: rename($0.owner), acl: rename($0.acl))
      })
  }
}
