package import Model

/// The way to this host's state for sessions that run at the same time: one at a time inside.
package protocol Ledger: AnyObject, Sendable {
  /// Runs `body` while nobody else reads or writes the state. Never waits for a peer inside.
  func with<Result>(_ body: (any Store) throws(Failure) -> Result) throws(Failure) -> Result
  /// Takes the content of a path upon this session, so that no two fetch it at once.
  func claim(_ group: String, _ path: TreePath) -> Bool
  func release(_ group: String, _ path: TreePath)
  /// How often that was done, by all sessions.
  var releases: Int { get }
  /// Waits until more has been released than these, at most a second. Returns whether it has.
  func awaitRelease(after releases: Int) -> Bool
}

/// A group as one session sees it.
package struct SessionGroup: Sendable {
  package var group: Group
  package var selection: Selection
  /// Of the group's canonical text.
  package var configuration: Digest
  /// How many steps of history a path keeps on this host.
  package var steps = Keeping().steps

  package init(group: Group, selection: Selection, configuration: Digest) {
    self.group = group
    self.selection = selection
    self.configuration = configuration
  }

  package var name: String { group.name }

  /// The same for a purpose: a comparison is about files that are never synced as well, and what
  /// an adoption finds is no change that commands follow.
  package func asked(for purpose: Purpose) -> SessionGroup {
    var out = self
    switch purpose {
    case .verify: out.selection = Selection(group: group, comparing: true)
    case .adopt: out.group.actions = []
    case .synchronise, .forecast: break
    }
    return out
  }
}
