import Model
import Transport

/// All that a report tells, gathered before a word of it is written.
struct ReportData {
  var host: String
  var status: StatusReport
  var matrices: [ReportMatrix]
  var conflicts: [ReportConflict]
  var runs: [RunFigures]

  /// Conflicts with all their versions; further ones are named.
  static let fullConflicts = 50

  static func make(_ node: Node) throws(Failure) -> ReportData {
    let status = try StatusReport.make(node)
    let texts = ReportTexts(node: node)
    var matrices: [ReportMatrix] = []
    for group in node.sessionGroups { matrices.append(try ReportMatrix.make(node, group)) }
    var conflicts: [ReportConflict] = []
    for (index, open) in status.conflicts.enumerated() {
      var item = ReportConflict(open: open, path: node.localPath(open.conflict.path), texts: [])
      if index < fullConflicts {
        for version in open.conflict.versions {
          item.texts.append(try texts.text(of: version, open.conflict.group))
        }
        item.canMerge = node.prospect(of: open.conflict).canMerge
      }
      conflicts.append(item)
    }
    let runs = try node.real.with { store throws(Failure) in try store.runs() }
    return ReportData(
      host: node.name, status: status, matrices: matrices, conflicts: conflicts, runs: runs)
  }
}

/// A conflict and what its versions say, as far as it is at hand.
struct ReportConflict {
  var open: OpenConflict
  var path: [UInt8]
  /// One for each version; empty if the conflict is only named.
  var texts: [ReportText]
  /// Whether no two changes meet.
  var canMerge = false
}

/// What can be shown of a version.
enum ReportText {
  case text([UInt8])
  /// Why there is no text.
  case none(String)
}

/// Where the texts of versions come from.
struct ReportTexts {
  /// Longer ones are not shown.
  static let byteLimit = 1 << 20

  let node: Node

  func text(of version: ConflictVersion, _ group: String) throws(Failure) -> ReportText {
    switch version.values.content {
    case .absent?: return .none("deleted")
    case .directory?: return .none("a directory")
    case .symlink?: return .none("a link")
    case .fifo?: return .none("a FIFO")
    case nil: return .none("unknown")
    case .file(let file)?:
      guard file.size <= Self.byteLimit else { return .none("too long to be shown here") }
      guard let bytes = try node.bytes(of: file.digest, size: file.size, group) else {
        return .none("not at hand on this host")
      }
      return looksBinary(bytes) ? .none("no text") : .text(bytes)
    }
  }
}
