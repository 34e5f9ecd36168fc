import Model
import TestKit
import Testing

@Suite struct `A fanout` {
  private func names(_ count: Int) -> [String] {
    (0..<count).map { "host-" + String(repeating: "0", count: 4 - "\($0)".count) + "\($0)" }
  }

  /// Whom each host meets, by number.
  private func graph(_ size: Int, _ count: Int) -> [[Int]] {
    let names = names(size)
    return names.map { own in
      var fanout = Fanout(of: own, among: names, count)
      return fanout.first().compactMap { names.firstIndex(of: $0) }
    }
  }

  @Test(arguments: [2, 3, 4, 8], [2, 3, 5, 8, 9, 27, 64, 100, 1_000])
  func `leads from each host to each other in few steps`(count: Int, size: Int) {
    let graph = graph(size, count)
    var bound = 0
    var reach = 1
    while reach < size { (reach, bound) = (reach * count, bound + 1) }
    for start in Set([0, 1, size / 2, size - 1]) {
      var steps = [Int?](repeating: nil, count: size)
      steps[start] = 0
      var queue = [start]
      while let host = queue.first {
        queue.removeFirst()
        for next in graph[host] where steps[next] == nil {
          steps[next] = (steps[host] ?? 0) + 1
          queue.append(next)
        }
      }
      #expect(steps.allSatisfy { $0 != nil })
      #expect((steps.compactMap { $0 }.max() ?? 0) <= max(1, bound))
    }
  }

  @Test(arguments: [1, 2, 3, 7, 8, 50], [1, 2, 3, 8, 41])
  func `is as many others as asked for, each once`(count: Int, size: Int) {
    for (own, targets) in graph(size, count).enumerated() {
      #expect(!targets.contains(own))
      #expect(Set(targets).count == targets.count)
      #expect(targets.count <= count)
      if size > 1 { #expect(targets.count >= min(count, size - 1) - 1 && !targets.isEmpty) }
    }
  }

  @Test func `of one is a ring`() {
    #expect(graph(4, 1) == [[1], [2], [3], [0]])
  }

  @Test func `replaces a dead host by those that it would meet, and nobody twice`() {
    let names = names(20)
    var fanout = Fanout(of: names[0], among: names, 2)
    var met = Set(fanout.first())
    #expect(met == [names[19], names[18]])
    for dead in [names[19], names[18], names[19], "nobody"] {
      for name in fanout.replacing(dead) { #expect(met.insert(name).inserted) }
    }
    // Of the four one is this host.
    #expect(met.count == 5)
  }

  @Test func `does not call all of a fleet that is dead`() {
    let names = names(1_000)
    var fanout = Fanout(of: names[0], among: names, 8)
    var waiting = fanout.first()
    var called = 0
    while let dead = waiting.popLast() {
      called += 1
      waiting += fanout.replacing(dead)
    }
    #expect(called == 24)
  }
}
