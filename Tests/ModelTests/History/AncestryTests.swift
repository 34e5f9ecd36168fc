import Model
import TestKit
import Testing

private func step(_ at: Dot, _ number: Int, from before: [Dot: Int]) -> HistoryStep {
  HistoryStep(
    dot: at, deed: .edit, content: file(number).mark,
    replaced: before.sorted { $0.key < $1.key }.map {
      ReplacedContent(dot: $0.key, content: file($0.value).mark)
    })
}

/// The common ancestor of versions with these numbers for contents.
private func common(_ versions: [Dot: Int], _ steps: [HistoryStep]) -> Dot? {
  Ancestry.common(of: versions.map { ($0.key, file($0.value).mark) }, steps: steps)?.dot
}

@Suite struct `The common ancestor` {
  @Test func `of two edits of one file is that file, with its content`() {
    let steps = [
      step(dot(a, 2), 2, from: [dot(a, 1): 1]), step(dot(b, 1), 3, from: [dot(a, 1): 1]),
    ]
    let found = Ancestry.common(
      of: [(dot(a, 2), file(2).mark), (dot(b, 1), file(3).mark)], steps: steps)
    #expect(found?.dot == dot(a, 1))
    #expect(found?.content == file(1).mark)
  }

  @Test func `is the nearest where there are several`() {
    let steps = [
      step(dot(a, 2), 2, from: [dot(a, 1): 1]), step(dot(a, 3), 3, from: [dot(a, 2): 2]),
      step(dot(a, 4), 4, from: [dot(a, 3): 3]), step(dot(b, 1), 5, from: [dot(a, 3): 3]),
      step(dot(b, 2), 6, from: [dot(b, 1): 5]),
    ]
    #expect(common([dot(a, 4): 4, dot(b, 2): 6], steps) == dot(a, 3))
  }

  @Test func `of three versions comes before all of them`() {
    let steps = [
      step(dot(a, 2), 2, from: [dot(a, 1): 1]), step(dot(b, 1), 3, from: [dot(a, 2): 2]),
      step(dot(a, 3), 4, from: [dot(a, 2): 2]), step(dot(c, 1), 5, from: [dot(a, 1): 1]),
    ]
    #expect(common([dot(b, 1): 3, dot(a, 3): 4], steps) == dot(a, 2))
    #expect(common([dot(b, 1): 3, dot(a, 3): 4, dot(c, 1): 5], steps) == dot(a, 1))
  }

  @Test func `can be one of the versions`() {
    let steps = [step(dot(b, 1), 2, from: [dot(a, 1): 1])]
    #expect(common([dot(a, 1): 1, dot(b, 1): 2], steps) == dot(a, 1))
  }

  @Test func `is not known behind a step that is missing or replaced several`() {
    let whole = [
      step(dot(a, 2), 2, from: [dot(a, 1): 1]), step(dot(a, 3), 3, from: [dot(a, 2): 2]),
      step(dot(b, 1), 4, from: [dot(a, 1): 1]),
    ]
    #expect(common([dot(a, 3): 3, dot(b, 1): 4], whole) == dot(a, 1))
    for lost in whole.indices {
      var steps = whole
      steps.remove(at: lost)
      #expect(common([dot(a, 3): 3, dot(b, 1): 4], steps) == nil, "without step \(lost)")
    }
    let resolved = step(dot(a, 4), 5, from: [dot(a, 3): 3, dot(b, 1): 4])
    #expect(common([dot(a, 4): 5, dot(c, 1): 6], whole + [resolved]) == nil)
  }

  @Test func `does not depend on the order of anything`() {
    let steps = [
      step(dot(a, 2), 2, from: [dot(a, 1): 1]), step(dot(b, 1), 3, from: [dot(a, 2): 2]),
      step(dot(c, 1), 4, from: [dot(a, 2): 2]),
    ]
    let versions = [(dot(b, 1), file(3).mark), (dot(c, 1), file(4).mark)]
    for list in [steps, steps.reversed()] {
      for siblings in [versions, versions.reversed()] {
        #expect(Ancestry.common(of: siblings, steps: list)?.dot == dot(a, 2))
      }
    }
  }

  @Test func `of a number that was spent twice is not known`() {
    let twins = [(dot(a, 1), file(1).mark), (dot(a, 1), file(2).mark)]
    #expect(Ancestry.common(of: twins, steps: []) == nil)
    #expect(Ancestry.common(of: [], steps: []) == nil)
  }

  @Test func `ends where hostile steps go in circles`() {
    let circle = [
      step(dot(a, 2), 2, from: [dot(a, 1): 1]), step(dot(a, 1), 1, from: [dot(a, 2): 2]),
      step(dot(b, 1), 3, from: [dot(b, 1): 3]),
    ]
    #expect(common([dot(a, 2): 2, dot(b, 1): 3], circle) == nil)
    let both = circle + [step(dot(c, 1), 4, from: [dot(a, 1): 1])]
    #expect(common([dot(a, 2): 2, dot(c, 1): 4], both) == dot(a, 1))
  }
}

@Suite struct `A run of events` {
  private func stamp(_ first: UInt64, _ last: UInt64, _ seconds: Int64 = 1) -> Stamp {
    Stamp(replica: a, first: first, last: last, seconds: seconds, user: "u")
  }

  @Test func `fills what is not known and changes nothing that is`() {
    let known = [stamp(3, 4, 7), stamp(8, 9, 8)]
    let all = stamp(1, 12, 9).joined(to: known)
    #expect(
      all == [
        stamp(1, 2, 9), stamp(3, 4, 7), stamp(5, 7, 9), stamp(8, 9, 8), stamp(10, 12, 9),
      ])
    #expect(stamp(3, 4, 9).joined(to: known) == known)
  }

  @Test func `becomes one with neighbours that say the same`() {
    #expect(stamp(5, 6).joined(to: [stamp(1, 4), stamp(7, 9)]) == [stamp(1, 9)])
    #expect(stamp(5, 6).joined(to: [stamp(1, 4, 2)]) == [stamp(1, 4, 2), stamp(5, 6)])
  }

  @Test func `is found by each of its events and by no other`() {
    let index = RunIndex([stamp(8, 9), stamp(1, 2), stamp(4, 4)])
    let found = (1...10).filter { index[dot(a, $0)] != nil }
    #expect(found == [1, 2, 4, 8, 9])
    #expect(index[dot(b, 1)] == nil)
  }

  @Test func `is cut at what somebody knows`() {
    #expect(stamp(3, 9).beyond(vector([a: 5])) == stamp(6, 9))
    #expect(stamp(3, 9).beyond(vector([b: 5])) == stamp(3, 9))
    #expect(stamp(3, 9).beyond(vector([a: 9])) == nil)
  }
}
