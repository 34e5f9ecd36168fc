/// Hosts of a group that only receive, as another host judges what is said in their name.
///
/// They mint no event: one that this host does not know is refused, whoever brings it. What they
/// said while they were full members, full members say again (`Vouching`).
package struct Receivers: Sendable {
  private let group: String
  private let peer: String
  private let own: String?
  /// Replicas that were ever heard of, of hosts that only receive.
  private let replicas: [ReplicaID: String]
  private let known: Set<ReplicaID>
  private let isAny: Bool
  /// Whether the peer itself only receives.
  package let isPeer: Bool

  package init(_ group: Group, peer: String, store: any Store) throws(Failure) {
    self.group = group.name
    self.peer = peer
    own = group.own?.name
    isAny = group.members.contains(where: \.receiveOnly)
    isPeer = group.member(peer)?.receiveOnly ?? false
    var replicas: [ReplicaID: String] = [:]
    var known: Set<ReplicaID> = []
    if isAny {
      for item in try store.replicas(group.name) {
        known.insert(item.replica)
        guard group.member(item.host)?.receiveOnly == true else { continue }
        replicas[item.replica] = item.host
      }
    }
    self.replicas = replicas
    self.known = known
  }

  /// Throws if a record holds an event of a host that only receives, and this host cannot know it.
  ///
  /// A number alone proves nothing: it may have been spent on another path. Only the record of this
  /// path tells, or, without one, knowledge of all that its author had seen: then it was deleted.
  ///
  /// - Parameter mine: What this host has of the path.
  package func check(
    _ incoming: PathRecord, mine: Record?, knowledge: VersionVector
  ) throws(Failure) {
    guard isAny else { return }
    let mine = mine.flatMap { $0.isBare ? nil : $0 }
    if mine == nil, knowledge.covers(incoming.record.vector) { return }
    for dot in incoming.record.dots where mine?.vector.covers(dot) != true {
      if let author = author(of: dot) { throw refusal(author, incoming.path) }
    }
  }

  /// The same for the history of a path, which decides nothing.
  package func check(
    _ item: PathSteps, knowledge: VersionVector
  ) throws(Failure) {
    guard isAny else { return }
    for step in item.steps where !knowledge.covers(step.dot) {
      if let author = author(of: step.dot) { throw refusal(author, item.path) }
    }
  }

  /// The host that must not have written it; nil: somebody who may has, or this host did once.
  private func author(of dot: Dot) -> String? {
    if let host = replicas[dot.replica] { return host == own ? nil : host }
    return isPeer && !known.contains(dot.replica) ? peer : nil
  }

  /// Events in a record that the peer would refuse, as far as it has told what it knows.
  package func unheard(_ record: Record, by knowledge: VersionVector) -> [Dot] {
    guard !replicas.isEmpty else { return [] }
    return record.dots.filter { isRefused($0.replica) && !knowledge.covers($0) }
  }

  /// What the peer said itself it takes back.
  private func isRefused(_ replica: ReplicaID) -> Bool {
    replicas[replica].map { $0 != peer } ?? false
  }

  /// Whether a step of history, or what is said of a run of events, is not for a peer that has told
  /// that knowledge.
  package func hides(_ replica: ReplicaID, _ sequence: UInt64, _ knowledge: VersionVector) -> Bool {
    isRefused(replica) && knowledge[replica] < sequence
  }

  /// What may be taken over of what the peer knows: of the events of hosts that only receive, only
  /// full members can tell.
  package func trusted(_ told: VersionVector, over mine: VersionVector) -> VersionVector {
    guard isPeer else { return told }
    var told = told
    for (replica, host) in replicas where host != own && told[replica] > mine[replica] {
      told.lower(replica, to: mine[replica])
    }
    return told
  }

  private func refusal(_ author: String, _ path: TreePath) -> Failure {
    Failure(
      .permission, escaped(peer), "the session was ended",
      "it sent a change of \(path) by \(escaped(author)), which only receives in group "
        + escaped(group),
      remedy: "look what was done on \(escaped(author)), or take it out of the parentheses")
  }
}
