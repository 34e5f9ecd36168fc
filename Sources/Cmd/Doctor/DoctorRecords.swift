import Model
import Transport

// What must hold of every record.
extension Doctor {
  /// Paths that break a rule, and the first of them.
  private struct Breaches {
    var count = 0
    var first: TreePath?

    mutating func add(_ path: TreePath) {
      count += 1
      if first == nil { first = path }
    }
  }

  private struct Tally {
    var entries = 0
    var uncovered = Breaches()
    var twins = Breaches()
    var strangers = Breaches()
    var states = Breaches()

    mutating func look(_ entry: Entry, _ knowledge: VersionVector) {
      entries += 1
      if !knowledge.covers(entry.record.vector) { uncovered.add(entry.path) }
      if entry.record.hasTwins { twins.add(entry.path) }
      if !entry.showsOnlyItsOwn { strangers.add(entry.path) }
      if !entry.hasDueState { states.add(entry.path) }
    }
  }

  func records() throws(Failure) -> [Diagnosis] {
    var out: [Diagnosis] = []
    for group in node.sessionGroups {
      var tally = Tally()
      var last: TreePath?
      while true {
        // Others may work between two batches.
        let after = last
        let batch = try node.real.with { store throws(Failure) in
          let batch = try store.entries(group.name, after: after, limit: 2_000)
          let knowledge = try store.knowledge(group.name)
          for entry in batch { tally.look(entry, knowledge) }
          return batch
        }
        guard let end = batch.last else { break }
        last = end.path
      }
      out += told(tally, "records of \(escaped(group.name))")
    }
    return out
  }

  private func told(_ tally: Tally, _ what: String) -> [Diagnosis] {
    var out: [Diagnosis] = []
    func add(_ breaches: Breaches, _ level: Diagnosis.Level, _ words: String, _ cure: String) {
      guard let first = breaches.first else { return }
      out.append(
        Diagnosis(
          level: level, what: what,
          detail: "\(breaches.count) \(words), the first is \(node.shownPath(first))", cure: cure))
    }
    let anew = "move \(escaped(settings.stateDirectory)) away to start anew: files are kept"
    add(
      tally.twins, .fail, "have one number with two meanings",
      "one of two hosts was copied: run concord host rejoin on the copy, then resolve")
    add(tally.strangers, .fail, "show events that their records do not hold", anew)
    add(tally.states, .fail, "are marked otherwise than they are", anew)
    add(
      tally.uncovered, .warn, "came in exchanges that broke off, or from a life that was lost",
      "sync with every host")
    if out.isEmpty { out.append(.ok(what, "\(tally.entries), all sound")) }
    return out
  }
}

extension Entry {
  /// Whether every event that the disk is said to show stands in the record.
  fileprivate var showsOnlyItsOwn: Bool {
    func holds<Value>(_ shown: ShownValue<Value>, _ register: Register<Value>) -> Bool {
      shown.dots.allSatisfy { register.dots.contains($0) }
    }
    guard holds(shown.content, record.content) else { return false }
    guard let attributes = shown.attributes else { return true }
    return holds(attributes.mode, record.mode) && holds(attributes.owner, record.owner)
      && holds(attributes.acl, record.acl)
  }

  /// Whether it is marked as what it is.
  fileprivate var hasDueState: Bool {
    var fresh = self
    fresh.refresh()
    return fresh.state == state
  }
}
