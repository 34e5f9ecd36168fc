import Model
import TestKit
import Testing
import Transport

private let names = [a: "a", b: "b", c: "c"]

private func policyGroup(_ statements: String) -> Group {
  memoryGroup(["a", "b", "c"], "include /w; \(statements)").group
}

private func policy(_ statements: String) -> Policy {
  Policy(policyGroup(statements), replicas: names)
}

/// Edits of a and b at once, on the disk of b.
private func twoEdits(
  _ first: Content = file(1), _ second: Content = file(2), _ path: String = "/w/f"
) -> Entry {
  let mine = record(dot(b, 1), second, mode: mode(2))
  let both = record(dot(a, 1), first, mode: mode(1)).joined(mine)
  return Entry(path: memoryPath(path), record: both, shown: shown(mine))
}

/// The entry as it is once the disk has followed.
private func followed(_ entry: Entry) -> Entry {
  var entry = entry
  switch entry.verdict {
  case .nothing: break
  case .install(let content, let wanted): entry.installed(content, applied: wanted, held: [])
  case .adjust(let wanted, _): entry.adjusted(wanted, held: [])
  case .remove: entry.removed()
  }
  return entry
}

private func absorbed(_ entry: Entry, _ now: Observation?) throws -> LocalChange {
  var mint = Mint(replica: b, last: 1)
  return try #require(
    try Record.absorbing(
      entry.record, shown: entry.shown, observed: now,
      decided: entry.decided?.values ?? ResolvedValues(), knowledge: entry.record.vector,
      mint: &mint))
}

@Suite struct `A decision of a policy` {
  @Test func `is shown with all events, mints nothing and keeps the record`() {
    var entry = twoEdits()
    let record = entry.record
    entry.decide(by: policy("auto left;"))
    #expect(entry.state == [.decided, .pending])
    entry = followed(entry)
    #expect(entry.record == record && entry.state == .decided && !entry.isOpenConflict)
    #expect(entry.shown.content == ShownValue(dots: [dot(a, 1), dot(b, 1)], value: file(1)))
    #expect(entry.shown.attributes?.mode.dots == [dot(a, 1), dot(b, 1)])
  }

  @Test func `lets the next edit supersede everything, attributes too`() throws {
    var entry = twoEdits()
    entry.decide(by: policy("auto left;"))
    entry = followed(entry)
    let change = try absorbed(entry, observation(file(3), mode: mode(1)))
    #expect(change.record.content.dots == [dot(b, 2)])
    #expect(change.record.mode == Register(dot(b, 2), mode(1)))
    entry.record = change.record
    entry.shown = change.shown
    entry.decide(by: policy("auto right;"))
    #expect(entry.state == [] && entry.decided == nil)
  }

  @Test func `confirms what was decided, not what stands in for it here`() throws {
    var entry = twoEdits()
    entry.record.owner = register([dot(a, 1): owner(7), dot(b, 1): owner(8)])
    entry.decide(by: policy("auto left;"))
    guard case .install(let content, var wanted) = entry.verdict else {
      Issue.record("\(entry.verdict)")
      return
    }
    #expect(wanted.owner == owner(7))
    wanted.owner = owner(0)
    entry.installed(content, applied: wanted, held: [Held(.owner, "unknown")])
    #expect(entry.state == [.decided, .held])
    let change = try absorbed(entry, observation(file(3), mode: mode(1), owner: owner(0)))
    #expect(change.record.owner == Register(dot(b, 2), owner(7)))
    #expect(change.shown.attributes?.owner.value == owner(0))
  }

  @Test func `outlives a chmod`() throws {
    var entry = twoEdits()
    entry.decide(by: policy("auto left;"))
    entry = followed(entry)
    let change = try absorbed(entry, observation(file(1), mode: mode(6)))
    entry.record = change.record
    entry.shown = change.shown
    entry.decide(by: policy("auto left;"))
    #expect(entry.record.content.isConflict && entry.record.mode == Register(dot(b, 2), mode(6)))
    #expect(entry.state == .decided && entry.shown.content.dots.count == 2)
  }

  @Test func `for a deletion removes, and keeps the row`() throws {
    var entry = twoEdits(.absent)
    entry.decide(by: policy("auto left;"))
    #expect(entry.verdict == .remove && entry.isGone)
    entry = followed(entry)
    #expect(entry.state == .decided && !entry.record.isTombstone)
    let change = try absorbed(entry, observation(file(3)))
    #expect(change.record.content.dots == [dot(b, 2)], "a file made again saw all of it")
    entry.decide(by: policy("auto younger;"))
    #expect(entry.verdict != .nothing, "what lives wins there")
  }

  @Test func `is not an event where the disk comes to show it by itself`() throws {
    var entry = twoEdits()
    entry.decide(by: policy("auto left;"))
    let change = try absorbed(entry, observation(file(1), mode: mode(1)))
    #expect(change.dot == nil && change.record == entry.record)
    #expect(change.shown.content.dots == entry.record.content.dots)
    var gone = twoEdits(.absent)
    gone.decide(by: policy("auto left;"))
    #expect(try absorbed(gone, nil).dot == nil)
  }

  @Test func `leaves what it showed when it ends`() throws {
    var entry = twoEdits()
    entry.decide(by: policy("auto left;"))
    entry = followed(entry)
    entry.decide(by: policy(""))
    #expect(entry.state == .conflict && entry.verdict == .nothing)
    #expect(entry.shown.content.dots == [dot(a, 1)], "who edits it has not seen the other")
    let change = try absorbed(entry, observation(file(3), mode: mode(1)))
    #expect(change.record.content.dots == [dot(b, 1), dot(b, 2)])
  }

  @Test func `is made anew when a third event comes`() {
    var entry = twoEdits()
    entry.decide(by: policy("auto right;"))
    #expect(followed(entry).shown.content.value == file(2))
    entry.record = entry.record.joined(record(dot(c, 1), file(3)))
    entry.decide(by: policy("auto right;"))
    #expect(entry.decided?.values.content == file(3) && entry.state == [.decided, .pending])
    #expect(entry.shown.content.dots == [dot(b, 1)])
  }

  @Test func `can be for a merged file, until something else is in conflict`() throws {
    var entry = twoEdits()
    entry.decide(by: policy("auto merge;"))
    #expect(entry.state == .conflict)
    guard case .file(let merged) = file(9) else { return }
    entry.decideMerged(merged)
    #expect(entry.state == [.conflict, .decided, .pending], "the mode stays open")
    #expect(entry.openFields == [.mode])
    entry = followed(entry)
    entry.decide(by: policy("auto merge;"))
    #expect(entry.state == [.conflict, .decided] && entry.shown.content.value == file(9))
    #expect(entry.shown.content.dots == entry.record.content.dots)
    entry.record = entry.record.joined(record(dot(c, 1), file(3)))
    entry.decide(by: policy("auto merge;"))
    #expect(entry.decided == nil && entry.verdict == .nothing)
    #expect(entry.shown.content.dots == [dot(a, 1), dot(b, 1)], "it says what both say")
  }

  @Test func `is by the last statement that matches`() {
    for (path, expected) in [("/w/f", file(1)), ("/w/x/f", file(2)), ("/w/x/f.c", nil)] {
      var entry = twoEdits(file(1), file(2), path)
      entry.decide(by: policy("auto left; auto right /w/x; auto none *.c;"))
      #expect(entry.decided?.values.content == expected, "\(path)")
    }
  }

  @Test func `is reviewed when the policy or what is known of hosts changes`() throws {
    let store = MemoryStore(replica: b)
    store.codingCheckInterval = 1
    func review(_ statements: String) throws -> Content? {
      _ = try PolicyReview.run(policyGroup(statements), store: store)
      return try store.entry("g", memoryPath("/w/f"))?.decided?.values.content
    }
    var entry = twoEdits()
    entry.refresh()
    try store.put(entry, "g")
    #expect(try review("") == nil)
    #expect(try store.note("policy g") == nil)
    #expect(try review("auto left;") == file(2), "nobody knows the hosts: the greater dot")
    try store.learnReplica(a, host: "a", group: "g")
    #expect(try review("auto left;") == file(1))
    try store.learnReplica(b, host: "b", group: "g")
    #expect(try review("auto right;") == file(2))
    #expect(try PolicyReview.run(policyGroup("auto right;"), store: store) == 0)
    #expect(try review("") == nil)
    #expect(try store.note("policy g") == nil)
  }
}
