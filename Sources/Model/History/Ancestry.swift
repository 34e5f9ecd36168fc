/// What the versions of a conflict have in common, found in the steps of their path.
package enum Ancestry {
  /// The nearest content that all versions come from; nil if that is not certain.
  ///
  /// From each version the way goes back as long as its step replaced exactly one event; a step
  /// that is missing or replaced several ends it. The answer is the first event on the way of one
  /// version that stands on the ways of all others: where two ways meet they go on together, so
  /// there is only one such. A host that lacks a step gets nothing, never something else.
  package static func common(
    of siblings: [(dot: Dot, content: ContentMark)], steps: [HistoryStep]
  ) -> (dot: Dot, content: ContentMark)? {
    let siblings = siblings.sorted { $0.dot < $1.dot }
    // Of a number that was spent twice nothing is certain.
    guard Set(siblings.map(\.dot)).count == siblings.count else { return nil }
    let known = Dictionary(steps.map { ($0.dot, $0) }) { first, _ in first }
    guard let first = siblings.first else { return nil }
    let others = siblings.dropFirst().map { Set(way(from: $0, known).map(\.dot)) }
    return way(from: first, known).first { place in
      others.allSatisfy { $0.contains(place.dot) }
    }
  }

  /// An event and those before it, the latest first. Ends where it would go in a circle.
  private static func way(
    from start: (dot: Dot, content: ContentMark), _ known: [Dot: HistoryStep]
  ) -> [(dot: Dot, content: ContentMark)] {
    var out = [start]
    var seen: Set<Dot> = [start.dot]
    var here = start.dot
    while let before = known[here]?.predecessor, seen.insert(before.dot).inserted {
      out.append((before.dot, before.content))
      here = before.dot
    }
    return out
  }
}

extension HistoryStep {
  /// The one event that it went on from; nil if there are several, or none. One that carries a
  /// former version again stands for that one.
  fileprivate var predecessor: ReplacedContent? {
    if let origin, let content { return ReplacedContent(dot: origin, content: content) }
    guard let first = replaced.first, replaced.allSatisfy({ $0.dot == first.dot }) else {
      return nil
    }
    return first
  }
}
