/// Where copies of what is replaced are kept, and how many of each path.
package struct BackupPlace: Hashable, Sendable {
  /// Absolute, on this host's disk.
  package var directory: [UInt8]
  /// At least 1.
  package var generations: Int

  package init(directory: [UInt8], generations: Int) {
    self.directory = directory
    self.generations = generations
  }
}

extension Group {
  /// How many generations are kept if the configuration does not say.
  package static let usualBackupGenerations = 3

  /// Where this group keeps copies of what it replaces; nil: nowhere.
  package var backupPlace: BackupPlace? {
    let generations = backupGenerations?.value ?? Self.usualBackupGenerations
    guard let directory = backupDirectory?.value, generations > 0 else { return nil }
    return BackupPlace(directory: Array(directory.utf8), generations: generations)
  }
}

/// A copy that is to be put back: what it is, and for a file its bytes, staged and whole.
package struct StagedBackup: Hashable, Sendable {
  package var observation: Observation
  package var stage: StageHandle?

  package init(observation: Observation, stage: StageHandle? = nil) {
    self.observation = observation
    self.stage = stage
  }
}

/// Copies of what is about to be replaced or removed.
package protocol Backups: AnyObject {
  /// Copies the files and links that stand in the places of prepared installations: content, owner,
  /// mode, access list and modification time. On return the copies are durable.
  ///
  /// - Returns: One answer each, in order: nil if it is kept, or if something else stands there
  ///   than was expected by now (then nothing will be replaced); otherwise why it is not.
  func backUp(_ items: [PreparedInstallation], in place: BackupPlace) -> [DiskTrouble?]

  /// Stages a copy for the place that it was made of; nil if there is none of that generation
  /// (1: the newest).
  func stageBackup(
    of path: TreePath, generation: Int, in place: BackupPlace
  ) throws(DiskTrouble) -> StagedBackup?

  /// Whether the path leads into a directory of copies: nothing there is synced.
  func keepsBackups(at path: TreePath) -> Bool
}
