import Model

/// One content that is being sent: from the disk, or from the kept contents.
struct ServedContent {
  let want: Want
  /// Nil: it is a kept content.
  let stat: FileStat?
  private(set) var offset: UInt64
  /// Up to where the file is known to hold data.
  private var dataEnd: UInt64 = 0
  /// Where what is left comes from; empty: all of it is sent.
  private var steps: ArraySlice<Recipe.Step>

  init(want: Want, stat: FileStat?, steps: [Recipe.Step]) {
    self.want = want
    self.stat = stat
    self.steps = steps[...]
    offset = want.offset
  }

  /// Bytes up to the next stretch that is not sent, or to the end.
  var fresh: UInt64 { (steps.first.map { $0.start + $0.length } ?? want.size) - offset }

  /// The next stretch if the peer has it.
  mutating func nextCopy() -> ContentPiece? {
    guard let step = steps.first, let former = step.former else { return nil }
    steps = steps.dropFirst()
    offset = step.start + step.length
    let stretch = CopiedStretch(offset: former, length: step.length)
    return ContentPiece(number: want.number, kind: .copy, bytes: stretch.encoded)
  }

  /// How many bytes of data come next, at most; a hole if there is one now.
  mutating func extent(_ disk: any Disk) -> (data: UInt64, hole: HoleLength?) {
    guard let stat, want.size >= ChunkList.leastContent, fresh >= HoleLength.least else {
      return (fresh, nil)
    }
    if offset < dataEnd { return (min(fresh, dataEnd - offset), nil) }
    // What cannot be told is read: then it is found out why.
    guard let found = try? disk.extent(want.path, stat: stat, offset: offset), found.count > 0
    else { return (fresh, nil) }
    let count = min(found.count, fresh)
    if found.isHole, count >= HoleLength.least { return (0, HoleLength(count: count)) }
    // A short hole is data like the rest.
    dataEnd = offset + max(count, HoleLength.least)
    return (min(fresh, dataEnd - offset), nil)
  }

  mutating func advance(_ count: UInt64) {
    offset += count
    if let step = steps.first, offset == step.start + step.length { steps = steps.dropFirst() }
  }
}

extension Outbound {
  /// What has to be sent of a content, as far as the lists of both contents are kept here.
  func serving(_ want: Want, from stat: FileStat?) throws(Failure) -> ServedContent {
    guard let former = want.former, want.size >= ChunkList.leastContent else {
      return ServedContent(want: want, stat: stat, steps: [])
    }
    let lists = try ledger.with { store throws(Failure) in
      (try store.chunkList(want.digest), try store.chunkList(former))
    }
    guard let target = lists.0, let old = lists.1, target.size == want.size else {
      return ServedContent(want: want, stat: stat, steps: [])
    }
    let recipe = Recipe(target, from: old, offset: want.offset)
    return ServedContent(want: want, stat: stat, steps: recipe.steps)
  }
}
