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
    case .records(let group, let items): split(items) { .records(group: group, $0) }
    case .want(let items): split(items) { .want($0) }
    case .content(let items): split(items) { .content($0) }
    case .listing(let group, let items): split(items) { .listing(group: group, $0) }
    case .forecast(let group, let items): split(items) { .forecast(group: group, $0) }
    case .greeting, .recordsEnd, .answersEnd, .listingEnd, .done, .kept, .alive, .stop: nil
    }
  }
}
