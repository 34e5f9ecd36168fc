/// One aspect of a path: the values of all events that no later event has replaced.
///
/// Siblings are sorted by dot. Values that agree are one value, however many dots carry it; more
/// than one distinct value is a conflict.
package struct Register<Value: RegisterValue>: Hashable, Sendable {
  package struct Sibling: Hashable, Sendable {
    package var dot: Dot
    package var value: Value

    package init(dot: Dot, value: Value) {
      self.dot = dot
      self.value = value
    }

    /// By dot; twins by value.
    fileprivate func precedes(_ other: Sibling) -> Bool {
      dot != other.dot ? dot < other.dot : value.precedes(other.value)
    }
  }

  package private(set) var siblings: [Sibling] = []

  package init() {}

  package init(_ dot: Dot, _ value: Value) {
    siblings = [Sibling(dot: dot, value: value)]
  }

  /// From siblings as they come from a file or a peer: nil unless they are sorted by dot. The same
  /// dot may stand twice with different values, in their order: that is the trace of a twin
  /// (`hasTwins`).
  package init?(sorted siblings: [Sibling]) {
    for (left, right) in zip(siblings, siblings.dropFirst()) {
      guard left.precedes(right) else { return nil }
    }
    self.siblings = siblings
  }

  package var isEmpty: Bool { siblings.isEmpty }

  /// The one sibling, if there is just one.
  package var only: Sibling? { siblings.count == 1 ? siblings.first : nil }

  /// The one value, if there is just one: that of the greatest dot among those that agree.
  package var settled: Value? {
    guard let last = siblings.last, !isConflict else { return nil }
    return last.value
  }

  /// The one value, or in a conflict what was chosen in its stead.
  package func settled(or chosen: Value?) -> Value? {
    isConflict ? chosen : siblings.last?.value
  }

  /// Whether two siblings do not agree.
  package var isConflict: Bool {
    guard siblings.count > 1, let first = siblings.first else { return false }
    return siblings.dropFirst().contains { !$0.value.agrees(with: first.value) }
  }

  /// Whether one dot stands for two values: two databases have spent the same number.
  package var hasTwins: Bool {
    zip(siblings, siblings.dropFirst()).contains {
      $0.dot == $1.dot && !$0.value.agrees(with: $1.value)
    }
  }

  package var dots: [Dot] { siblings.map(\.dot) }

  /// Replaces the siblings that stand for `dots` by one event.
  package mutating func replace(_ dots: [Dot], with dot: Dot, _ value: Value) {
    siblings.removeAll { dots.contains($0.dot) }
    insert(Sibling(dot: dot, value: value))
  }

  /// Drops everything for one event.
  package mutating func replaceAll(with dot: Dot, _ value: Value) {
    siblings = [Sibling(dot: dot, value: value)]
  }

  private mutating func insert(_ sibling: Sibling) {
    let place = siblings.firstIndex { sibling.precedes($0) } ?? siblings.endIndex
    siblings.insert(sibling, at: place)
  }

  /// One value for each group of siblings that agree, in the order of their greatest dots.
  package var distinct: [Sibling] {
    var out: [Sibling] = []
    for sibling in siblings.reversed()
    where !out.contains(where: { $0.value.agrees(with: sibling.value) }) {
      out.append(sibling)
    }
    return out.reversed()
  }
}

extension Register {
  /// What survives of two registers that were seen with the vectors `context` and `otherContext`.
  ///
  /// A sibling stays if both have it, or if the side that lacks it has not seen its event. One that
  /// shares its dot with another value on the other side stays as well: a spent-twice number is an
  /// alarm, never a silent choice.
  func joined(
    _ other: Register, context: VersionVector, otherContext: VersionVector
  ) -> Register {
    if self == other { return self }
    var kept: [Sibling] = []
    for sibling in siblings where other.keeps(sibling, in: otherContext) { kept.append(sibling) }
    for sibling in other.siblings
    where !siblings.contains(sibling) && keeps(sibling, in: context) {
      kept.append(sibling)
    }
    kept.sort { $0.precedes($1) }
    var result = Register()
    result.siblings = kept
    return result
  }

  private func keeps(_ sibling: Sibling, in context: VersionVector) -> Bool {
    siblings.contains { $0.dot == sibling.dot } || !context.covers(sibling.dot)
  }

  /// The same values under other events.
  package func renamed(_ names: [Dot: Dot]) -> Register {
    var new = self
    new.renewDots { names[$0] }
    return new
  }

  /// Gives every sibling for which `renewed` has an answer that dot instead of its own.
  package mutating func renewDots(_ renewed: (Dot) -> Dot?) {
    for index in siblings.indices {
      if let dot = renewed(siblings[index].dot) { siblings[index].dot = dot }
    }
    siblings.sort { $0.precedes($1) }
  }
}
