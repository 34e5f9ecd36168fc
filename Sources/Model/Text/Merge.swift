/// Two changed texts and the one that both came from, made into one, or where that cannot be.
package enum MergeResult: Hashable, Sendable {
  /// Every change of both sides: how many hunks came from each alone, and how many from both alike.
  case merged(bytes: [UInt8], hunksFromA: Int, hunksFromB: Int, common: Int)
  /// Both changed the same lines, or lines that touch, and not alike. Nothing is chosen.
  case overlaps([Overlap])
}

/// Lines that two sides changed each in its way: their ranges in the base and in both sides.
package struct Overlap: Hashable, Sendable {
  package var base: Range<Int>
  package var a: Range<Int>
  package var b: Range<Int>

  package init(base: Range<Int>, a: Range<Int>, b: Range<Int>) {
    self.base = base
    self.a = a
    self.b = b
  }
}

/// Joins what two sides changed in a text.
///
/// Changes of the same or of adjacent lines overlap, unless they are equal: then they count once.
/// An insertion or a deletion that equal lines would let stand elsewhere overlaps with what is
/// changed there, so that no outcome rests on which of equal lines is the new one. Which side is
/// called `a` does not matter. The same three texts give the same bytes on every host and in every
/// release. No markers are ever written.
package func merge3(base: [UInt8], a: [UInt8], b: [UInt8]) -> MergeResult {
  let sides = ThreeSides(base, a, b)
  let overlaps = sides.parts.filter { $0.kind == .overlap }
  guard overlaps.isEmpty else {
    return .overlaps(overlaps.map { Overlap(base: $0.base, a: $0.a, b: $0.b) })
  }
  var out: [UInt8] = []
  out.reserveCapacity(max(base.count, a.count, b.count))
  for part in sides.parts { out += sides.settledText(of: part) }
  func count(_ kind: ThreeSides.Kind) -> Int { sides.parts.count { $0.kind == kind } }
  return .merged(
    bytes: out, hunksFromA: count(.fromA), hunksFromB: count(.fromB), common: count(.common))
}

/// Three texts, cut into the parts that a merge decides one by one.
struct ThreeSides {
  enum Kind {
    /// Nobody changed it.
    case unchanged
    /// One side changed it.
    case fromA, fromB
    /// Both changed it alike.
    case common
    /// Both changed it, and not alike.
    case overlap
  }

  struct Part {
    var kind: Kind
    var base: Range<Int>
    var a: Range<Int>
    var b: Range<Int>
  }

  let base: TextLines
  let a: TextLines
  let b: TextLines
  private(set) var parts: [Part] = []

  init(_ base: [UInt8], _ a: [UInt8], _ b: [UInt8]) {
    self.base = TextLines(base)
    self.a = TextLines(a)
    self.b = TextLines(b)
    var table = LineTable()
    let numbers = table.numbers(of: self.base)
    let (mine, theirs) = (table.numbers(of: self.a), table.numbers(of: self.b))
    cut(Changes(numbers, mine), Changes(numbers, theirs), mine, theirs)
  }

  /// The text of a part that is no overlap.
  func settledText(of part: Part) -> ArraySlice<UInt8> {
    switch part.kind {
    case .unchanged: base[part.base]
    case .fromB: b[part.b]
    case .fromA, .common, .overlap: a[part.a]
    }
  }

  /// The hunks of one side, taken one after the other.
  private struct Changes {
    let hunks: [Hunk]
    let reach: [Int]
    var next = 0

    init(_ old: [Int], _ new: [Int]) {
      hunks = lineDiff(old, new)
      reach = reaches(hunks, old, new)
    }

    /// The first line that the next hunk could touch.
    var start: Int? { next < reach.count ? reach[next] : nil }

    /// Takes the next hunk if it could touch a line up to `end`; its own end, else nil.
    mutating func take(upTo end: Int) -> Int? {
      guard let start, start <= end else { return nil }
      next += 1
      return hunks[next - 1].old.upperBound
    }

    /// The range of this side that stands for lines of the base, of which `taken` are all hunks.
    func range(for base: Range<Int>, _ taken: Range<Int>) -> Range<Int> {
      guard let first = hunks[taken].first, let last = hunks[taken].last else {
        let shift = taken.lowerBound > 0 ? hunks[taken.lowerBound - 1].shift : 0
        return base.lowerBound + shift..<base.upperBound + shift
      }
      return first.new.lowerBound - (first.old.lowerBound - base.lowerBound)..<last.new.upperBound
        + (base.upperBound - last.old.upperBound)
    }
  }

  /// Goes over the hunks of both sides; those that touch across the sides make one part.
  private mutating func cut(_ a: Changes, _ b: Changes, _ mine: [Int], _ theirs: [Int]) {
    var (a, b) = (a, b)
    var done = 0
    while a.start != nil || b.start != nil {
      let (fromA, fromB) = (a.next, b.next)
      var (endA, endB) = (-1, -1)
      if let start = a.start, start <= b.start ?? start {
        endA = a.take(upTo: start) ?? endA
      } else if let start = b.start {
        endB = b.take(upTo: start) ?? endB
      }
      while true {
        if let end = b.take(upTo: endA) {
          endB = end
        } else if let end = a.take(upTo: endB) {
          endA = end
        } else {
          break
        }
      }
      let taken = (a: fromA..<a.next, b: fromB..<b.next)
      let hunks = a.hunks[taken.a] + b.hunks[taken.b]
      let low = hunks.map(\.old.lowerBound).min() ?? done
      let region = low..<max(endA, endB, low)
      keepUnchanged(done..<low)
      let part = Part(
        kind: .overlap, base: region, a: a.range(for: region, taken.a),
        b: b.range(for: region, taken.b))
      parts.append(judged(part, taken.a.isEmpty, taken.b.isEmpty, mine, theirs))
      done = region.upperBound
    }
    keepUnchanged(done..<base.count)
  }

  private mutating func keepUnchanged(_ lines: Range<Int>) {
    if !lines.isEmpty { parts.append(Part(kind: .unchanged, base: lines, a: 0..<0, b: 0..<0)) }
  }

  private func judged(
    _ part: Part, _ isOnlyB: Bool, _ isOnlyA: Bool, _ mine: [Int], _ theirs: [Int]
  ) -> Part {
    var part = part
    if isOnlyA {
      part.kind = .fromA
    } else if isOnlyB {
      part.kind = .fromB
    } else if mine[part.a] == theirs[part.b] {
      part.kind = .common
    }
    return part
  }
}

extension Hunk {
  /// By how many lines what follows stands further down in the new text.
  fileprivate var shift: Int { new.upperBound - old.upperBound }
}
