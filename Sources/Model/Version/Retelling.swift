extension Record {
  /// What this host shows, said again by one event: the same values, which supersede the events
  /// that said so before and nothing else.
  ///
  /// A path that was left out of exchanges for a while may have events that a peer counts as known
  /// and was never told. After this one it lacks something, and gets the record whole.
  package func retold(_ shown: Shown, dot: Dot) -> LocalChange {
    var new = LocalChange(record: self, shown: shown, dot: dot)
    new.record.vector.insert(dot)
    new.record.content.retell(&new.shown.content, dot)
    if var attributes = shown.attributes {
      new.record.mode.retell(&attributes.mode, dot)
      new.record.owner.retell(&attributes.owner, dot)
      new.record.acl.retell(&attributes.acl, dot)
      new.shown.attributes = attributes
    }
    return new
  }

  /// The object on this disk, said by an event of its own beside those that settled the path
  /// otherwise. It supersedes nothing: whoever reads the record finds a conflict.
  package func contested(by shown: Shown, dot: Dot) -> Record {
    var new = self
    new.vector.insert(dot)
    new.content.replace([], with: dot, shown.content.value)
    guard let attributes = shown.attributes else { return new }
    if !attributes.mode.shows(mode) { new.mode.replace([], with: dot, attributes.mode.value) }
    if !attributes.owner.shows(owner) { new.owner.replace([], with: dot, attributes.owner.value) }
    if !attributes.acl.shows(acl) { new.acl.replace([], with: dot, attributes.acl.value) }
    return new
  }
}

extension Register {
  /// What the events say, not what is applied for it: an owner that is unknown here stays the one
  /// that is wished for.
  fileprivate mutating func retell(_ shown: inout ShownValue<Value>, _ dot: Dot) {
    guard let said = siblings.last(where: { shown.dots.contains($0.dot) }) else { return }
    replace(shown.dots, with: dot, said.value)
    shown.dots = [dot]
  }
}
