/// Whom a host of a large group meets by itself, so that these go on to others (`fanout`).
///
/// All hosts of a group form one graph, and each computes its own part of it from the sorted names
/// alone. Host `i` of `m` with fanout `n` meets `-(n i + k) mod m` for `k` from 1 to `n`, the graph
/// of Imase and Itoh: from each host to each other it is at most log n (m), rounded up, meetings.
/// With `n` = 1 it is a ring.
package struct Fanout: Sendable {
  private let own: Int
  private let members: [String]
  private let count: Int
  private var chosen: Set<String>
  /// How many may still be met in the place of others: where most of a fleet is dead, nobody calls
  /// all of it.
  private var spare: Int

  /// - Parameters:
  ///   - own: This host's name.
  ///   - others: The names of the others, each once, in any order; without those that were retired.
  ///   - count: How many to meet, 1 at least.
  package init(of own: String, among others: [String], _ count: Int) {
    members = (others.filter { $0 != own } + [own]).sorted()
    self.own = members.firstIndex(of: own) ?? 0
    self.count = max(1, count)
    chosen = [own]
    spare = self.count + 8
  }

  /// Whom to meet first, each once: at most as many as asked for.
  package mutating func first() -> [String] { take(targets(of: own)) }

  /// Whom to meet in the place of a host that could not be met: those that it would have met. So a
  /// dead host keeps nothing from anybody.
  package mutating func replacing(_ dead: String) -> [String] {
    guard let place = members.firstIndex(of: dead) else { return [] }
    let names = Array(take(targets(of: place)).prefix(spare))
    spare -= names.count
    return names
  }

  private mutating func take(_ places: [Int]) -> [String] {
    places.map { members[$0] }.filter { chosen.insert($0).inserted }
  }

  private func targets(of place: Int) -> [Int] {
    let size = members.count
    guard count < size - 1 else { return Array(members.indices) }
    guard count > 1 else { return [(place + 1) % size] }
    let (base, overflow) = place.multipliedReportingOverflow(by: count)
    // Nobody has so many hosts.
    guard !overflow else { return [(place + 1) % size] }
    return (1...count).map { (size - (base + $0) % size) % size }.filter { $0 != place }
  }
}
