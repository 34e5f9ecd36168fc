import Testing

/// Three hosts, edits on two or three of them, and the pairwise syncs in every order.
@Suite struct `Concurrent edits` {
  /// One way in which three hosts meet: who calls whom, in which order.
  struct Meetings: CustomTestStringConvertible {
    let calls: [(String, String)]
    var testDescription: String { calls.map { $0 + $1 }.joined(separator: " ") }

    /// Six orders of the three pairs, times who of each pair calls: 48.
    static let all: [Meetings] = {
      let pairs = [("a", "b"), ("a", "c"), ("b", "c")]
      let orders = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]]
      return (0..<8).flatMap { turned in
        orders.map { order in
          Meetings(
            calls: order.map { index in
              let pair = pairs[index]
              return turned >> index & 1 == 0 ? pair : (pair.1, pair.0)
            })
        }
      }
    }()
  }

  enum Ending: CaseIterable {
    case host, ours, theirs, delete
  }

  @Test(arguments: [["a", "b"], ["b", "c"], ["a", "b", "c"]], Form.allCases)
  func `are never overwritten, whatever the order of syncs, and end where anybody ends them`(
    editors: [String], form: Form
  ) throws {
    let lab = try Lab()
    try lab.base([:])
    // A quarter of the orders at the usual scale, another quarter for each set of editors.
    let share = Scale.factor >= 4 ? 1 : 6
    let skipped = editors.count + (form == .alone ? 0 : 3)
    for (number, meetings) in Meetings.all.enumerated()
    where number % share == skipped % share {
      let name = "f\(number)"
      try play(meetings, name, editors, form, lab)
      let ending = Ending.allCases[number % Ending.allCases.count]
      try settle(name, by: lab.hosts[number % 3], ending, lab)
    }
  }

  private func play(
    _ meetings: Meetings, _ name: String, _ editors: [String], _ form: Form, _ lab: Lab
  ) throws {
    try lab.write("a", Name(name), "base")
    try lab.settle()
    for host in editors { try lab.write(host, Name(name), "from \(host)") }
    var held = try lab.contents(Name(name))
    for (caller, answerer) in meetings.calls {
      if form == .alone { try lab.down(caller) }
      try lab.meet(caller, answerer, exits: 0, 1, 2)
      if form == .alone { try lab.up(caller) }
      let now = try lab.contents(Name(name))
      for (index, host) in lab.hosts.enumerated() where held[index] != "base" {
        #expect(
          now[index] == held[index],
          "\(host) went from one edit to another: \(meetings.testDescription)")
      }
      held = now
    }
    try lab.settle(exits: 1)
    let now = try lab.contents(Name(name))
    for index in lab.hosts.indices where held[index] != "base" {
      #expect(now[index] == held[index], "\(meetings.testDescription)")
    }
    for host in editors {
      #expect(try lab.read(host, Name(name)) == "from \(host)", "\(meetings.testDescription)")
    }
    try lab.expectConflict(name, versions: editors.count)
  }

  private func settle(_ name: String, by host: String, _ ending: Ending, _ lab: Lab) throws {
    let before = try lab.contents(Name(name))
    let mine = try lab.read(host, Name(name))
    let path = lab.path(host, name)
    switch ending {
    case .host: try lab.resolve(host, path, "--host", "b")
    case .ours: try lab.resolve(host, path, "--ours")
    case .theirs:
      let outcome = try lab.run(host, "resolve", path, "--theirs")
      // With two other versions the word alone does not say which.
      if outcome.status != 0 { try lab.resolve(host, path, "--host", host == "c" ? "b" : "c") }
    case .delete: try lab.resolve(host, path, "--delete")
    }
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    let after = try lab.read("a", Name(name))
    switch ending {
    case .host: #expect(after == before[1])
    case .ours: #expect(after == mine)
    case .theirs: #expect(after != nil)
    case .delete: #expect(after == nil)
    }
  }
}
