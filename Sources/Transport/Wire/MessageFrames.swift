import Model

extension Message {
  /// The payloads that carry it: one, or more where its items take more room than a frame has. Long
  /// paths do: what is counted in items elsewhere is counted in bytes here.
  package var frames: [[UInt8]] {
    let bytes = encoded
    guard bytes.count > Limits.frameBytes, let halves else { return [bytes] }
    return halves.0.frames + halves.1.frames
  }

  /// The same said in two messages; nil if it cannot be.
  private var halves: (Message, Message)? {
    func split<Item>(_ items: [Item], _ make: ([Item]) -> Message) -> (Message, Message)? {
      guard items.count > 1 else { return nil }
      let middle = items.count / 2
      return (make(Array(items[..<middle])), make(Array(items[middle...])))
    }
    return switch self {
    case .history(let group, let paths, let stamps): Self.halves(group, paths, stamps)
    case .records(let group, let items): split(items) { .records(group: group, $0) }
    case .want(let items): split(items) { .want($0) }
    case .content(let items): split(items) { .content($0) }
    case .listing(let group, let items): split(items) { .listing(group: group, $0) }
    case .forecast(let group, let items): split(items) { .forecast(group: group, $0) }
    case .greeting, .recordsEnd, .answersEnd, .listingEnd, .done, .kept, .alive, .stop,
      .configuration:
      nil
    }
  }
  /// Stamps go by themselves; a path with many steps may need several messages.
  private static func halves(
    _ group: Int, _ paths: [PathSteps], _ stamps: [Stamp]
  ) -> (Message, Message)? {
    func halved<Item>(_ items: [Item]) -> ([Item], [Item]) {
      let middle = items.count / 2
      return (Array(items[..<middle]), Array(items[middle...]))
    }
    if !paths.isEmpty, !stamps.isEmpty {
      return (.history(group: group, paths, []), .history(group: group, [], stamps))
    }
    if stamps.count > 1 {
      let (left, right) = halved(stamps)
      return (.history(group: group, [], left), .history(group: group, [], right))
    }
    if paths.count > 1 {
      let (left, right) = halved(paths)
      return (.history(group: group, left, []), .history(group: group, right, []))
    }
    guard let item = paths.first, item.steps.count > 1 else { return nil }
    let (left, right) = halved(item.steps)
    return (
      .history(group: group, [PathSteps(path: item.path, steps: left)], []),
      .history(group: group, [PathSteps(path: item.path, steps: right)], [])
    )
  }
}
