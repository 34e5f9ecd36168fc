import Glibc
import Model
import Testing

@testable import ModelEdge

@Suite struct `The witness` {
  let scratch = StateScratch()
  let path = TreePath("/a")!

  /// Opens the state, gives out `count` numbers and closes it.
  @discardableResult
  private func mint(_ count: UInt64) throws -> (opening: Opening, state: ReplicaState) {
    let (store, opening) = try openState(scratch)
    var state = try store.replicaState()
    state.last += count
    try store.transaction { () throws(Failure) in
      try store.put(fileEntry(path, 1), "web")
      try store.setReplicaState(state)
    }
    store.close()
    return (opening, state)
  }

  private func open() throws -> (opening: Opening, state: ReplicaState) {
    let (store, opening) = try openState(scratch)
    defer { store.close() }
    return (opening, try store.replicaState())
  }

  @Test func `lets a database go on that is as it was left`() throws {
    let first = try mint(3)
    #expect(first.opening == .fresh)
    let second = try mint(4)
    #expect(second.opening == .continued)
    #expect(second.state.replica == first.state.replica && second.state.last == 7)
    #expect(try open().opening == .continued)
  }

  @Test func `gives a database restored from yesterday a new identity`() throws {
    let yesterday = try mint(3).state
    shell("cp \(scratch.state)/state.db \(scratch.path)/backup")
    try mint(1)
    shell("cp \(scratch.path)/backup \(scratch.state)/state.db")
    let (opening, state) = try open()
    #expect(
      opening
        == .renewed(
          former: yesterday, reason: "the database is older than its witness: 3 of 4 changes"))
    #expect(state.replica != yesterday.replica && state.last == 0)
    #expect(try open().opening == .continued)
  }

  @Test func `records the new identity where the old one stood`() throws {
    let (store, _) = try openState(scratch)
    let old = try store.replicaState().replica
    try store.learnReplica(old, host: "h1", group: "web")
    try store.setReplicaState(ReplicaState(replica: old, last: 1, confirmed: 0))
    store.close()
    shell("rm \(scratch.state)/witness")
    let (again, opening) = try openState(scratch)
    guard case .renewed(_, let reason) = opening else {
      Issue.record("\(opening)")
      return
    }
    #expect(reason == "its witness is missing")
    let new = try again.replicaState().replica
    let replicas = try again.replicas("web")
    #expect(Set(replicas.map(\.replica)) == [old, new])
    #expect(replicas.allSatisfy { $0.host == "h1" })
  }

  @Test func `is made anew for a database that has not given out anything`() throws {
    _ = try open()
    shell("rm \(scratch.state)/witness")
    #expect(try open().opening == .continued)
    #expect(shell("test -s \(scratch.state)/witness") == 0)
  }

  @Test(arguments: [": >", "echo concord witness 1 >", "head -c 90 /dev/urandom >"])
  func `counts for nothing if it is damaged`(_ command: String) throws {
    try mint(1)
    shell("\(command) \(scratch.state)/witness")
    guard case .renewed(_, "its witness is damaged") = try open().opening else {
      Issue.record("not renewed")
      return
    }
  }

  @Test func `knows the database of another host`() throws {
    let other = StateScratch()
    let foreign = try openState(other).store
    foreign.close()
    try mint(1)
    shell("cp \(other.state)/state.db \(scratch.state)/state.db")
    guard case .renewed(_, "the database is that of another replica") = try open().opening else {
      Issue.record("not renewed")
      return
    }
  }

  // Only peers notice this one: they remember the meetings since.
  @Test func `cannot tell when the whole directory was restored`() throws {
    try mint(1)
    shell("cp -a \(scratch.state) \(scratch.path)/backup")
    try mint(1)
    shell("cd \(scratch.path) && rm -r state && mv backup state")
    #expect(try open().opening == .continued)
  }

  @Test func `lets a database that was lost begin anew`() throws {
    let lost = try mint(3).state
    shell("rm \(scratch.state)/state.db")
    let (opening, state) = try open()
    #expect(opening == .fresh)
    #expect(state.replica != lost.replica)
  }

  @Test func `fits the database before and after a commit that was cut short`() throws {
    let state = try mint(3).state
    for (low, high) in [(3, 9), (1, 3)] as [(UInt64, UInt64)] {
      var witness = Witness(state, needsLog: false)
      (witness.low, witness.high) = (low, high)
      let directory = try StateDirectory.open(scratch.state, ownerWait: 0)
      try directory.replace(Witness.name, witness.bytes)
      let (store, opening) = try SQLiteStore.open(directory, randomBytes: randomBytes)
      #expect(opening == .continued)
      store.close()
    }
  }

  @Test func `is never behind the database in any copy of the files`() throws {
    let (store, _) = try openState(scratch)
    var state = try store.replicaState()
    for _ in 0..<10 {
      state.last += 2
      try store.setReplicaState(state)
      let directory = try StateDirectory.open(scratch.path + "/w", ownerWait: 0)
      shell("cp \(scratch.state)/witness \(directory.path)/")
      let witness = Witness(try directory.read(Witness.name, limit: 1024) ?? [])
      #expect(witness?.low == state.last && witness?.high == state.last)
      #expect(witness?.needsLog == true)
    }
    store.close()
  }

  @Test func `reads only what it has written`() {
    let state = ReplicaState(replica: someReplica, last: .max, confirmed: 0)
    let bytes = Witness(state, needsLog: true).bytes
    #expect(Witness(bytes) == Witness(state, needsLog: true))
    for place in bytes.indices {
      var bad = bytes
      bad[place] ^= 0x80
      #expect(Witness(bad) == nil)
      #expect(Witness(Array(bytes.prefix(place))) == nil)
    }
  }
}

@Suite struct `The state directory` {
  let scratch = StateScratch()

  private func refusal() -> Failure? {
    failure { () throws(Failure) in _ = try StateDirectory.open(scratch.state, ownerWait: 0) }
  }

  @Test func `is made for its owner alone`() throws {
    _ = try StateDirectory.open(scratch.state, ownerWait: 0)
    #expect(shell("test $(stat -c %a \(scratch.state)) = 700") == 0)
  }

  @Test(arguments: ["755", "770", "701"])
  func `is refused if others have access`(_ mode: String) {
    shell("mkdir \(scratch.state) && chmod \(mode) \(scratch.state)")
    #expect(refusal()?.kind == .permission)
    #expect(refusal()?.remedy == "chmod 700 \(scratch.state)")
  }

  @Test func `is refused if it belongs to somebody else`() {
    guard geteuid() == 0 else { return }
    shell("mkdir -m 700 \(scratch.state) && chown 12345 \(scratch.state)")
    #expect(refusal()?.reason.hasPrefix("it belongs to user #12345") == true)
  }

  @Test func `is refused if it is a symbolic link or a file`() {
    shell("mkdir -m 700 \(scratch.path)/real && ln -s real \(scratch.state)")
    #expect(refusal()?.reason == "it is no directory or a symbolic link")
    shell("rm \(scratch.state); touch \(scratch.state)")
    #expect(refusal()?.reason == "it is no directory or a symbolic link")
  }

  @Test func `has one owner at a time`() throws {
    var owner: StateDirectory? = try StateDirectory.open(scratch.state, ownerWait: 0)
    #expect(owner != nil)
    let trouble = refusal()
    #expect(trouble?.kind == .busy)
    #expect(
      trouble?.reason == "another concord works with this state; it is process \(getpid())")
    owner = nil
    #expect(refusal() == nil)
  }

  @Test func `is waited for as long as allowed`() throws {
    _ = try StateDirectory.open(scratch.state, ownerWait: 0)
    shell("flock \(scratch.state)/lock sleep 0.5 & sleep 0.2")
    #expect(refusal()?.kind == .busy)
    _ = try StateDirectory.open(scratch.state, ownerWait: 20)
  }

  @Test func `says busy if another program has the database open`() throws {
    try openState(scratch).store.close()
    shell(
      "python3 -c \"import sqlite3, time; c = sqlite3.connect('\(scratch.state)/state.db');"
        + " c.execute('pragma locking_mode = exclusive'); c.execute('begin exclusive');"
        + " open('\(scratch.path)/ready', 'w'); time.sleep(3)\" &"
        + " while [ ! -e \(scratch.path)/ready ]; do sleep 0.02; done")
    let trouble = failure { () throws(Failure) in _ = try openState(scratch) }
    #expect(trouble?.kind == .busy)
    let directory = try StateDirectory.open(scratch.state, ownerWait: 0)
    let again = try SQLiteStore.open(directory, ownerWait: 20, randomBytes: randomBytes)
    #expect(again.opening == .continued)
  }
}
