import Model
import Transport

/// All that a report tells, gathered before a word of it is written.
struct ReportData {
  var host: String
  var status: StatusReport
  var matrices: [ReportMatrix]
  var conflicts: [ReportConflict]
  var runs: [RunFigures]
  /// The latest first.
  var actions: [ActionRun]

  /// Conflicts with all their versions; further ones are named.
  static let fullConflicts = 50

  /// Longer texts are not shown.
  private static let textBytes: UInt64 = 1 << 20

  static func make(_ node: Node) throws(Failure) -> ReportData {
    let status = try StatusReport.make(node)
    var matrices: [ReportMatrix] = []
    for group in node.sessionGroups { matrices.append(try ReportMatrix.make(node, group)) }
    var conflicts: [ReportConflict] = []
    for (index, open) in status.conflicts.enumerated() {
      var item = ReportConflict(open: open, path: node.localPath(open.conflict.path), texts: [])
      if index < fullConflicts {
        for version in open.conflict.versions {
          item.texts.append(
            try node.bytes(of: version, open.conflict, limit: Self.textBytes))
        }
        item.canMerge = node.prospect(of: open.conflict).canMerge
      }
      conflicts.append(item)
    }
    let runs = try node.real.with { store throws(Failure) in try store.runs() }
    return ReportData(
      host: node.name, status: status, matrices: matrices, conflicts: conflicts, runs: runs,
      actions: try node.real.with { store throws(Failure) in try store.actionRuns().reversed() })
  }
}

/// A conflict and what its versions say, as far as it is at hand.
struct ReportConflict {
  var open: OpenConflict
  var path: [UInt8]
  /// One for each version; empty if the conflict is only named.
  var texts: [VersionText]
  /// Whether no two changes meet.
  var canMerge = false
}
