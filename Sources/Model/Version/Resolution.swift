extension Record {
  /// Settles registers by one event: in each of `fields`, every sibling whose dot stands in `seen`
  /// is replaced by the value given. A sibling that arrived meanwhile stays.
  package func resolved(
    to values: ResolvedValues, seen: Set<Dot>, dot: Dot
  ) -> Record {
    var new = self
    new.vector.insert(dot)
    if let value = values.content { new.content.replace(Array(seen), with: dot, value) }
    if let value = values.mode { new.mode.replace(Array(seen), with: dot, value) }
    if let value = values.owner { new.owner.replace(Array(seen), with: dot, value) }
    if let value = values.acl { new.acl.replace(Array(seen), with: dot, value) }
    return new
  }
}

extension Record {
  /// Takes a resolution back: every version that it replaced stands again, each under an event of
  /// its own, since events that were superseded stay so.
  ///
  /// - Parameters:
  ///   - fields: The registers that it settled.
  ///   - former: The record before it.
  ///   - resolution: Its event.
  ///   - mint: Gives the next dot.
  /// - Returns: The record, and which new event stands for which former one, in the order of the
  ///   former ones; nil if something else than the resolution stands in one of the registers.
  package func reopened(
    _ fields: [Field], former: Record, resolution: Dot, mint: () throws(Failure) -> Dot
  ) throws(Failure) -> (record: Record, events: [(new: Dot, former: Dot)])? {
    for field in fields where dots(in: [field]) != [resolution] { return nil }
    var new = self
    var events: [(new: Dot, former: Dot)] = []
    var names: [Dot: Dot] = [:]
    for dot in former.dots(in: fields) {
      let fresh = try mint()
      events.append((fresh, dot))
      names[dot] = fresh
      new.vector.insert(fresh)
    }
    for field in fields {
      switch field {
      case .content: new.content = former.content.renamed(names)
      case .mode: new.mode = former.mode.renamed(names)
      case .owner: new.owner = former.owner.renamed(names)
      case .acl: new.acl = former.acl.renamed(names)
      }
    }
    return (new, events)
  }

  /// The dots of the given registers, sorted, each once.
  package func dots(in fields: [Field]) -> [Dot] {
    var out: Set<Dot> = []
    if fields.contains(.content) { out.formUnion(content.dots) }
    if fields.contains(.mode) { out.formUnion(mode.dots) }
    if fields.contains(.owner) { out.formUnion(owner.dots) }
    if fields.contains(.acl) { out.formUnion(acl.dots) }
    return out.sorted()
  }
}

/// What a resolution writes: one value for each register that it settles.
package struct ResolvedValues: Hashable, Sendable {
  package var content: Content?
  package var mode: Mode?
  package var owner: Owner?
  package var acl: AccessList?

  package init(
    content: Content? = nil, mode: Mode? = nil, owner: Owner? = nil, acl: AccessList? = nil
  ) {
    self.content = content
    self.mode = mode
    self.owner = owner
    self.acl = acl
  }
}
