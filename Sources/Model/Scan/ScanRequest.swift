/// What a scan is asked for.
package struct ScanRequest: Sendable {
  /// Only these paths and what is below them; empty: the whole group.
  package var paths: [TreePath]
  /// The operator has said that the deletions are meant.
  package var acceptsDeletions: Bool
  /// Directories among the paths are looked at alone, without what is in them. Without paths only
  /// the roots are looked at, whether they can be used, and nothing is recorded.
  package var isShallow: Bool
  /// What is found claims nothing: it stands beside what is recorded, and supersedes none of it.
  /// What is missing was never deleted.
  package var isInitial: Bool
  /// Read every byte again instead of trusting time stamps.
  package var isDeep: Bool
  /// What to do with files that are again what they were before.
  package var reverts: Reverts
  /// The user on whose command; empty: nobody's, or not known.
  package var actor: String
  /// How many steps of history a path keeps.
  package var steps: Int

  /// Whether all of the group is looked at.
  package var isWhole: Bool { paths.isEmpty && !isShallow }

  /// An answer to `Question.reverts`, given beforehand.
  package enum Reverts: Hashable, Sendable {
    /// A few are changes like others; many are a question.
    case ask
    /// They are meant.
    case accept
    /// They are not: what is recorded comes back.
    case discard
  }

  package init(
    paths: [TreePath] = [], isShallow: Bool = false, acceptsDeletions: Bool = false,
    isInitial: Bool = false, isDeep: Bool = false, reverts: Reverts = .ask, actor: String = "",
    steps: Int = Keeping().steps
  ) {
    self.paths = paths
    self.isShallow = isShallow
    self.isInitial = isInitial
    self.acceptsDeletions = acceptsDeletions
    self.isDeep = isDeep
    self.reverts = reverts
    self.actor = actor
    self.steps = steps
  }
}

/// What a scan has found.
package struct ScanReport: Hashable, Sendable {
  /// Events minted: paths that changed here.
  package var events = 0
  /// Objects looked at.
  package var objects = 0
  package var problems: [Problem] = []
  /// Why the group must not be synchronised before somebody has looked; nothing was recorded.
  package var question: Question?
  /// Changed paths, for `-v` and dry runs; deletions marked.
  package var changes: [ScanChange] = []
  /// Files that were again what they had been, and get back what is recorded.
  package var discarded: [TreePath] = []
  /// Paths that were found changed on a host that only receives, and were not before.
  package var localOnly: [TreePath] = []

  package init() {}
}

/// One path that was found changed.
package struct ScanChange: Hashable, Sendable {
  package var path: TreePath
  package var isDeletion: Bool
}

/// Something too dangerous to do unasked.
package enum Question: Hashable, Sendable {
  /// `gone` of `known` objects of the group are not there any more; with the limit that the group
  /// sets, in words, or empty.
  case massDeletion(gone: Int, known: Int, limit: String)
  /// `count` files, of `known` objects, are again what they were before: a backup was restored.
  case reverts(count: Int, known: Int)
  /// The root is an empty directory and was not one before.
  case emptied(TreePath)
  /// Another file system was mounted there below a root, and is not any more.
  case unmounted(TreePath)
  /// The root is not there, or cannot be reached: with the reason. No answer makes it a deletion.
  case rootMissing(TreePath, String)
}
