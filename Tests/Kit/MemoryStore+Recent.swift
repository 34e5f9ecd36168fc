package import Model

// What lacks and what is open, by looking at every entry.
extension MemoryStore {
  package func openCounts(_ group: String) throws(Failure) -> OpenCounts {
    var counts = OpenCounts()
    for entry in all(group) { counts.add(1, entry.state) }
    return counts
  }

  package func counts(_ group: String) throws(Failure) -> GroupCounts {
    let open = try openCounts(group)
    return GroupCounts(live: all(group).count - open.tombstones - open.leftOut, open: open)
  }

  package func entries(
    _ group: String, beyond subtree: TreePath?, after: TreePath?, before end: TreePath?,
    limit: Int
  ) throws(Failure) -> [Entry] {
    let found = all(group).filter { entry in
      let isBeyond = subtree.map { $0 < entry.path && !entry.path.isBelow($0) } ?? true
      return isBeyond && after.map { $0 < entry.path } ?? true
        && end.map { entry.path < $0 } ?? true
    }
    return Array(found.prefix(limit))
  }

  package func entries(
    _ group: String, notCoveredBy known: VersionVector, after: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    let lacking = all(group).filter { entry in
      !known.covers(entry.record.vector) && after.map { $0 < entry.path } ?? true
    }
    return Array(lacking.prefix(limit))
  }

  package func countNotCovered(
    _ group: String, by known: VersionVector
  ) throws(Failure) -> Int {
    all(group).count { !known.covers($0.record.vector) }
  }
}
