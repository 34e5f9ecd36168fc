package import Model

extension Shown {
  /// What the disk shows after a join: a settled register is applied and all of its events are
  /// shown; one in conflict leaves the disk as it is.
  ///
  /// Where there is nothing yet to carry attributes that are in conflict, the one of the greatest
  /// event is applied.
  ///
  /// - Parameter heldOwner: The owner that this host cannot apply; owner 0 stands in for it.
  package func displaying(_ record: Record, heldOwner: Owner? = nil) -> Shown {
    let kept = reread(in: record)
    if record.isTombstone {
      return Shown(content: .init(dots: record.content.dots, value: .absent), attributes: nil)
    }
    var content = kept.content
    if let settled = record.content.settled {
      content = ShownValue(dots: record.content.dots, value: settled)
    }
    if content.value.isAbsent { return Shown(content: content, attributes: nil) }
    var owner = applied(record.owner, kept.attributes?.owner, none: Owner.nobody)
    if owner.value == heldOwner, kept.attributes?.owner.value != heldOwner {
      owner.value = Owner.nobody
      if record.owner.isConflict {
        owner = ShownValue(dots: [], value: Owner.nobody).reread(in: record.owner)
      }
    }
    return Shown(
      content: content,
      attributes: ShownAttributes(
        mode: applied(record.mode, kept.attributes?.mode, none: Mode(bits: 0)), owner: owner,
        acl: applied(record.acl, kept.attributes?.acl, none: AccessList.none)))
  }

  private func applied<Value>(
    _ register: Register<Value>, _ kept: ShownValue<Value>?, none: Value
  ) -> ShownValue<Value> {
    if let settled = register.settled { return ShownValue(dots: register.dots, value: settled) }
    if let kept { return kept }
    guard let last = register.siblings.last else { return ShownValue(dots: [], value: none) }
    return ShownValue(dots: [], value: last.value).reread(in: register)
  }
}

extension Owner {
  fileprivate static let nobody = Owner(user: .number(0), group: .number(0))
}
