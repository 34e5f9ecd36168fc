package import Model

extension Array<KnownMember> {
  /// As many as fit into so many bytes of a greeting, in the same order.
  ///
  /// A greeting is one frame. What a host tells of third ones only saves meetings: some may be left
  /// out, each in its turn.
  ///
  /// - Parameters:
  ///   - own: What the greeting's host knows itself: whoever knows just that costs little.
  ///   - turn: Another number, others that are left out.
  package func fitting(_ bytes: Int, beside own: VersionVector, turn: UInt64) -> [KnownMember] {
    guard !isEmpty else { return self }
    let start = Int(turn % UInt64(count))
    var left = bytes
    var said: Set<VersionVector> = [own]
    var told: Set<Int> = []
    for step in indices {
      let place = (start + step) % count
      let cost = self[place].bytes(isSaid: said.contains(self[place].knowledge))
      guard cost <= left else { continue }
      left -= cost
      said.insert(self[place].knowledge)
      told.insert(place)
    }
    return indices.filter { told.contains($0) }.map { self[$0] }
  }
}

extension KnownMember {
  /// At least as many as it takes in a greeting: a replica takes 17, a number 9 at most.
  fileprivate func bytes(isSaid: Bool) -> Int {
    32 + host.utf8.count + (isSaid ? 0 : 8 + 27 * knowledge.entries.count)
  }
}
