import Model
import TestKit
import Transport

// History by chance.
extension RandomMessages {
  mutating func pathSteps() -> PathSteps {
    let dots = Set(list(4) { $0.dot() }).sorted()
    return PathSteps(path: path(), steps: dots.map { step($0) })
  }

  private mutating func step(_ dot: Dot) -> HistoryStep {
    let replaced = Set(list(3) { $0.dot() }).sorted()
    return HistoryStep(
      dot: dot, deed: dice.pick(Deed.allCases), content: dice.oneIn(4) ? nil : content().mark,
      replaced: replaced.map { ReplacedContent(dot: $0, content: content().mark) },
      origin: dice.oneIn(3) ? self.dot() : nil, reason: dice.pick(["", "why", "grün"]))
  }

  mutating func stamp() -> Stamp {
    let first = dot()
    let last = min(Dot.sequenceLimit, first.sequence + UInt64(dice.below(3)))
    return Stamp(
      replica: first.replica, first: first.sequence, last: last,
      seconds: dice.pick([0, -1, .min, .max]), user: dice.pick(["", "alice"]))
  }
}
