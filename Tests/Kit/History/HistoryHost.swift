package import Model

/// All that a simulated host keeps in its database.
package struct HistoryDatabase: Sendable {
  /// One path.
  package struct Row: Sendable {
    package var record: Record?
    package var shown = Shown.nothing
    /// What the policy has chosen.
    package var decided: Entry.Decision?
    /// What the disk looked like when it was last shown or scanned.
    package var look: Look?
    /// The same record in sets.
    package var view = EventView()
  }

  /// What is known of another host.
  package struct Member: Sendable {
    package var incarnation: ReplicaID
    package var knowledge: VersionVector
  }

  package var mint: Mint
  /// The last number at the last meeting: up to here nobody can know another meaning.
  package var confirmed: UInt64 = 0
  package var knowledge = VersionVector()
  package var rows: [Row]
  package var members: [Member?]
  /// The incarnations that were known at the end of the last complete exchange with each host.
  package var met: [[ReplicaID]?]
  /// The incarnations that are gone for good, as somebody has said.
  package var retired: Set<ReplicaID> = []
  /// `knowledge` in sets.
  package var known = EventSet()

  package init(replica: ReplicaID, paths: Int, hosts: Int) {
    mint = Mint(replica: replica, last: 0)
    rows = Array(repeating: Row(), count: paths)
    members = Array(repeating: nil, count: hosts)
    met = Array(repeating: nil, count: hosts)
  }
}

/// A host of a history: its database, its disk, and what its user is about to do.
package struct HistoryHost: Sendable {
  /// A decision that a user makes on what was on the screen then.
  package struct Decision: Sendable {
    package var path: Int
    package var dots: Set<Dot>
    package var seen: EventSets
    package var values: [Int?]
  }

  package struct Backup: Sendable {
    package var database: HistoryDatabase
    package var disk: [Look?]
  }

  package var database: HistoryDatabase
  package var disk: [Look?]
  /// Paths that somebody may have changed since they were scanned.
  package var touched: [Bool]
  package var heldOwner: Int?
  package var decision: Decision?
  package var backups: [Backup] = []
  /// A rollback that the host has not noticed: the last number that is certain, and the events that
  /// were minted since under names that may have been spent before.
  package var doubt: (last: UInt64, events: [Int])?

  package init(replica: ReplicaID, paths: Int, hosts: Int) {
    database = HistoryDatabase(replica: replica, paths: paths, hosts: hosts)
    disk = Array(repeating: nil, count: paths)
    touched = Array(repeating: false, count: paths)
  }

  package var replica: ReplicaID { database.mint.replica }
}

extension EventLog {
  /// What an event must write and supersede, from what a host had seen and shown and what it finds
  /// on its disk; nil: no event.
  func expected(
    _ path: Int, _ view: EventView, hasRecord: Bool, known: EventSet, before: Look?, now: Look?
  ) -> (writes: [Int?], superseded: EventSets)? {
    var writes: [Int?] = [nil, nil, nil, nil]
    var superseded = EventSets()
    let standing = EventSets { view.survivors(path, $0, in: self) }
    switch (before, now) {
    case (nil, nil): return nil
    case (nil, let now?):
      if (0..<4).allSatisfy({ wanted(standing[$0], $0, view.choice) == now[$0] }) { return nil }
      let all = hasRecord ? view.seen : known.intersection(events(of: path))
      for register in 0..<4 {
        writes[register] = now[register]
        superseded[register] =
          hasRecord && register == 0
          ? view.shown[0] : all.intersection(writers(path, register))
      }
    case (.some, nil):
      if standing[0].isEmpty || wanted(standing[0], 0, view.choice) == 0 { return nil }
      writes[0] = 0
      superseded[0] = view.shown[0]
    case (let before?, let now?):
      for register in 0..<4 {
        let wanted = wanted(standing[register], register, view.choice)
        let isWanted = before[register] != now[register] && wanted == now[register]
        let isChanged = before[register] != now[register] && !isWanted
        let isLost = register > 0 && writes[0] != nil && standing[register].isEmpty
        // Who edits what was decided confirms the attributes that were decided with it.
        let isConfirmed =
          register > 0 && writes[0] != nil && !isChanged && wanted != nil
          && settled(standing[register], register) == nil
          && (isWanted || standing[register].isSubset(of: view.shown[register]))
        guard isChanged || isLost || isConfirmed else { continue }
        writes[register] = isConfirmed ? wanted : now[register]
        superseded[register] = isConfirmed ? standing[register] : view.shown[register]
      }
      if writes.allSatisfy({ $0 == nil }) { return nil }
    }
    return (writes, superseded)
  }
}
