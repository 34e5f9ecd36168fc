import Glibc
import Model
@testable import ModelEdge
import TestKit
import Testing

private func random(_ count: Int, _ seed: UInt64) -> [UInt8] {
  var state = seed &* 2 &+ 1
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state >> 24)
  }
}

/// The list of a content that comes in parts of `step` bytes.
private func list(_ bytes: [UInt8], step: Int = 100_000) throws -> ChunkList {
  let chunker = Chunker()
  bytes.withUnsafeBytes { all in
    for start in stride(from: 0, to: all.count, by: step) {
      chunker.update(UnsafeRawBufferPointer(rebasing: all[start..<min(start + step, all.count)]))
    }
  }
  return try #require(chunker.finish())
}

private func carriedOut(_ recipe: Recipe, _ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
  var out: [UInt8] = []
  for step in recipe.steps {
    let start = Int(step.former ?? step.start)
    out += (step.former == nil ? new : old)[start..<(start + Int(step.length))]
  }
  return out
}

@Suite struct `Chunks` {
  @Test(arguments: [1, 7_777, 262_144, 3_000_000])
  func `are the same however a content comes`(step: Int) throws {
    // One byte a time is slow: less of it.
    let bytes = random(step == 1 ? 400_000 : 3_000_000, 1)
    let chunks = try list(bytes, step: step)
    #expect(try chunks == list(bytes))
    #expect(chunks.size == UInt64(bytes.count))
    #expect(chunks.chunks.dropLast().allSatisfy { $0.length >= 16 << 10 })
    #expect(chunks.chunks.allSatisfy { $0.length <= ChunkList.longest })
    #expect(ChunkList(encoded: chunks.encoded) == chunks)
  }

  @Test func `of zeros and of nothing have bounds too`() throws {
    let zeros = try list([UInt8](repeating: 0, count: 1_000_000))
    #expect(zeros.size == 1_000_000)
    #expect(zeros.chunks.allSatisfy { $0.length <= ChunkList.longest })
    #expect(try list([]).chunks.isEmpty)
  }

  @Test func `that are no list are refused`() throws {
    let good = try list(random(200_000, 3)).encoded
    #expect(ChunkList(encoded: Array(good.dropLast())) == nil)
    #expect(ChunkList(encoded: [UInt8](repeating: 0, count: 11)) == nil, "no length")
    #expect(ChunkList(encoded: [UInt8](repeating: 255, count: 11)) == nil, "too long")
  }

  @Test func `around an edit are cut as before`() throws {
    let old = random(4_000_000, 5)
    let before = try list(old)
    var dice = SessionDice(11)
    for _ in 0..<12 {
      var new = old
      let place = dice.below(new.count - 1_000)
      switch dice.below(3) {
      case 0: new.insert(7, at: place)
      case 1: new.removeSubrange(place..<(place + 1_000))
      default: new.replaceSubrange(place..<(place + 10), with: random(300, UInt64(place)))
      }
      let recipe = Recipe(try list(new), from: before)
      #expect(carriedOut(recipe, old, new) == new)
      #expect(recipe.freshBytes <= 3 * UInt64(ChunkList.longest), "edit at \(place)")
      #expect(recipe.steps.count <= 8)
    }
    let inserted = Recipe(try list([1] + old), from: before)
    #expect(inserted.freshBytes <= UInt64(ChunkList.longest) + 1)
  }

  @Test func `behind an offset leave the rest of the way`() throws {
    let old = random(1_500_000, 7)
    let new = Array(old[..<600_000]) + random(50_000, 8) + Array(old[600_000...])
    for offset in [0, 1, 599_999, 620_000, 1_549_999, 1_550_000] {
      let recipe = Recipe(try list(new), from: try list(old), offset: UInt64(offset))
      #expect(carriedOut(recipe, old, new) == Array(new[offset...]))
      #expect(recipe.steps.first?.start ?? UInt64(offset) == UInt64(offset))
    }
  }

  @Test func `are noted where a large content is hashed, and where it is staged`() throws {
    let bench = try Workbench()
    let bytes = random(1_300_000, 9)
    let disk = try bench.disk()
    let path = try bench.path("f")
    let stage = try disk.stage(for: path, size: UInt64(bytes.count))
    for start in stride(from: 0, to: bytes.count, by: 100_000) {
      try disk.append(Array(bytes[start..<min(start + 100_000, bytes.count)]), to: stage)
    }
    let (digest, _) = try disk.finish(stage)
    let expected = KeptChunks(digest: digest, list: try list(bytes))
    #expect(disk.takeChunkLists() == [expected])
    #expect(disk.takeChunkLists().isEmpty)
    try disk.put(Installation(path, .staged(stage)))
    _ = try disk.observe(path, known: nil)
    #expect(disk.takeChunkLists() == [expected])
  }
}

@Suite struct `Parts of large files` {
  private func part(_ disk: LinuxDisk, _ bytes: [UInt8], _ path: TreePath) throws
    -> (stage: StageHandle, there: UInt64)
  {
    try disk.stagePart(sha256(bytes), for: path, size: UInt64(bytes.count))
  }

  @Test func `outlive the disk that began them, and are gone on with`() throws {
    let bench = try Workbench()
    let path = try bench.path("f")
    let bytes = random(2_000_000, 21)
    do {
      let begun = try part(try bench.disk(), bytes, path)
      #expect(begun.there == 0)
    }
    do {
      let disk = try bench.disk()
      let begun = try part(disk, bytes, path)
      try disk.append(Array(bytes[..<1_200_000]), to: begun.stage)
    }
    let disk = try bench.disk()
    disk.clearStaging()
    let (stage, there) = try part(disk, bytes, path)
    #expect(there == 1_200_000)
    try disk.append(Array(bytes[1_200_000...]), to: stage)
    #expect(try disk.finish(stage).digest == sha256(bytes))
    #expect(try disk.put(Installation(path, .staged(stage))).isInstalled)
    #expect(try disk.observe(path, known: nil).stat.size == 2_000_000)
    #expect(bench.staged.isEmpty)
  }

  @Test func `belong to one at a time`() throws {
    let bench = try Workbench()
    let path = try bench.path("f")
    let bytes = random(1_100_000, 22)
    let (first, second) = (try bench.disk(), try bench.disk())
    let held = try part(first, bytes, path)
    try first.append(bytes, to: held.stage)
    let other = try part(second, bytes, path)
    #expect(other.there == 0)
    try second.append(bytes, to: other.stage)
    for (disk, stage) in [(first, held.stage), (second, other.stage)] {
      #expect(try disk.finish(stage).digest == sha256(bytes))
      disk.drop(stage)
    }
    #expect(bench.staged.isEmpty)
  }

  @Test func `go with another content of the path, with a drop, and with time`() throws {
    let bench = try Workbench()
    let path = try bench.path("f")
    do {
      let disk = try bench.disk()
      try disk.append([1, 2, 3], to: try part(disk, random(1_100_000, 1), path).stage)
    }
    #expect(bench.staged.count == 1)
    do {
      let disk = try bench.disk()
      let (stage, there) = try part(disk, random(1_100_000, 2), path)
      #expect(there == 0 && bench.staged.count == 1)
      disk.drop(stage)
      #expect(bench.staged.isEmpty)
      _ = try part(disk, random(1_100_000, 2), path)
    }
    try bench.disk().clearStaging()
    #expect(bench.staged.count == 1)
    #expect(system("touch -d '4 days ago' \(bench.state)/staging/part-*") == 0)
    try bench.disk().clearStaging()
    #expect(bench.staged.isEmpty)
  }

  @Test func `are copied from what is there, and holes stay holes`() throws {
    let bench = try Workbench()
    let (source, path) = (try bench.path("old"), try bench.path("new"))
    bench.shell("head -c 1500000 /dev/urandom > old && truncate -s 60M old && echo end >> old")
    let disk = try bench.disk()
    let stat = try #require(try disk.stat(source))
    let before = try disk.observe(source, known: nil)
    let stage = try disk.stage(for: path, size: stat.size)
    try disk.append(copying: source, stat: stat, offset: 0, count: 1_000_001, to: stage)
    try disk.append(
      copying: source, stat: stat, offset: 1_000_001, count: stat.size - 1_000_001, to: stage)
    let done = try disk.finish(stage)
    #expect(
      before.content
        == .file(
          FileContent(
            digest: done.digest, size: done.size, modified: stat.modified, isBirth: false)))
    try disk.put(Installation(path, .staged(stage)))
    bench.shell("cmp old new && test $(du -k new | cut -f1) -lt 4000")
  }

  @Test func `are not copied from what has changed or is too short`() throws {
    let bench = try Workbench()
    let (source, path) = (try bench.path("old"), try bench.path("new"))
    bench.shell("head -c 1500000 /dev/urandom > old")
    let disk = try bench.disk()
    let stat = try #require(try disk.stat(source))
    let long = try disk.stage(for: path, size: 3_000_000)
    #expect(throws: DiskTrouble.busy) {
      try disk.append(copying: source, stat: stat, offset: 0, count: 1_500_001, to: long)
    }
    bench.shell("echo more >> old")
    let stage = try disk.stage(for: path, size: 1_000_000)
    #expect(throws: DiskTrouble.busy) {
      try disk.append(copying: source, stat: stat, offset: 0, count: 1_000_000, to: stage)
    }
  }
}

extension InstallOutcome {
  fileprivate var isInstalled: Bool { if case .installed = self { true } else { false } }
}
