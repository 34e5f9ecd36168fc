import Model
import Transport

/// Whom a round meets: all, or of a group with a `fanout` so many, and others in the place of those
/// that cannot be met.
struct Whom {
  private var fans: [Fanout] = []
  /// Peers of groups that are met by all.
  private var all: Set<String> = []

  init(_ node: Node, _ groups: [SessionGroup]) throws(Failure) {
    for group in groups {
      let others = try node.active(in: [group])
      if let fanout = group.group.fanout {
        fans.append(Fanout(of: node.name, among: others, fanout))
      } else {
        all.formUnion(others)
      }
    }
  }

  /// In order of name.
  mutating func first() -> [String] {
    var names = all
    for place in fans.indices { names.formUnion(fans[place].first()) }
    all = names
    return names.sorted()
  }

  /// In the place of one that could not be met. Nobody twice.
  mutating func replacing(_ dead: String) -> [String] {
    var names: Set<String> = []
    for place in fans.indices { names.formUnion(fans[place].replacing(dead)) }
    names.subtract(all)
    all.formUnion(names)
    return names.sorted()
  }
}

extension Node {
  /// The same peers, those last that could not be reached the last time: where not all are met at
  /// once, nobody waits for them.
  func reachableFirst(_ peers: [String]) throws(Failure) -> [String] {
    let dead = try real.with { store throws(Failure) in
      Set(try store.peers().filter { $0.troubleKind == "unreachable" }.map(\.name))
    }
    return peers.filter { !dead.contains($0) } + peers.filter { dead.contains($0) }
  }
}
