import Model
import Transport

/// What can go wrong with a host that only receives.
package enum ReceiverFlaw: CaseIterable, Sendable {
  /// It takes itself for a full member.
  case mints
  /// And the others do so, too.
  case mintsAndIsHeard
  /// It forgets what it has found.
  case forgets

  func spoil(_ host: MemoryHost, isReceiver: Bool, _ names: [String]) {
    switch self {
    case .mints: if isReceiver { host.promote() }
    case .mintsAndIsHeard: host.configure(names, asIf: host.group.configuration)
    case .forgets: host.store.forgetsLocalChanges = true
    }
  }
}

// A host that only receives: what it changes stays, and is nowhere else.
extension SessionWorld {
  /// The group's version instead of what was changed there.
  func giveUpSomething() throws(Failure) {
    guard let receiver else { return }
    try receiver.scan()
    let rows = try receiver.store.localOnly("g")
    guard !rows.isEmpty, let row = Optional(dice.pick(rows)) else { return }
    checkReceiverFiles()
    guard try row.giveUp("g", store: receiver.store) else { return }
    if let text = receiver.tree.text(row.path), receiverTexts[text] != nil {
      receiverTexts[text] = true
    }
    noteReceiverFiles()
  }

  func checkReceiverFiles() {
    guard let receiver else { return }
    for (path, text) in receiverFiles where receiver.tree.text(path) != text {
      complain("\(path): what \(receiver.name) had alone is lost\(describe())")
    }
  }

  func noteReceiverFiles() {
    guard let receiver else { return }
    receiverFiles = [:]
    for path in receiver.tree.nodes.keys {
      guard let text = receiver.tree.text(path), receiverTexts[text] == false else { continue }
      receiverFiles[path] = text
    }
  }

  /// Whether the receiver's disk need not follow there: it has changed the path, something above it
  /// or something in it.
  func isLocal(_ path: TreePath) -> Bool {
    let rows = (try? receiver?.store.localOnly("g")) ?? []
    return rows.contains { $0.path == path || path.isBelow($0.path) || $0.path.isBelow(path) }
  }

  func checkReceiver() {
    guard let receiver else { return }
    checkReceiverFiles()
    for host in hosts where host !== receiver {
      for path in host.tree.nodes.keys {
        guard let text = host.tree.text(path), receiverTexts[text] != nil else { continue }
        complain("\(path): \(host.name) has what only \(receiver.name) may have\(describe())")
      }
    }
    for row in (try? receiver.store.localOnly("g")) ?? [] {
      if let entry = receiver.entry(row.path), !entry.state.contains(.localOnly) {
        complain("\(row.path) is not marked on \(receiver.name)\(describe())")
      }
      if (receiver.tree.nodes[row.path] == nil) != (row.kind == .deleted) {
        complain("\(row.path) is no local change: \(row)\(describe())")
      }
    }
    for entry in receiver.store.all("g") where entry.state.contains(.localOnly) {
      if (try? receiver.store.localOnly("g", entry.path)) == nil {
        complain("\(entry.path) is marked for nothing on \(receiver.name)\(describe())")
      }
    }
  }
}
