import Model

/// Large contents: put together from what is here and what the peer sends.
extension Inbound {
  /// The question for a content: for a large one, with what of it is here already and what more it
  /// can be put together from. Nil, and the trouble is told, where the disk has no room for it: it
  /// would be sent in vain, each time.
  func ask(_ number: UInt64, _ coming: inout Fetch.Coming, _ entry: Entry) -> Want? {
    let file = coming.file
    var want = Want(
      number: number, group: coming.group, path: coming.path, digest: file.digest, size: file.size)
    guard file.size >= ChunkList.leastContent else { return want }
    do throws(DiskTrouble) {
      let part = try disk.stagePart(file.digest, for: coming.path, size: file.size)
      coming.stage = part.stage
      coming.received = part.there
      want.offset = part.there
    } catch {
      // Other trouble is told when the first bytes come.
      if case .full = error {
        lose(&coming, error.reason, error.remedy)
        return nil
      }
    }
    if case .file(let old) = entry.shown.content.value, old.size >= ChunkList.leastContent,
      let stat = try? disk.stat(coming.path), stat.kind == .file, stat.size == old.size
    {
      coming.former = stat
      want.former = old.digest
    }
    coming.isPieced = want.offset > 0 || want.former != nil
    return want
  }

  /// A stretch of the former content, as the peer names it.
  func copy(_ bytes: [UInt8], to coming: inout Fetch.Coming) throws(Failure) {
    guard let former = coming.former, let stretch = CopiedStretch(encoded: bytes),
      stretch.offset <= former.size, stretch.length <= former.size - stretch.offset
    else { throw fault("a stretch of what this host does not have") }
    guard stretch.length <= coming.file.size - coming.received else {
      throw fault("more of a content than was asked for")
    }
    coming.received += stretch.length
    guard !coming.isLost, !coming.isSpoilt else { return }
    do throws(DiskTrouble) {
      let stage: StageHandle
      if let open = coming.stage {
        stage = open
      } else {
        stage = try disk.stage(for: coming.path, size: coming.file.size)
      }
      coming.stage = stage
      try disk.append(
        copying: coming.path, stat: former, offset: stretch.offset, count: stretch.length,
        to: stage)
    } catch {
      // A disk that is full takes the bytes of the peer no better.
      guard case .full = error else { return coming.isSpoilt = true }
      lose(&coming, error.reason, error.remedy)
    }
  }

  /// Zeros that take no room on the peer's disk, and none here.
  func leaveOut(_ bytes: [UInt8], of coming: inout Fetch.Coming) throws(Failure) {
    guard coming.file.size >= ChunkList.leastContent, let hole = HoleLength(encoded: bytes),
      hole.count <= coming.file.size - coming.received
    else { throw fault("zeros that cannot be in what was asked for") }
    coming.received += hole.count
    guard !coming.isLost, !coming.isSpoilt else { return }
    do throws(DiskTrouble) {
      if coming.stage == nil {
        coming.stage = try disk.stage(for: coming.path, size: coming.file.size)
      }
      if let stage = coming.stage { try disk.append(hole: hole.count, to: stage) }
    } catch {
      lose(&coming, error.reason, error.remedy)
    }
  }

  /// Asks for all of a content that could not be put together. Its path stays claimed.
  func askAgain(_ coming: Fetch.Coming) {
    if let stage = coming.stage { disk.drop(stage) }
    let number = fetch.nextNumber
    fetch.nextNumber += 1
    fetch.coming[number] = Fetch.Coming(
      group: coming.group, path: coming.path, file: coming.file)
    fetch.comingBytes += coming.file.size
    fetch.again.append(
      Want(
        number: number, group: coming.group, path: coming.path, digest: coming.file.digest,
        size: coming.file.size))
  }
}
