/// Lets a host that was struck, copied or restored take part again.
package enum Rejoining {
  /// A new replica that knows nothing, with the records and the files of the former one.
  ///
  /// Absence speaks through knowledge: a host that knows nothing deletes nothing elsewhere. What
  /// the others have deleted meanwhile they answer for by theirs. Numbers that nobody has confirmed
  /// are given out anew, as in `Renewal`: another life of the database may have spent them.
  package static func run(
    groups: [String], host: String, replica: ReplicaID, store: any Store
  ) throws(Failure) {
    try store.transaction { () throws(Failure) in
      try Renewal.run(groups: groups, host: host, replica: replica, store: store)
      let state = try store.replicaState()
      for group in groups {
        var knowledge = VersionVector()
        if let dot = Dot(state.replica, state.last) { knowledge.insert(dot) }
        try store.setKnowledge(knowledge, group)
      }
    }
  }
}
