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
