import Model
import Transport
import TransportEdge

extension Node {
  /// Keeps for `status` what a meeting has come upon, here and, where commands refused changes, on
  /// the peer. What the last one with this peer had to say goes.
  func keepProblems(
    _ result: SessionResult, of peer: String, _ group: String, _ store: any Store
  ) throws(Failure) {
    guard result.groups.contains(group) else { return }
    try store.keepProblems(result.report.problems, group, source: "sync \(peer)")
    let refused = result.peerRefusals.filter { $0.group == group }
    if refused.isEmpty, try store.problems(group).isEmpty { return }
    try store.transaction { () throws(Failure) in
      try store.setProblems(refused, group, source: "peer \(peer)")
    }
  }

  /// After a session that was not the command's: says what went wrong and lets go what everybody
  /// knows.
  func keep(
    _ result: SessionResult, _ peer: String, _ console: any Console
  ) throws(Failure) {
    for problem in result.report.problems { console.say(line(problem)) }
    try real.with { store throws(Failure) in
      for group in sessionGroups {
        let others = others(in: [group])
        _ = try TombstoneCollection.run(group.name, others: others, store: store)
        _ = try KeptCollection.run(
          group.name, others: others, store: store, limits: config.settings.keeping)
        try keepProblems(result, of: peer, group.name, store)
      }
    }
  }
}
