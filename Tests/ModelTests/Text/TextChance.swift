import Model
import TestKit

/// Texts from chance: short lines from a small choice, so that lines repeat and edits meet.
struct TextChance {
  var dice: Dice
  /// How many different lines there are.
  var choice: Int

  init(seed: UInt64, choice: Int = 4) {
    dice = Dice(seed: seed)
    self.choice = choice
  }

  mutating func line() -> String {
    ["", "a", "b\r", "\u{0}", "e", "f"][min(dice.below(choice), 5)]
      + (choice > 6 ? "\(dice.below(choice))" : "")
  }

  mutating func text(lines: Int) -> [String] { (0..<lines).map { _ in line() } }

  mutating func edited(_ text: [String], edits: Int) -> [String] {
    var text = text
    for _ in 0..<edits {
      let place = dice.below(text.count + 1)
      switch dice.below(3) {
      case 0: text.insert(line(), at: place)
      case 1 where place < text.count: text.remove(at: place)
      default: if place < text.count { text[place] = line() }
      }
    }
    return text
  }

  /// Mostly with a line feed at the end.
  mutating func bytes(_ text: [String]) -> [UInt8] {
    let joined = text.joined(separator: "\n")
    return Array((dice.chance(80) && !text.isEmpty ? joined + "\n" : joined).utf8)
  }

  mutating func triple(lines: Int, edits: Int) -> (base: [UInt8], a: [UInt8], b: [UInt8]) {
    let base = text(lines: dice.below(lines + 1))
    let a = edited(base, edits: dice.below(edits + 1))
    let b = edited(base, edits: dice.below(edits + 1))
    return (bytes(base), bytes(a), bytes(b))
  }
}

func textBytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The new text, made of the old one and the hunks.
func textApplied(_ hunks: [Hunk], _ old: TextLines, _ new: TextLines) -> [UInt8] {
  var out: [UInt8] = []
  var done = 0
  for hunk in hunks {
    out += old[done..<hunk.old.lowerBound] + new[hunk.new]
    done = hunk.old.upperBound
  }
  return out + old[done..<old.count]
}

/// The same, with both sides named the other way round.
func textSwapped(_ result: MergeResult) -> MergeResult {
  switch result {
  case .merged(let bytes, let fromA, let fromB, let common):
    .merged(bytes: bytes, hunksFromA: fromB, hunksFromB: fromA, common: common)
  case .overlaps(let overlaps):
    .overlaps(overlaps.map { Overlap(base: $0.base, a: $0.b, b: $0.a) })
  }
}
