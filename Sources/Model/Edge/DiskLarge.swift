import CLinux
import Glibc
package import Model
import Synchronization

// Large contents: in stretches, and on from where a dead session stopped.
extension LinuxDisk {
  /// What is copied between two looks at what was written, in bytes.
  private static let stretch: UInt64 = 4 << 20

  package func stagePart(
    _ digest: Digest, for path: TreePath, size: UInt64
  ) throws(DiskTrouble) -> (stage: StageHandle, there: UInt64) {
    let area = try area(for: path)
    let name = PartName(path, digest)
    dropParts(like: name, in: area)
    guard let hold = PartHold(name.name, in: area),
      let file = try? Descriptor(cl_open_part(area.number, name.name.bytes))
    else { return (try stage(for: path, size: size), 0) }
    let stage = Stage(area: area, part: name.name, file: file, size: size, hold)
    do throws(DiskTrouble) {
      let there = try reporting { () throws(SystemError) in try Sighting(file).stat }.size
      let kept = there <= size ? there : 0
      if kept < there {
        _ = try reporting { () throws(SystemError) in try checked(cl_set_size(file.number, 0)) }
      }
      try area.reserve(size - kept)
      let handle = register(stage)
      try take(kept, back: stage, file)
      return (handle, kept)
    } catch {
      stages = stages.filter { $0.value !== stage }
      stage.discard()
      throw error
    }
  }

  package func append(
    copying source: TreePath, stat: FileStat, offset: UInt64, count: UInt64, to handle: StageHandle
  ) throws(DiskTrouble) {
    guard let stage = stages[handle], let file = stage.file, !stage.isBroken else {
      throw .refused("the staged file is not open")
    }
    guard count <= stat.size, offset <= stat.size - count else { throw .busy }
    let from = try openForReading(source, stat: stat)
    do throws(DiskTrouble) {
      var done: UInt64 = 0
      while done < count {
        let (isHole, length) = try extent(from, offset: offset + done, end: offset + count)
        guard length > 0 else { throw .busy }
        if isHole {
          stage.takeZeros(length)
          done += length
        } else {
          done += try copy(
            from, offset + done, min(length, Self.stretch), to: stage, file)
        }
      }
      let after = try reporting { () throws(SystemError) in try Sighting(from).stat }
      guard after.isUnchanged(since: stat) else { throw .busy }
    } catch {
      stage.isBroken = true
      reader = nil
      throw error
    }
  }

  package func append(hole count: UInt64, to handle: StageHandle) throws(DiskTrouble) {
    guard let stage = stages[handle], stage.file != nil, !stage.isBroken else {
      throw .refused("the staged file is not open")
    }
    stage.takeZeros(count)
  }

  package func extent(
    _ path: TreePath, stat: FileStat, offset: UInt64
  ) throws(DiskTrouble) -> (isHole: Bool, count: UInt64) {
    try extent(openForReading(path, stat: stat), offset: offset, end: stat.size)
  }

  package func takeChunkLists() -> [KeptChunks] {
    defer { chunkLists = [] }
    return chunkLists
  }

  func noteChunks(_ list: ChunkList, of digest: Digest) {
    chunkLists.append(KeptChunks(digest: digest, list: list))
  }

  private func extent(
    _ file: Descriptor, offset: UInt64, end: UInt64
  ) throws(DiskTrouble) -> (isHole: Bool, count: UInt64) {
    var isHole: Int32 = 0
    let count = try reporting { () throws(SystemError) in
      try checked(cl_extent(file.number, offset, end, &isHole))
    }
    return (isHole != 0, UInt64(count))
  }

  /// Copies one stretch, or a part of it, and takes in what stands in the staged file afterwards:
  /// that is what its digest has to prove. Returns how many bytes.
  private func copy(
    _ source: Descriptor, _ offset: UInt64, _ count: UInt64, to stage: Stage, _ file: Descriptor
  ) throws(DiskTrouble) -> UInt64 {
    let start = stage.written
    let copied = try reporting { () throws(SystemError) in
      try checked(cl_copy(file.number, source.number, offset, start, Int(count)))
    }
    guard copied > 0 else { throw .busy }
    try take(UInt64(copied), back: stage, file)
    return UInt64(copied)
  }

  /// Takes in bytes that stand behind what a staged file has taken in so far.
  private func take(
    _ count: UInt64, back stage: Stage, _ file: Descriptor
  ) throws(DiskTrouble) {
    let end = stage.written + count
    while stage.written < end {
      let got = try reporting { () throws(SystemError) in
        try stage.digesting.take(from: file, at: stage.written, end: end)
      }
      guard got > 0 else { throw .busy }
      stage.written += UInt64(got)
    }
    stage.startWriting()
    stage.filled = max(stage.filled, end)
  }

  /// Removes what was left of other contents for the same path.
  private func dropParts(like name: PartName, in area: StagingArea) {
    let own = name.name
    let left = try? listing(area.directory.descriptor) { $0.starts(with: name.stem) }
    for item in left ?? []
    where Name(item.name) != own && !stages.values.contains(where: { $0.name == Name(item.name) }) {
      area.discard(Name(item.name))
    }
  }
}

extension Digesting {
  /// Takes in a block of an open file. Returns how many bytes: 0 if it ends before `end`.
  func take(
    from file: Descriptor, at offset: UInt64, end: UInt64
  ) throws(SystemError) -> Int {
    try take(end - offset) { room throws(SystemError) in
      try checked(cl_read_at(file.number, room.baseAddress, room.count, offset))
    }
  }
}

extension Stage {
  /// Bytes that were written behind the others.
  func take(_ bytes: [UInt8]) {
    digesting.update(bytes)
    written += UInt64(bytes.count)
  }

  /// Zeros that were not written.
  func takeZeros(_ count: UInt64) {
    let zeros = [UInt8](repeating: 0, count: Int(min(count, 1 << 20)))
    var rest = count
    while rest > 0 {
      let part = min(rest, UInt64(zeros.count))
      take(part == UInt64(zeros.count) ? zeros : Array(zeros.prefix(Int(part))))
      rest -= part
    }
  }
}

/// Parts that this process writes to, by their directory and name.
private let heldParts = Mutex<Set<[UInt8]>>([])

/// While it lives, nobody else in this process goes on with a part.
final class PartHold {
  private let key: [UInt8]

  init?(_ name: Name, in area: StagingArea) {
    guard let directory = try? Sighting(area.directory.descriptor).stat else { return nil }
    key = Array("\(directory.device) \(directory.inode) ".utf8) + name.bytes
    guard heldParts.withLock({ [key] in $0.insert(key).inserted }) else { return nil }
  }

  deinit { heldParts.withLock { [key] in _ = $0.remove(key) } }
}

/// What a file in staging is called that a later session may go on with: by its path and its
/// content.
struct PartName {
  private static let prefix = Array("part-".utf8)
  /// How long one is kept that nobody goes on with.
  private static let seconds: Int64 = 3 * 86_400

  /// What the names of all parts for the path begin with.
  let stem: [UInt8]
  let name: Name

  init(_ path: TreePath, _ digest: Digest) {
    let place = hexadecimal(Array(sha256(path.key).bytes.prefix(12)))
    stem = Self.prefix + Array(place.utf8) + [UInt8(ascii: "-")]
    name = Name(stem + Array(hexadecimal(digest.bytes).utf8))
  }

  /// Whether it is a part that was written to not long ago.
  static func isFresh(_ item: DirectoryItem) -> Bool {
    guard item.name.starts(with: prefix), item.stat.kind == .file else { return false }
    return item.stat.modified.seconds > Int64(time(nil)) - seconds
  }
}
