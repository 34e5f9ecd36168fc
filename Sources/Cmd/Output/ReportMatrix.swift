import Model
import Transport

/// For one group: how many records each host knows that another one lacks, as far as this host was
/// told.
struct ReportMatrix {
  var group: String
  var hosts: [String]
  /// `lacking[knows][lacks]`; nil where the knowledge of one of the two is unknown.
  var lacking: [[Int?]]

  static func make(_ node: Node, _ group: SessionGroup) throws(Failure) -> ReportMatrix {
    let hosts = group.group.members.map(\.name)
    return try node.real.with { store throws(Failure) in
      var knowledge: [VersionVector?] = []
      for host in hosts {
        knowledge.append(
          host == node.name
            ? try store.knowledge(group.name) : try store.member(host, group.name)?.knowledge)
      }
      var matrix = ReportMatrix(
        group: group.name, hosts: hosts, lacking: hosts.map { _ in hosts.map { _ in nil } })
      var open: [(knows: Int, lacks: Int)] = []
      for (row, known) in knowledge.enumerated() {
        for (column, other) in knowledge.enumerated() where row != column {
          guard let known, let other else { continue }
          if hosts[row] == node.name {
            matrix.lacking[row][column] = try store.countNotCovered(group.name, by: other)
          } else {
            matrix.lacking[row][column] = 0
            if !other.covers(known) { open.append((row, column)) }
          }
        }
      }
      try matrix.count(open, knowledge, store)
      return matrix
    }
  }

  /// One walk over the records, for the pairs of other hosts whose knowledge differs.
  private mutating func count(
    _ pairs: [(knows: Int, lacks: Int)], _ knowledge: [VersionVector?], _ store: any Store
  ) throws(Failure) {
    guard !pairs.isEmpty else { return }
    var last: TreePath?
    while true {
      let batch = try store.entries(group, after: last, limit: 1_000)
      guard let end = batch.last else { return }
      last = end.path
      for entry in batch {
        let covered = knowledge.map { $0?.covers(entry.record.vector) ?? false }
        for pair in pairs where covered[pair.knows] && !covered[pair.lacks] {
          lacking[pair.knows][pair.lacks] = (lacking[pair.knows][pair.lacks] ?? 0) + 1
        }
      }
    }
  }
}
