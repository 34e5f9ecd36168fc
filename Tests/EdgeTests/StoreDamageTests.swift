import Glibc
import Model
import Testing

@testable import ModelEdge

@Suite struct `A damaged state` {
  let scratch = StateScratch()
  let path = TreePath("/a")!

  private func fill(_ count: Int = 1) throws {
    let store = try openState(scratch).store
    try store.transaction { () throws(Failure) in
      for number in 1...count {
        try store.put(fileEntry(TreePath("/\(number)")!, UInt64(number)), "web")
      }
      let state = try store.replicaState()
      try store.setReplicaState(
        ReplicaState(replica: state.replica, last: UInt64(count), confirmed: 0))
    }
    store.close()
  }

  private func refusal() -> Failure? {
    failure { () throws(Failure) in _ = try openState(scratch) }
  }

  /// Damages the files and checks that opening says so and changes nothing.
  private func check(_ command: String, _ reason: String) throws {
    try fill(2000)
    shell("cd \(scratch.state) && \(command)")
    shell("cd \(scratch.state) && sha256sum state.db > ../before")
    let trouble = refusal()
    #expect(trouble?.kind == .badData)
    #expect(trouble?.reason.contains(reason) == true, "\(trouble?.description ?? "opened")")
    #expect(trouble?.remedy.isEmpty == false)
    #expect(shell("cd \(scratch.state) && sha256sum --quiet -c ../before") == 0)
  }

  @Test func `is refused if it is empty`() throws { try check(": > state.db", "it is empty") }

  @Test func `is refused if it is random`() throws {
    try check("head -c 65536 /dev/urandom > state.db", "not a database")
  }

  @Test func `is refused if it is cut off`() throws {
    try check("truncate -s 40000 state.db", "malformed")
  }

  @Test func `is refused if it is another program's`() throws {
    try check(
      "rm state.db; python3 -c \"import sqlite3; c = sqlite3.connect('state.db');"
        + " c.execute('create table t (a)'); c.commit()\"", "no state of concord")
  }

  @Test func `is refused if a newer concord wrote it`() throws {
    try check(
      "python3 -c \"import sqlite3; c = sqlite3.connect('state.db');"
        + " c.execute('pragma user_version = 99')\"", "newer concord")
  }

  @Test func `is refused if only its log is left`() throws {
    try fill()
    shell("cd \(scratch.state) && echo x > state.db-wal && mv state.db away")
    #expect(refusal()?.reason == "it is missing and its log state.db-wal is there")
    #expect(shell("test -s \(scratch.state)/state.db-wal") == 0)
  }

  @Test func `is refused if a log that it needs is missing`() throws {
    let store = try openState(scratch).store
    try store.put(fileEntry(path, 1), "web")
    shell("cp -a \(scratch.state) \(scratch.path)/dead")
    store.close()
    shell("cd \(scratch.path) && rm -r state dead/state.db-wal && mv dead state")
    #expect(refusal()?.reason == "its log state.db-wal is missing")
  }

  @Test func `names the path whose row is wrong`() throws {
    try fill()
    let store = try openState(scratch).store
    try store.database.run("UPDATE entry SET record = x'1800'")
    let trouble = failure { () throws(Failure) in
      _ = try store.entries("web", after: nil, limit: 1)
    }
    #expect(trouble?.kind == .badData)
    #expect(
      trouble?.reason == "the row of /1: byte 0: a number is not in its shortest form")
    #expect(
      trouble?.remedy
        == "move \(scratch.state) away to start anew: files are kept and joined by content")
    for bytes in ["x''", "x'00'", "x'ff'"] {
      for column in ["record", "shown", "seen", "held", "path"] {
        try store.database.run("UPDATE entry SET \(column) = \(bytes)")
        _ = try? store.entries("web", after: nil, limit: 1)
        _ = try? store.countNotCovered("web", by: VersionVector())
        _ = try? store.entryShowing(digest(1), "web")
      }
    }
  }

  @Test func `opens as the last transaction left it when its owner was killed`() throws {
    let store = try openState(scratch).store
    for round in 1...20 {
      try store.transaction { () throws(Failure) in
        try store.put(fileEntry(path, UInt64(round)), "web")
        let state = try store.replicaState()
        try store.setReplicaState(
          ReplicaState(replica: state.replica, last: UInt64(round), confirmed: 0))
      }
      // A copy of the files at this moment is what a killed process leaves.
      let copy = scratch.path + "/copy\(round)"
      shell("cp -a \(scratch.state) \(copy)")
      let directory = try StateDirectory.open(copy, ownerWait: 0)
      let (again, opening) = try SQLiteStore.open(directory, randomBytes: randomBytes)
      #expect(opening == .continued)
      #expect(try again.entry("web", path) == fileEntry(path, UInt64(round)))
      #expect(try again.replicaState() == store.replicaState())
    }
  }

  @Test func `is no state whose making was cut short`() throws {
    shell("mkdir -m 700 \(scratch.state) && echo half > \(scratch.state)/state.db.new")
    #expect(try openState(scratch).opening == .fresh)
  }
}

@Suite struct `The schema` {
  let scratch = StateScratch()

  private func database() throws -> SQLiteConnection {
    try SQLiteConnection(scratch.path + "/x.db", create: true, wait: 0, cure: "")
  }

  private func version(_ database: SQLiteConnection) throws -> Int64? {
    try database.first("PRAGMA user_version") { row throws(Failure) in row.integer(0) }
  }

  @Test func `is built step by step from version 0`() throws {
    let database = try database()
    try Schema.prepare(database, isNew: true)
    #expect(try version(database) == Schema.version)
    try Schema.prepare(database, isNew: false)
    let next = Schema.migrations + ["CREATE TABLE more (a INTEGER) STRICT"]
    try Schema.migrate(database, from: Schema.version, through: next)
    #expect(try version(database) == Schema.version + 1)
    try database.run("INSERT INTO more VALUES (1)")
    #expect(throws: Failure.self) { try Schema.prepare(database, isNew: false) }
  }

  @Test func `stays as it was if a step fails`() throws {
    let database = try database()
    try Schema.prepare(database, isNew: true)
    let next = Schema.migrations + ["CREATE TABLE more (a INTEGER) STRICT", "nonsense"]
    #expect(throws: Failure.self) {
      try Schema.migrate(database, from: Schema.version, through: next)
    }
    #expect(try version(database) == Schema.version)
    #expect(throws: Failure.self) { try database.run("INSERT INTO more VALUES (1)") }
  }
}
