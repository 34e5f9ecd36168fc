import Model
import ModelEdge
import Transport
import TransportEdge

/// What a node is made from, and what it notices when it opens.
extension Node {
  /// A root that knows of later numbers than the database: the state was put back as a whole.
  ///
  /// Nothing has been minted yet in this life, so every number of the database is certain.
  static func checkRoots(
    _ ledger: StateLedger, _ roots: [Root], _ groups: [String], _ settings: Settings
  ) throws(Failure) -> [String] {
    try ledger.with { store throws(Failure) in
      let state = try store.replicaState()
      let seen =
        roots.compactMap { RootWitness.last(of: state.replica, at: $0.localPath) }.max() ?? 0
      guard seen > state.last, let replica = ReplicaID(randomBytes(ReplicaID.byteCount)) else {
        return []
      }
      try Renewal.run(
        groups: groups, host: settings.hostName, replica: replica, above: state.last, store: store)
      return [
        "\(escaped(settings.stateDirectory)): a new identity was taken in place of "
          + "\(state.replica): the state was restored: its last change is \(state.last), "
          + "and the roots know of \(seen)"
      ]
    }
  }

  static func notes(_ opening: Opening, _ settings: Settings) throws -> [String] {
    guard case .renewed(let former, let reason) = opening else { return [] }
    return [
      "\(escaped(settings.stateDirectory)): a new identity was taken in place of \(former.replica):"
        + " \(reason)"
    ]
  }

  static func readKeys(
    _ groups: [Group], _ settings: Settings
  ) -> ([GroupSecret], [String: Failure]) {
    var secrets: [GroupSecret] = []
    var broken: [String: Failure] = [:]
    for group in groups {
      do {
        let keys = try readGroupKey(file: keyFile(group, settings))
        secrets.append(
          GroupSecret(name: group.name, members: Set(group.members.map(\.name)), keys: keys))
      } catch {
        broken[group.name] = error
      }
    }
    return (secrets, broken)
  }

  /// Relative key files stand beside the configuration.
  static func keyFile(_ group: Group, _ settings: Settings) -> String {
    if group.keyFile.hasPrefix("/") { return group.keyFile }
    guard let cut = settings.configFile.lastIndex(of: "/") else { return group.keyFile }
    return String(settings.configFile[...cut]) + group.keyFile
  }

  static func roots(
    _ groups: [SessionGroup], _ config: Config, _ host: String
  ) throws -> [Root] {
    var roots: [Root] = []
    for anchor in Set(groups.flatMap(\.selection.anchors)).sorted() {
      if let path = config.localPath(of: anchor, on: host) {
        let holders = groups.filter { $0.selection.anchors.contains(anchor) }
        roots.append(
          Root(
            anchor: anchor, localPath: path,
            crossesMounts: holders.allSatisfy(\.group.crossesMounts)))
      }
    }
    return roots
  }
}
