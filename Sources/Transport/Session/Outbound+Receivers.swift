import Model

/// What hosts said that only receive by now, on its way to a host that would refuse it.
extension Outbound {
  /// The entries as they can be sent: this host says anew what the peer must not take from others.
  /// A host that only receives cannot do that: the peer has to meet a full member first.
  func vouched(
    _ entries: [Entry], _ index: Int, _ stream: RecordStream
  ) throws(Failure) -> [Entry] {
    let receivers = try receivers(index)
    let group = groups[index]
    var out: [Entry] = []
    for entry in entries {
      let isSent = stream.isWhole || !stream.known.covers(entry.record.vector)
      guard isSent, group.selection.includes(entry.path),
        !receivers.unheard(entry.record, by: stream.known).isEmpty
      else {
        out.append(entry)
        continue
      }
      guard !group.group.isReceiveOnlyHere else { throw cannotVouch(entry.path, group.name) }
      let new = try ledger.with { store throws(Failure) in
        try Vouching.run(entry.path, group: group.group, store: store) { record in
          receivers.unheard(record, by: stream.known)
        }
      }
      if let new { out.append(new) }
    }
    return out
  }

  /// Without what only says how such events came about.
  func told(_ history: Message?, _ stream: RecordStream) throws(Failure) -> Message? {
    guard case .history(let group, let paths, let stamps)? = history else { return nil }
    let receivers = try receivers(group)
    let known = stream.known
    var left: [PathSteps] = []
    for var item in paths {
      item.steps.removeAll { receivers.hides($0.dot.replica, $0.dot.sequence, known) }
      if !item.steps.isEmpty { left.append(item) }
    }
    let stampsLeft = stamps.filter { !receivers.hides($0.replica, $0.last, known) }
    return left.isEmpty && stampsLeft.isEmpty
      ? nil : .history(group: group, left, stampsLeft)
  }

  private func cannotVouch(_ path: TreePath, _ group: String) -> Failure {
    Failure(
      .unavailable, escaped(peer), "the session was ended",
      "it lacks \(path) of group \(escaped(group)), which hosts wrote that only receive by now",
      remedy: "sync it with a full member first")
  }
}
