/// What of one register is on this disk now.
package struct ShownValue<Value: RegisterValue>: Hashable, Sendable {
  /// The events that the disk shows, sorted. A local change supersedes just these.
  package var dots: [Dot]
  /// What is applied. It differs from what the events say where this host cannot apply that; only a
  /// change relative to the applied value is a local event.
  package var value: Value

  package init(dots: [Dot], value: Value) {
    self.dots = dots
    self.value = value
  }
}

/// What of one path is on this disk now, register by register.
package struct Shown: Hashable, Sendable {
  package var content: ShownValue<Content>
  /// Nil while nothing is on the disk.
  package var attributes: ShownAttributes?

  package init(content: ShownValue<Content>, attributes: ShownAttributes?) {
    self.content = content
    self.attributes = attributes
  }

  /// Nothing on the disk, and no event that says so.
  package static let nothing = Shown(content: .init(dots: [], value: .absent), attributes: nil)
}

/// What of the attributes of one path is on this disk now.
package struct ShownAttributes: Hashable, Sendable {
  package var mode: ShownValue<Mode>
  package var owner: ShownValue<Owner>
  package var acl: ShownValue<AccessList>

  package init(mode: ShownValue<Mode>, owner: ShownValue<Owner>, acl: ShownValue<AccessList>) {
    self.mode = mode
    self.owner = owner
    self.acl = acl
  }

  /// Whether every event of each is shown.
  func shows(_ record: Record) -> Bool {
    mode.shows(record.mode) && owner.shows(record.owner) && acl.shows(record.acl)
  }

  /// What is applied.
  package var applied: Attributes {
    Attributes(mode: mode.value, owner: owner.value, acl: acl.value)
  }
}

extension Shown {
  /// Whether this disk knows that nothing should be here, and has something there all the same.
  func stands(against record: Record) -> Bool {
    record.isTombstone && !content.dots.isEmpty && content.dots == record.content.dots
  }
}

extension ShownValue {
  /// The same value on the disk, seen against a register that has moved on: a host that shows a
  /// value shows all events that say the same.
  package func reread(in register: Register<Value>) -> ShownValue {
    // Nearly always: one event, and it is shown.
    if let only = register.only, dots.count == 1, dots.first == only.dot { return self }
    let said = register.siblings.filter { dots.contains($0.dot) }.map(\.value)
    let now = register.siblings.filter { sibling in
      sibling.value.agrees(with: value) || said.contains { $0.agrees(with: sibling.value) }
    }
    return ShownValue(dots: now.map(\.dot), value: value)
  }

  /// Whether every event of the register is shown.
  package func shows(_ register: Register<Value>) -> Bool {
    register.siblings.allSatisfy { dots.contains($0.dot) }
  }
}

extension Shown {
  /// This disk's state, unchanged, against the record after a join.
  package func reread(in record: Record) -> Shown {
    Shown(
      content: content.reread(in: record.content),
      attributes: attributes.map {
        ShownAttributes(
          mode: $0.mode.reread(in: record.mode), owner: $0.owner.reread(in: record.owner),
          acl: $0.acl.reread(in: record.acl))
      })
  }
}
