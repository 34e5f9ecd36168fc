import Model

/// How people call the events of a group: `web2.24`.
struct EventNames {
  /// Which host each replica belongs to.
  let hosts: [ReplicaID: String]
  /// Hosts that have had several replicas: there the number alone does not say which event.
  private let several: Set<String>

  init(_ replicas: [(replica: ReplicaID, host: String)]) {
    hosts = Dictionary(replicas.map { ($0.replica, $0.host) }) { _, last in last }
    var count: [String: Int] = [:]
    for host in hosts.values { count[host, default: 0] += 1 }
    several = Set(count.filter { $0.value > 1 }.keys)
  }

  /// The host and the number; behind the host `@` and 8 digits of the replica if it takes them.
  func callAsFunction(_ dot: Dot) -> String {
    guard let host = hosts[dot.replica] else { return "\(dot)" }
    return several.contains(host)
      ? "\(escaped(host))@\(dot)" : "\(escaped(host)).\(dot.sequence)"
  }
}

extension Node {
  /// The names of a group's events, as far as its replicas are known.
  func eventNames(_ group: String) -> EventNames {
    EventNames(
      (try? real.with { store throws(Failure) in try store.replicas(group) }) ?? [])
  }
}
