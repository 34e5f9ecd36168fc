/// What is deleted elsewhere and stays on this disk, because `no-delete` says so: the record is the
/// tombstone, as on every host, and what is shown of it is the object.
extension Entry {
  package var isKeptDeleted: Bool {
    guard state.contains(.keptDeleted), isGone, !shown.content.value.isAbsent else { return false }
    return record.content.isEmpty || shown.content.dots == record.content.dots
  }

  /// Lets the object stand: the deletion is known, and nothing is left to do.
  package mutating func keepDeleted() {
    shown.content.dots = record.content.dots
    state.insert(.keptDeleted)
    refresh()
  }

  /// Deletions are carried out here again.
  package mutating func giveUp() {
    state.remove(.keptDeleted)
    shown.content.dots = []
    refresh()
  }
}
