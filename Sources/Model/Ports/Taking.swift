/// What of the attributes that others wish for a disk takes, as the group says.
package struct Taking: Hashable, Sendable {
  /// Set-user-id and set-group-id bits come from other hosts.
  package var setID: Bool
  package var unknownOwner: UnknownOwner
  package var ignored: Set<Settings.Ignored>

  package init(
    setID: Bool = false, unknownOwner: UnknownOwner = .hold,
    ignored: Set<Settings.Ignored> = []
  ) {
    self.setID = setID
    self.unknownOwner = unknownOwner
    self.ignored = ignored
  }

  package init(_ group: Group) {
    self.init(
      setID: group.takesSetID, unknownOwner: group.unknownOwner, ignored: group.ignored)
  }
}
