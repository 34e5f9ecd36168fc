import Foundation
import Testing

/// Many changes on three hosts that were apart, and many conflicts among them.
@Suite(.tags(.long)) struct `Many conflicts` {
  /// In which order the hosts call `sync`, and with how many files.
  struct Run: CustomTestStringConvertible {
    let order: [String]
    let count: Int
    var testDescription: String { "\(order.joined()), \(count) files" }

    /// The full number in one order; all six orders with a tenth of it.
    static let all: [Run] = {
      let orders = ["abc", "acb", "bac", "bca", "cab", "cba"].map { $0.map { String($0) } }
      return [Run(order: ["b", "c", "a"], count: 1_000)]
        + orders.map { Run(order: $0, count: max(100, Scale.rounds(100))) }
    }()
  }

  /// What a file is in this story, by its number among a hundred.
  private enum Fate {
    /// Edited differently on a and b.
    case bothEdit
    /// Edited on one host only.
    case edit(String)
    /// Edited on the first, deleted on the second; one of them is always b.
    case editAndDeletion(String, String)
    case unchanged

    init(_ index: Int) {
      self =
        switch index % 100 {
        case 0..<10: .bothEdit
        case 10..<15: .edit("a")
        case 15..<20: .edit("b")
        case 20..<25: .edit("c")
        case 25: .editAndDeletion("a", "b")
        case 26: .editAndDeletion("b", "c")
        default: .unchanged
        }
    }

    var isConflict: Bool {
      switch self {
      case .bothEdit, .editAndDeletion: true
      case .edit, .unchanged: false
      }
    }
  }

  private func name(_ index: Int) -> Name { Name("d\(index % 13)/f\(index)") }

  private func text(_ index: Int, _ host: String? = nil) -> String {
    "file \(index)" + (host.map { " of \($0)" } ?? "")
  }

  /// What each host holds after the changes, before they meet: nil where it was deleted.
  private func own(_ index: Int, _ host: String) -> String? {
    switch Fate(index) {
    case .bothEdit: text(index, host == "c" ? nil : host)
    case .edit(let author): text(index, host == author ? host : nil)
    case .editAndDeletion(let author, let deleter):
      host == deleter ? nil : text(index, host == author ? host : nil)
    case .unchanged: text(index)
    }
  }

  private func diverged(_ count: Int) throws -> Lab {
    let lab = try Lab()
    for index in 0..<count { try lab.write("a", name(index), text(index)) }
    try lab.base([:])
    for index in 0..<count {
      for host in lab.hosts {
        switch own(index, host) {
        case text(index): continue
        case let text?: try lab.write(host, name(index), text)
        case nil: try lab.remove(host, name(index))
        }
      }
    }
    return lab
  }

  /// Hosts whose version of a path no sync may touch: who changed it, where it is in conflict.
  private func holders(_ index: Int) -> [String] {
    switch Fate(index) {
    case .bothEdit: ["a", "b"]
    case .editAndDeletion(let author, _): [author]
    case .edit, .unchanged: []
    }
  }

  @Test(arguments: Run.all)
  func `are the same on every host in any order, hold back nothing else, and end in one command`(
    run: Run
  ) throws {
    let lab = try diverged(run.count)
    let held = try lab.hosts.map { try lab.sights($0) }
    for host in run.order { expect(try lab.run(host, "sync"), [1, 2], at: #_sourceLocation) }
    for host in run.order { try lab.sync(host, exits: 1) }
    let ids = try expectOneList(lab, run.count)
    try expectHeld(lab, run.count, since: held)
    try expectSpread(lab, run.count)
    try expectQuiet(lab)
    let rule = try lab.run("c", "resolve", "--all", "--rule", "host:b", "--yes")
    expect(rule, [0], at: #_sourceLocation)
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    for index in 0..<run.count where Fate(index).isConflict {
      #expect(try lab.read("a", name(index)) == own(index, "b"), "\(name(index))")
    }
    let first = try #require(ids.first)
    expect(try lab.run("c", "resolve", "--undo", first), [1], at: #_sourceLocation)
    try lab.settle(exits: 1)
    for host in lab.hosts { #expect(try lab.conflicts(host).count == 1, "\(host)") }
  }

  /// Every conflict and nothing else, with one id on every host.
  private func expectOneList(_ lab: Lab, _ count: Int) throws -> [String] {
    let paths = (0..<count).filter { Fate($0).isConflict }.map { name($0).description }
    var lists: Set<[String]> = []
    var ids: [String] = []
    for host in lab.hosts {
      let open = try lab.conflicts(host)
      let prefix = "\(lab.root(host))/".count
      let found = open.map { String(($0["path"].text ?? "").dropFirst(prefix)) }
      #expect(Set(found) == Set(paths) && found.count == paths.count, "\(host)")
      ids = open.compactMap { $0["id"].text }
      lists.insert(open.map { "\($0["id"]) \($0["kind"]) \($0["fields"])" })
    }
    #expect(lists.count == 1, "the same words on every host")
    #expect(Set(ids).count == paths.count)
    return ids
  }

  /// Who edited or deleted still has just that, and where it lives nothing has touched it.
  private func expectHeld(_ lab: Lab, _ count: Int, since before: [[String: Sight]]) throws {
    for index in 0..<count where Fate(index).isConflict {
      for (host, sights) in zip(lab.hosts, before) where holders(index).contains(host) {
        let name = name(index)
        #expect(try lab.read(host, name) == own(index, host), "\(host) \(name)")
        #expect(lab.sight(host, name) == sights[name.description], "\(host) \(name) was touched")
      }
      if case .editAndDeletion(_, let deleter) = Fate(index) {
        #expect(!lab.exists(deleter, name(index)), "\(deleter) \(name(index))")
      }
    }
  }

  /// What is in no conflict is everywhere.
  private func expectSpread(_ lab: Lab, _ count: Int) throws {
    for index in 0..<count {
      switch Fate(index) {
      case .edit(let author):
        #expect(try lab.contents(name(index)) == Array(repeating: text(index, author), count: 3))
      case .unchanged:
        #expect(try lab.contents(name(index)) == Array(repeating: text(index), count: 3))
      case .bothEdit, .editAndDeletion: continue
      }
    }
  }

  /// Another run with all of them open touches no file.
  private func expectQuiet(_ lab: Lab) throws {
    let before = try lab.hosts.map { try lab.sights($0) }
    for host in lab.hosts { try lab.sync(host, exits: 1) }
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
  }
}
