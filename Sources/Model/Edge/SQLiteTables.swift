import Model

// What rows refer to by number: replicas, owners, groups, stems.
extension SQLiteStore {
  func loadShorthand() throws(Failure) {
    let replicas = try list("SELECT id, body FROM replica ORDER BY id") {
      bytes throws(WireFault) in
      guard let replica = ReplicaID(bytes) else { throw WireFault(.badValue, at: 0) }
      return replica
    }
    let owners = try list("SELECT id, body FROM owner ORDER BY id") { bytes throws(WireFault) in
      var reader = CBORReader(bytes)
      let owner = try reader.readOwner()
      try reader.finish()
      return owner
    }
    let loaded = Shorthand(replicas: replicas, owners: owners)
    guard loaded.replicas.count == replicas.count, loaded.owners.count == owners.count else {
      throw database.damage("a replica or owner is listed twice")
    }
    short = loaded
    (storedReplicas, storedOwners) = (replicas.count, owners.count)
  }

  /// A table whose row numbers are the places of a list.
  private func list<Element>(
    _ sql: String, _ element: ([UInt8]) throws(WireFault) -> Element
  ) throws(Failure) -> [Element] {
    var list: [Element] = []
    try database.rows(sql) { row throws(Failure) in
      guard row.integer(0) == Int64(list.count) else {
        throw database.damage("the list of replicas or owners has a gap")
      }
      do throws(WireFault) { list.append(try element(row.blob(1))) } catch {
        throw damaged("a replica or owner", error)
      }
    }
    return list
  }

  /// Writes the replicas and owners that got a number in this transaction.
  func storeShorthand() throws(Failure) {
    while storedReplicas < short.replicas.count {
      try database.run(
        "INSERT INTO replica VALUES (?, ?)",
        [.integer(Int64(storedReplicas)), .blob(short.replicas[storedReplicas].bytes)])
      storedReplicas += 1
    }
    while storedOwners < short.owners.count {
      var out = CBORWriter(capacity: 32)
      out.write(short.owners[storedOwners])
      try database.run(
        "INSERT INTO owner VALUES (?, ?)",
        [.integer(Int64(storedOwners)), .blob(out.bytes)])
      storedOwners += 1
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
    out.write(stem, &short)
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
    out.write(vector, &short)
    return out.bytes
  }

  func vector(_ bytes: [UInt8]) throws(Failure) -> VersionVector {
    do throws(WireFault) {
      var reader = CBORReader(bytes)
      let vector = try reader.readVector(short)
      try reader.finish()
      return vector
    } catch {
      throw damaged("a vector", error)
    }
  }
}
