/// Who owns what belongs to somebody unknown on this host.
package enum UnknownOwner: Hashable, Sendable {
  /// The owner is held back until the name is known.
  case hold
  /// Whoever has the number that the owner has on the author's host.
  case numeric
  /// The user (or group) of this name.
  case map(String)
}

/// Which hosts keep what others delete.
package enum NoDelete: Hashable, Sendable {
  case nowhere
  case everywhere
  /// Names in lower case.
  case on(Set<String>)
}

/// From how many deletions on a scan asks, whichever bound is reached first.
package struct MaxDelete: Hashable, Sendable {
  /// More than so many objects.
  package var objects: Int?
  /// More than this part of the group's objects, from 0 to 100.
  package var percent: Int?

  package init(objects: Int? = nil, percent: Int? = nil) {
    self.objects = objects
    self.percent = percent
  }
}
