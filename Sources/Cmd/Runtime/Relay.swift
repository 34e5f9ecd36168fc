import Model
import Transport
import TransportEdge
import Threads

/// Hands on to others what this host was told, in groups with a `fanout`: each host to so many.
///
/// One round at a time; what comes meanwhile goes with the next. A host hands on what is news to
/// it, once, so that it ends when all have heard.
final class Relay: Sendable {
  private let node: Node
  private let console: any Console
  private let isVerbose: Bool
  /// Groups with news that were not handed on yet.
  private let due = Signal<Set<String>>([])

  init(_ node: Node, _ console: any Console, isVerbose: Bool) {
    self.node = node
    self.console = console
    self.isVerbose = isVerbose
  }

  /// What this host knows of the groups that it hands on; empty if it does not.
  func knowledge() throws(Failure) -> [String: VersionVector] {
    let groups = node.sessionGroups.filter { $0.group.fanout != nil }
    guard !groups.isEmpty else { return [:] }
    return try node.real.with { store throws(Failure) in
      var out: [String: VersionVector] = [:]
      for group in groups { out[group.name] = try store.knowledge(group.name) }
      return out
    }
  }

  /// Something may have come since this was all that was known.
  func hearOf(since before: [String: VersionVector]) {
    guard !before.isEmpty, let now = try? knowledge() else { return }
    let news = now.filter { $0.value != before[$0.key] }.keys
    if !news.isEmpty { due.change { $0.formUnion(news) } }
  }

  /// Hands on for ever.
  func run() {
    while true {
      let groups = due.wait { due -> Set<String>? in
        defer { due = [] }
        return due.isEmpty ? nil : due
      }
      do throws(Failure) {
        let before = try knowledge()
        try handOn(groups)
        hearOf(since: before)
      } catch {
        console.say("\(error)")
      }
    }
  }

  private func handOn(_ names: Set<String>) throws(Failure) {
    let groups = node.sessionGroups.filter {
      names.contains($0.name) && node.brokenGroups[$0.name] == nil
    }
    var refusals: [String: String] = [:]
    for group in node.sessionGroups where !groups.contains(where: { $0.name == group.name }) {
      refusals[group.name] = "not asked for"
    }
    // Both sides have looked, or will when they are asked to: nobody looks for a relay.
    let round = Round(
      node: node, ledger: node.real, purpose: .synchronise, look: .parts([:]),
      refusals: refusals)
    var whom = try Whom(node, groups)
    let turn = MeetingTurn(round)
    turn.begin(try lacking(whom.first(), groups))
    while let meeting = turn.next() {
      if let result = meeting.result { try node.keep(result, meeting.peer, console) }
      if let failure = meeting.failure {
        if isVerbose { console.say("\(failure)") }
        turn.begin(try lacking(whom.replacing(meeting.peer), groups))
      }
    }
  }

  /// Those that are not known to have all of it: who has it hands it on as well.
  private func lacking(
    _ peers: [String], _ groups: [SessionGroup]
  ) throws(Failure) -> [String] {
    let behind = Set(try node.behind(peers, groups))
    return try node.real.with { store throws(Failure) in
      var out: [String] = []
      for peer in peers {
        var isUnknown = false
        for group in groups where group.group.member(peer) != nil {
          if try store.member(peer, group.name)?.knowledge == nil { isUnknown = true }
        }
        if isUnknown || behind.contains(peer) { out.append(peer) }
      }
      return out
    }
  }
}
