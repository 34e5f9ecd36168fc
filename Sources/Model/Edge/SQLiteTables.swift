import Model

// What rows refer to by number: replicas, groups, stems.
extension SQLiteStore {
  func loadReplicas() throws(Failure) {
    var all: [ReplicaID] = []
    try database.rows("SELECT body, id FROM replica ORDER BY id") { row throws(Failure) in
      guard let replica = ReplicaID(row.blob(0)), row.integer(1) == Int64(all.count) else {
        throw database.damage("the list of replicas has a gap")
      }
      all.append(replica)
    }
    replicas = ReplicaTable(all)
    storedReplicas = all.count
    guard replicas.replicas.count == storedReplicas else {
      throw database.damage("a replica is listed twice")
    }
  }

  /// Writes the replicas that got a number in this transaction.
  func storeReplicas() throws(Failure) {
    while storedReplicas < replicas.replicas.count {
      try database.run(
        "INSERT INTO replica VALUES (?, ?)",
        [.integer(Int64(storedReplicas)), .blob(replicas.replicas[storedReplicas].bytes)])
      storedReplicas += 1
    }
  }

  /// The number of a group; nil if nothing was ever written of it.
  func number(of group: String) throws(Failure) -> Int64? {
    if let number = groups[group] { return number }
    let number = try database.first("SELECT id FROM grp WHERE name = ?", [.text(group)]) {
      row throws(Failure) in row.integer(0)
    }
    if let number { groups[group] = number }
    return number
  }

  /// The number of a group, given out if it has none.
  func makeNumber(of group: String) throws(Failure) -> Int64 {
    if let number = try number(of: group) { return number }
    try database.run("INSERT INTO grp (name) VALUES (?)", [.text(group)])
    guard let number = try number(of: group) else { throw database.damage("a group is lost") }
    return number
  }

  func number(of stem: VersionVector) throws(Failure) -> Int64 {
    if let number = stemNumbers[stem] { return number }
    var out = CBORWriter(capacity: 64)
    out.write(stem, &replicas)
    try database.run("INSERT OR IGNORE INTO stem (body) VALUES (?)", [.blob(out.bytes)])
    let number = try database.first("SELECT id FROM stem WHERE body = ?", [.blob(out.bytes)]) {
      row throws(Failure) in row.integer(0)
    }
    guard let number else { throw database.damage("a stem is lost") }
    remember(stem, number)
    return number
  }

  func stem(_ number: Int64) throws(Failure) -> VersionVector {
    if let stem = stems[number] { return stem }
    let body = try database.first("SELECT body FROM stem WHERE id = ?", [.integer(number)]) {
      row throws(Failure) in row.blob(0)
    }
    guard let body else { throw database.damage("stem \(number) is missing") }
    let stem = try vector(body)
    remember(stem, number)
    return stem
  }

  // Most rows share few stems; the limit bounds the memory where they do not.
  private func remember(_ stem: VersionVector, _ number: Int64) {
    if stems.count >= 4096 {
      stems = [:]
      stemNumbers = [:]
    }
    stems[number] = stem
    stemNumbers[stem] = number
  }

  /// Drops the stems that no entry needs any more, if there are many.
  func sweepStems() throws(Failure) {
    let count = try database.first("SELECT count(*) FROM stem") { row throws(Failure) in
      row.integer(0)
    }
    guard let count, count > 1024 else { return }
    try write { () throws(Failure) in
      try database.run(
        """
        DELETE FROM stem WHERE id NOT IN (SELECT stem FROM entry WHERE stem IS NOT NULL)
        """)
    }
    stems = [:]
    stemNumbers = [:]
  }

  func bytes(of vector: VersionVector) -> [UInt8] {
    var out = CBORWriter(capacity: 64)
    out.write(vector, &replicas)
    return out.bytes
  }

  func vector(_ bytes: [UInt8]) throws(Failure) -> VersionVector {
    do throws(WireFault) {
      var reader = CBORReader(bytes)
      let vector = try reader.readVector(replicas)
      try reader.finish()
      return vector
    } catch {
      throw damaged("a vector", error)
    }
  }
}
