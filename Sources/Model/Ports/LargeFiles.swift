/// The part of a disk that moves large contents: in stretches, from what is there, and on from
/// where a dead session stopped.
package protocol LargeFiles: AnyObject {
  /// Begins a file of `size` bytes with this digest for `path`, or goes on with what an earlier run
  /// left of it. What was left of other contents for the path is removed.
  ///
  /// - Returns: How many of its bytes are there. They are proven only with the whole, by `finish`.
  func stagePart(
    _ digest: Digest, for path: TreePath, size: UInt64
  ) throws(DiskTrouble) -> (stage: StageHandle, there: UInt64)
  /// Appends what `source` holds from `offset` on; `stat` is what it must still be (`busy`
  /// otherwise).
  func append(
    copying source: TreePath, stat: FileStat, offset: UInt64, count: UInt64, to stage: StageHandle
  ) throws(DiskTrouble)
  /// Appends zeros that take no room.
  func append(hole count: UInt64, to stage: StageHandle) throws(DiskTrouble)
  /// How far from `offset` a file goes on as it is there: as a hole, or as data.
  func extent(
    _ path: TreePath, stat: FileStat, offset: UInt64
  ) throws(DiskTrouble) -> (isHole: Bool, count: UInt64)
  /// The lists of large contents that were hashed since the last call.
  func takeChunkLists() -> [KeptChunks]
}

/// What every disk can do: without holes, without lists, from the beginning.
extension LargeFiles where Self: Disk {
  package func stagePart(
    _ digest: Digest, for path: TreePath, size: UInt64
  ) throws(DiskTrouble) -> (stage: StageHandle, there: UInt64) {
    (try stage(for: path, size: size), 0)
  }

  package func append(
    copying source: TreePath, stat: FileStat, offset: UInt64, count: UInt64, to stage: StageHandle
  ) throws(DiskTrouble) {
    var done: UInt64 = 0
    while done < count {
      let bytes = try read(
        source, stat: stat, offset: offset + done, count: Int(min(count - done, 1 << 20)))
      guard !bytes.isEmpty else { throw .busy }
      try append(bytes, to: stage)
      done += UInt64(bytes.count)
    }
  }

  package func append(hole count: UInt64, to stage: StageHandle) throws(DiskTrouble) {
    var rest = count
    while rest > 0 {
      let part = min(rest, 1 << 20)
      try append([UInt8](repeating: 0, count: Int(part)), to: stage)
      rest -= part
    }
  }

  package func extent(
    _ path: TreePath, stat: FileStat, offset: UInt64
  ) throws(DiskTrouble) -> (isHole: Bool, count: UInt64) {
    (false, stat.size - min(stat.size, offset))
  }

  package func takeChunkLists() -> [KeptChunks] { [] }
}
