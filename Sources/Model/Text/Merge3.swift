/// What comes of merging two texts that were made from a third one.
package enum MergeResult: Hashable, Sendable {
  /// All changes of both sides: how many places only a changed, only b, and both alike.
  case merged([UInt8], fromA: Int, fromB: Int, common: Int)
  /// Places that both sides changed, differently.
  case overlaps([Overlap])
}

/// A place that both sides changed: the lines of the common text and what each side made of them.
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

/// Merges the changes of two sides, line by line. Never writes markers.
///
/// Changes that touch or overlap each other count as one place; if the sides made different things
/// of a place, they overlap and nothing is merged. Which side is called a makes no difference to
/// the bytes: hosts that merge by themselves come to the same ones.
package func merge3(base: [UInt8], a: [UInt8], b: [UInt8]) -> MergeResult {
  let merge = Merge3(base, a, b)
  let overlaps = merge.places.filter { merge.isOverlap($0) }
  guard overlaps.isEmpty else { return .overlaps(overlaps.map(\.lines)) }
  var counts = (a: 0, b: 0, common: 0)
  let bytes = merge.bytes { place in
    switch place.changer {
    case .a: counts.a += 1
    case .b: counts.b += 1
    case .both: counts.common += 1
    }
    return merge.side(place)
  }
  return .merged(bytes, fromA: counts.a, fromB: counts.b, common: counts.common)
}

/// Merges like `merge3`; where the sides overlap, the lines of both stand, each once: those of the
/// side whose lines come first byte by byte, then what the other one adds.
///
/// Without a common text, lines that both sides have stand once.
package func union3(base: [UInt8]?, a: [UInt8], b: [UInt8]) -> [UInt8] {
  let merge = Merge3(base ?? [], a, b)
  return merge.bytes { place in
    merge.isOverlap(place) ? merge.both(place) : merge.side(place)
  }
}

/// Two differences against one text, brought together.
private struct Merge3 {
  enum Changer { case a, b, both }

  struct Place {
    var lines: Overlap
    var changer: Changer
  }

  let base: Lines
  let a: Lines
  let b: Lines
  private(set) var places: [Place] = []

  init(_ base: [UInt8], _ a: [UInt8], _ b: [UInt8]) {
    let all = Lines.number([base, a, b])
    (self.base, self.a, self.b) = (all[0], all[1], all[2])
    places = Self.places(
      lineDiff(self.base.numbers, self.a.numbers), lineDiff(self.base.numbers, self.b.numbers))
  }

  /// Changes of both sides in the order of the common text, those that touch each other as one.
  private static func places(_ a: [LineChange], _ b: [LineChange]) -> [Place] {
    var out: [Place] = []
    var (i, j) = (0, 0)
    // How much longer each side is than the common text up to here.
    var (shiftA, shiftB) = (0, 0)
    while i < a.count || j < b.count {
      let start = min(
        i < a.count ? a[i].old.lowerBound : .max, j < b.count ? b[j].old.lowerBound : .max)
      var end = start
      let (firstA, firstB) = (i, j)
      let (beforeA, beforeB) = (shiftA, shiftB)
      while true {
        if i < a.count, a[i].old.lowerBound <= end {
          end = max(end, a[i].old.upperBound)
          shiftA += a[i].new.count - a[i].old.count
          i += 1
        } else if j < b.count, b[j].old.lowerBound <= end {
          end = max(end, b[j].old.upperBound)
          shiftB += b[j].new.count - b[j].old.count
          j += 1
        } else {
          break
        }
      }
      let lines = Overlap(
        base: start..<end, a: (start + beforeA)..<(end + shiftA),
        b: (start + beforeB)..<(end + shiftB))
      let changer: Changer = i == firstA ? .b : (j == firstB ? .a : .both)
      out.append(Place(lines: lines, changer: changer))
    }
    return out
  }

  func isOverlap(_ place: Place) -> Bool {
    place.changer == .both
      && !a.numbers[place.lines.a].elementsEqual(b.numbers[place.lines.b])
  }

  /// The lines of the side that changed the place.
  func side(_ place: Place) -> [UInt8] {
    place.changer == .b ? b[place.lines.b] : a[place.lines.a]
  }

  /// The lines of both sides.
  func both(_ place: Place) -> [UInt8] {
    let sides = [a.lines[place.lines.a], b.lines[place.lines.b]]
      .sorted { $0.joined().lexicographicallyPrecedes($1.joined()) }
    let first = sides[0]
    let known = Set(first)
    var out: [UInt8] = Array(first.joined())
    for line in sides[1] where !known.contains(line) {
      // A last line without its line feed would swallow the next one.
      if let last = out.last, last != 0x0A { out.append(0x0A) }
      out += line
    }
    return out
  }

  /// The common text with each place replaced by what `lines` says.
  func bytes(_ lines: (Place) -> [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var next = 0
    for place in places {
      out += base[next..<place.lines.base.lowerBound]
      out += lines(place)
      next = place.lines.base.upperBound
    }
    return out + base[next..<base.count]
  }
}
