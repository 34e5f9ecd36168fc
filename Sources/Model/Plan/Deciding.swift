// A policy decides an entry: what is shown changes, and no event is minted.

extension Entry {
  /// Brings the entry up to its record and lets the policy have its say. To be called whenever the
  /// record has become another one, in the same transaction.
  package mutating func decide(by policy: Policy) {
    refresh()
    guard decided != nil || record.isConflict else { return }
    let new = decision(by: policy)
    if new == decided { return }
    replaceDecision(new)
  }

  private func decision(by policy: Policy) -> Decision? {
    let method = policy.method(for: path)
    // What was merged stays as long as it is about what is in conflict: `refresh` sees to that.
    if method == .merge { return decided?.isMerged == true ? decided : nil }
    guard let values = record.decided(by: method, policy.order) else { return nil }
    return Decision(values: values, dots: record.dots(in: values.fields))
  }

  /// Decides a conflict of the content for a file that was made out of all siblings. Its attributes
  /// stay as they are, in conflict or not.
  package mutating func decideMerged(_ file: FileContent) {
    guard record.content.isConflict, !record.hasTwins else { return }
    replaceDecision(
      Decision(
        values: ResolvedValues(content: .file(file)), dots: record.content.dots, isMerged: true))
  }

  private mutating func replaceDecision(_ new: Decision?) {
    dropDecision()
    decided = new
    refresh()
  }

  /// Forgets a decision that is not about what is in conflict any more.
  mutating func dropStaleDecision() {
    if let decided, !decided.holds(for: record) { dropDecision() }
  }

  /// Without its decision the disk shows no more than what it says itself: whoever edits it then
  /// has seen the winner alone. A merged file says what all of its siblings say.
  private mutating func dropDecision() {
    guard let old = decided else { return }
    decided = nil
    if let value = old.values.content, !old.isMerged {
      shown.content = shown.content.alone(in: record.content, standingFor: value)
    }
    guard var attributes = shown.attributes else { return }
    if let value = old.values.mode {
      attributes.mode = attributes.mode.alone(in: record.mode, standingFor: value)
    }
    if let value = old.values.owner {
      attributes.owner = attributes.owner.alone(in: record.owner, standingFor: value)
    }
    if let value = old.values.acl {
      attributes.acl = attributes.acl.alone(in: record.acl, standingFor: value)
    }
    shown.attributes = attributes
  }
}

extension ShownValue {
  /// Of the events shown, those that say what is applied, or what that stands for.
  fileprivate func alone(in register: Register<Value>, standingFor value: Value) -> ShownValue {
    let own = register.siblings.filter { sibling in
      dots.contains(sibling.dot)
        && (sibling.value.agrees(with: self.value) || sibling.value.agrees(with: value))
    }
    return ShownValue(dots: own.map(\.dot), value: self.value)
  }
}
