/// What a walk over the disk beside the index has found worth a look.
package enum Finding: Sendable {
  /// An object that is not plainly what its row says.
  case object(SurveyedObject)
  /// A row whose object was not met.
  case missing(TreePath)
  /// A directory that could not be listed.
  case unlisted(TreePath, DiskTrouble)
  /// A row below a directory that could not be listed.
  case unseen(TreePath)
  /// A directory with an entry whose path would be too long.
  case tooLong(TreePath)
}

/// One object that the group holds, as a survey has met it.
package struct SurveyedObject: Sendable {
  package let path: TreePath
  package let stat: FileStat
  /// Whether the index has a row of the path.
  package let hasRow: Bool
  /// What looking at it gave, if that was done already.
  package var observed: Result<Observation, DiskTrouble>?

  package init(path: TreePath, stat: FileStat, hasRow: Bool) {
    (self.path, self.stat, self.hasRow) = (path, stat, hasRow)
  }
}

/// A stretch of a survey.
package struct SurveyPart: Sendable {
  /// In path order.
  package var findings: [Finding] = []
  /// Objects that are plainly unchanged: the stat is the one that the row says, no state of the row
  /// asks for more, and the group ignores what it ignored then.
  package var unchanged = 0

  package init() {}
}

/// Walks over a disk beside the index as fast as it can, and tells what is not plainly unchanged.
package protocol Surveyor {
  /// Begins at what stands below a directory that a walk begins at.
  func survey(
    below anchor: TreePath, of group: Group, _ selection: Selection
  ) throws(Failure) -> any Survey
  /// The lists of large contents that its surveys have hashed since the last call.
  func takeChunkLists() -> [KeptChunks]
}

/// A survey under way: one directory that a walk begins at.
package protocol Survey: AnyObject {
  /// The next stretch; nil at the end. The index may be written between two calls, but for rows
  /// beyond what was told of.
  func next() throws(Failure) -> SurveyPart?
}
