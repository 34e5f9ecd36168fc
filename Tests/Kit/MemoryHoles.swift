package import Model

extension MemoryDisk {
  package func extent(
    _ path: TreePath, stat: FileStat, offset: UInt64
  ) throws(DiskTrouble) -> (isHole: Bool, count: UInt64) {
    guard let hole = tree.holes[path], offset < hole.upperBound else {
      return (false, stat.size - min(stat.size, offset))
    }
    return hole.contains(offset)
      ? (true, hole.upperBound - offset) : (false, hole.lowerBound - offset)
  }
}
