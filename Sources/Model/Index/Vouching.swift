/// Says anew, as this host's own events, what a host said that only receives by now.
///
/// Others refuse its events wherever they come from. A full member that took them while they were
/// allowed stands by the values: one new event for each old one, which supersedes just that.
package enum Vouching {
  /// - Parameter replicas: What the peer would refuse of a record.
  /// - Returns: The entry as it is kept now.
  package static func run(
    _ path: TreePath, group: Group, store: any Store, _ unheard: (Record) -> [Dot]
  ) throws(Failure) -> Entry? {
    try store.transaction { () throws(Failure) in
      guard let old = try store.entry(group.name, path) else { return nil }
      let dots = unheard(old.record)
      guard !dots.isEmpty else { return old }
      var absorber = try Absorber(store: store, group: group)
      var names: [Dot: Dot] = [:]
      var new = old
      for dot in dots {
        let fresh = try absorber.event()
        names[dot] = fresh
        new.record.vector.insert(fresh)
      }
      new.record.content = new.record.content.renamed(names)
      new.record.mode = new.record.mode.renamed(names)
      new.record.owner = new.record.owner.renamed(names)
      new.record.acl = new.record.acl.renamed(names)
      new.shown = new.shown.renamed(names)
      new.decided = new.decided?.renamed(names)
      new.decide(by: absorber.policy)
      let kept = try store.put(new, changedFrom: old, group.name)
      try absorber.finish()
      return kept
    }
  }
}
