/// One path that has to change on this disk, and the bytes for it if it needs any.
package struct Work: Hashable, Sendable {
  package var path: TreePath
  /// A complete staged file; nil if the verdict needs no content.
  package var stage: StagedContent?

  package init(path: TreePath, stage: StagedContent? = nil) {
    self.path = path
    self.stage = stage
  }
}

/// A file that has arrived whole, and whose digest has been computed from what was written.
package struct StagedContent: Hashable, Sendable {
  package var handle: StageHandle
  package var digest: Digest
  package var size: UInt64

  package init(handle: StageHandle, digest: Digest, size: UInt64) {
    self.handle = handle
    self.digest = digest
    self.size = size
  }
}

/// What a batch has done.
package struct ApplyReport: Hashable, Sendable {
  /// Paths that were created or changed.
  package var installed: [TreePath] = []
  package var removed: [TreePath] = []
  /// Paths where somebody had changed something meanwhile: it was kept and recorded.
  package var overtaken: [TreePath] = []
  package var problems: [Problem] = []

  package init() {}

  package mutating func add(_ other: ApplyReport) {
    installed += other.installed
    removed += other.removed
    overtaken += other.overtaken
    problems += other.problems
  }
}
