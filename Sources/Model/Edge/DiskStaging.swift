import CLinux
import Glibc
package import Model
import Synchronization

/// One for all disks of this process: a stage may go from one to another.
private let lastStage = Atomic<UInt64>(0)

/// A file under construction.
final class Stage {
  let area: StagingArea
  let name: Name
  /// Nil once it was closed to spare descriptors; then it has its name.
  var file: Descriptor?
  var isNamed: Bool
  /// What is computed of what is appended.
  let digesting: Digesting
  /// Whether it stays when its disk goes, so that a later session can go on with it.
  var isPart: Bool { hold != nil }
  private var hold: PartHold?
  var written: UInt64 = 0
  var digest: Digest?
  /// How far the kernel was told to begin with writing to the disk.
  private var begun: UInt64 = 0
  /// How far bytes were written: less than `written` if it ends in a hole.
  var filled: UInt64 = 0
  /// Whether a write failed: what is there is not what was hashed.
  var isBroken = false

  init(area: StagingArea, name: Name, size: UInt64) throws(SystemError) {
    digesting = Digesting(size: size)
    self.area = area
    self.name = name
    let made = try area.create(name)
    file = made.file
    isNamed = made.isNamed
    area.opened()
  }

  /// What an earlier session left, or a new file with a name.
  init(area: StagingArea, part name: Name, file: Descriptor, size: UInt64, _ hold: PartHold) {
    digesting = Digesting(size: size)
    self.area = area
    self.name = name
    self.file = file
    isNamed = true
    self.hold = hold
    area.soil()
    area.opened()
  }

  /// Has the kernel write a large content to the disk as it comes: the wait at the end, for all of
  /// it, is short then.
  func startWriting() {
    guard let file, written - begun >= Self.writingStep else { return }
    cl_start_writing(file.number, begun, written - begun)
    begun = written
  }

  private static let writingStep: UInt64 = 16 << 20

  /// Its disk goes.
  func abandon() {
    guard isPart, !isBroken else { return discard() }
    file = nil
    hold = nil
    area.closed()
  }

  func discard() {
    file = nil
    if isNamed { area.discard(name) }
    area.closed()
  }
}

extension LinuxDisk {
  /// Zeros that are left out of a staged file, so that a sparse one stays sparse.
  private static let holeSize = 65_536

  /// The staging area for the place of a path.
  func area(for path: TreePath) throws(DiskTrouble) -> StagingArea {
    let top = try tree.top(for: path)
    return try staging.area(for: top.directory, path: top.path)
  }

  package func stage(for path: TreePath, size: UInt64) throws(DiskTrouble) -> StageHandle {
    let area = try area(for: path)
    try area.reserve(size)
    let stage = try reporting { () throws(SystemError) in
      try Stage(area: area, name: staging.freshName(), size: size)
    }
    return register(stage)
  }

  func register(_ stage: Stage) -> StageHandle {
    let handle = StageHandle(number: lastStage.add(1, ordering: .relaxed).newValue)
    stages[handle] = stage
    return handle
  }

  package func give(_ handle: StageHandle, to other: any Disk) -> StageHandle {
    guard let other = other as? LinuxDisk, other !== self,
      let stage = stages.removeValue(forKey: handle)
    else { return handle }
    // What was written to it may be younger than what its area was last made durable for.
    stage.area.soil()
    if !other.givenAreas.contains(where: { $0 === stage.area }) {
      other.givenAreas.append(stage.area)
    }
    return other.register(stage)
  }

  package func append(_ bytes: [UInt8], to handle: StageHandle) throws(DiskTrouble) {
    guard let stage = stages[handle], let file = stage.file, !stage.isBroken else {
      throw .refused("the staged file is not open")
    }
    do {
      stage.filled = max(stage.filled, try write(bytes, to: file, at: stage.written))
    } catch {
      stage.isBroken = true
      throw error.trouble
    }
    stage.take(bytes)
    stage.startWriting()
  }

  package func finish(_ handle: StageHandle) throws(DiskTrouble) -> (digest: Digest, size: UInt64) {
    guard let stage = stages[handle], !stage.isBroken else {
      throw .refused("the staged file is not whole")
    }
    if let digest = stage.digest { return (digest, stage.written) }
    guard let file = stage.file else { throw .refused("the staged file is not open") }
    return try reporting { () throws(SystemError) in
      // Zeros at the end were not written.
      if stage.filled < stage.written { try checked(cl_set_size(file.number, stage.written)) }
      let (digest, list) = stage.digesting.finish()
      stage.digest = digest
      if let list { noteChunks(list, of: digest) }
      if stages.count + pending.count > descriptorLimit { try close(stage, file) }
      return (digest, stage.written)
    }
  }

  package func read(
    _ handle: StageHandle, offset: UInt64, count: Int
  ) throws(DiskTrouble) -> [UInt8] {
    guard let stage = stages[handle], stage.digest != nil else {
      throw .refused("the staged file is not whole")
    }
    return try reporting { () throws(SystemError) in
      let file = try Descriptor(
        stage.isNamed
          ? cl_open_file(stage.area.number, stage.name.bytes)
          : cl_reopen(stage.file?.number ?? -1))
      var out = [UInt8](repeating: 0, count: max(0, count))
      var filled = 0
      while filled < out.count {
        var part = [UInt8](repeating: 0, count: out.count - filled)
        let got = try checked(
          cl_read_at(file.number, &part, part.count, offset + UInt64(filled)))
        if got == 0 { break }
        out.replaceSubrange(filled..<(filled + Int(got)), with: part.prefix(Int(got)))
        filled += Int(got)
      }
      return Array(out.prefix(filled))
    }
  }

  package func drop(_ handle: StageHandle) {
    stages.removeValue(forKey: handle)?.discard()
  }

  /// Gives a finished file its name, so that it lasts without a descriptor.
  private func close(_ stage: Stage, _ file: Descriptor) throws(SystemError) {
    if !stage.isNamed {
      try checked(cl_name(file.number, stage.area.number, stage.name.bytes))
      stage.isNamed = true
    }
    stage.file = nil
  }

  /// Writes all bytes but leaves out long runs of zeros. Returns the end of what was written.
  private func write(
    _ bytes: [UInt8], to file: Descriptor, at offset: UInt64
  ) throws(SystemError) -> UInt64 {
    let result = bytes.withUnsafeBytes { all in
      Result { () throws(SystemError) in try write(all, to: file, at: offset) }
    }
    return try result.get()
  }

  @discardableResult
  func write(
    _ all: UnsafeRawBufferPointer, to file: Descriptor, at offset: UInt64
  ) throws(SystemError) -> UInt64 {
    var filled: UInt64 = 0
    var start = 0
    while start < all.count {
      let end = min(all.count, start + Self.holeSize)
      var part = UnsafeRawBufferPointer(rebasing: all[start..<end])
      start = end
      if part.count == Self.holeSize, isZero(part) { continue }
      var position = offset + UInt64(end - part.count)
      while !part.isEmpty {
        let count = try checked(
          cl_write_at(file.number, part.baseAddress, part.count, position))
        part = UnsafeRawBufferPointer(rebasing: part[count...])
        position += UInt64(count)
      }
      filled = position
    }
    return filled
  }
}

/// Each byte is equal to its neighbour and the first is 0.
private func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard let start = bytes.baseAddress, bytes.first == 0 else { return false }
  return memcmp(start, start.advanced(by: 1), bytes.count - 1) == 0
}
