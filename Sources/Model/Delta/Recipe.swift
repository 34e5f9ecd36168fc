/// How a content comes about from a former one: its stretches in order, without gaps.
package struct Recipe: Hashable, Sendable {
  package struct Step: Hashable, Sendable {
    /// Where it begins in the new content, in bytes.
    package var start: UInt64
    /// Bytes.
    package var length: UInt64
    /// Where the same bytes stand in the former content; nil: they do not.
    package var former: UInt64?

    package init(start: UInt64, length: UInt64, former: UInt64?) {
      self.start = start
      self.length = length
      self.former = former
    }
  }

  package private(set) var steps: [Step] = []

  /// All of a content of `size` bytes from `offset` on, as new bytes.
  package init(size: UInt64, from offset: UInt64 = 0) {
    if offset < size { steps = [Step(start: offset, length: size - offset, former: nil)] }
  }

  /// What of `target` stands in `former`, from `offset` on. Linear in the two lists.
  package init(_ target: ChunkList, from former: ChunkList, offset: UInt64 = 0) {
    var places: [UInt64: Int] = [:]
    places.reserveCapacity(former.chunks.count)
    var starts: [UInt64] = []
    starts.reserveCapacity(former.chunks.count)
    var position: UInt64 = 0
    for (number, chunk) in former.chunks.enumerated() {
      starts.append(position)
      position += UInt64(chunk.length)
      if places[chunk.mark] == nil { places[chunk.mark] = number }
    }
    var start: UInt64 = 0
    // The chunk of `former` that would go on where the last one ended.
    var next = former.chunks.count
    for chunk in target.chunks {
      let length = UInt64(chunk.length)
      var found: Int?
      if next < former.chunks.count, former.chunks[next] == chunk {
        found = next
      } else if let place = places[chunk.mark], former.chunks[place].length == chunk.length {
        found = place
      }
      next = found.map { $0 + 1 } ?? former.chunks.count
      add(Step(start: start, length: length, former: found.map { starts[$0] }), behind: offset)
      start += length
    }
  }

  /// Bytes that have to be sent.
  package var freshBytes: UInt64 {
    steps.reduce(0) { $0 + ($1.former == nil ? $1.length : 0) }
  }

  private mutating func add(_ step: Step, behind offset: UInt64) {
    var step = step
    guard step.start + step.length > offset else { return }
    if step.start < offset {
      let skipped = offset - step.start
      step.start = offset
      step.length -= skipped
      step.former = step.former.map { $0 + skipped }
    }
    if let last = steps.last, isContinued(last, step) {
      steps[steps.count - 1].length += step.length
    } else {
      steps.append(step)
    }
  }

  private func isContinued(_ last: Step, _ step: Step) -> Bool {
    switch (last.former, step.former) {
    case (nil, nil): true
    case (let place?, let next?): place + last.length == next
    default: false
    }
  }
}
