/// What is replaced is copied first.
extension Applier {
  typealias Ready = (step: Step, prepared: PreparedInstallation)

  /// The steps that may go on: those that destroy nothing, and those whose copy is durable.
  mutating func backedUp(_ ready: [Ready]) -> [Ready] {
    guard let place = configured.backupPlace else { return ready }
    let destroying = ready.indices.filter { ready[$0].step.installation.destroys }
    guard !destroying.isEmpty else { return ready }
    let answers = disk.backUp(destroying.map { ready[$0].prepared }, in: place)
    var refused: Set<Int> = []
    for (index, trouble) in zip(destroying, answers) {
      guard let trouble else { continue }
      refused.insert(index)
      report.problems.append(
        Problem(withoutBackup: ready[index].step.entry.path, group, trouble, place))
    }
    return ready.indices.filter { !refused.contains($0) }.map { ready[$0] }
  }
}

extension Problem {
  /// What is at the path stays, because no copy of it could be made.
  init(
    withoutBackup path: TreePath, _ group: String, _ trouble: DiskTrouble, _ place: BackupPlace
  ) {
    let directory = escaped(place.directory)
    let remedy =
      switch trouble {
      case .full: "make room in \(directory) and sync again"
      case .busy, .vanished: "the next run tries again"
      default: "make \(directory) a directory of root's that only root can write, and sync again"
      }
    self.init(
      group: group, path: path, "not updated",
      "what is here could not be backed up below \(directory): \(trouble.reason)", remedy: remedy)
  }
}

extension Installation {
  /// Whether a content that is there now goes away by it.
  package var destroys: Bool {
    guard let kind = expected?.kind, kind == .file || kind == .symlink else { return false }
    if case .unchangedFile = body { return false }
    return true
  }
}
