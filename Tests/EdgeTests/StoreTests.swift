import Model
import Testing

@testable import ModelEdge

@Suite struct `A store` {
  let scratch = StateScratch()
  let store: SQLiteStore

  init() throws { store = try openState(scratch).store }

  private func path(_ text: String) -> TreePath { TreePath(text)! }

  @Test func `undoes all of a transaction that throws`() throws {
    let before = try store.replicaState()
    let trouble = failure { () throws(Failure) in
      try store.transaction { () throws(Failure) in
        try store.put(fileEntry(path("/a"), 1), "web")
        try store.setReplicaState(ReplicaState(replica: before.replica, last: 5, confirmed: 0))
        try store.setNote("n", [1])
        throw Failure(.usage, "p", "a", "r")
      }
    }
    #expect(trouble?.kind == .usage)
    #expect(try store.entry("web", path("/a")) == nil)
    #expect(try store.replicaState() == before)
    #expect(try store.note("n") == nil)
    // Numbers given out in what was undone must not be believed in.
    try store.put(fileEntry(path("/b"), 2), "mail")
    store.close()
    let again = try openState(scratch)
    #expect(again.opening == .continued)
    #expect(try again.store.entry("mail", path("/b")) == fileEntry(path("/b"), 2))
  }

  @Test func `counts a transaction within another as part of it`() throws {
    try store.transaction { () throws(Failure) in
      try store.transaction { () throws(Failure) in try store.setNote("n", [1]) }
      #expect(try store.note("n") == [1])
    }
    #expect(try store.note("n") == [1])
    // Half of an inner one is never kept, even if its failure is swallowed.
    let trouble = failure { () throws(Failure) in
      try store.transaction { () throws(Failure) in
        try? store.transaction { () throws(Failure) in
          try store.setNote("n", [2])
          throw Failure(.usage, "p", "a", "r")
        }
      }
    }
    #expect(trouble?.kind == .usage)
    #expect(try store.note("n") == [1])
  }

  @Test func `remembers replicas, knowledge, peers and members`() throws {
    let (one, two) = (ReplicaID(high: 1, low: 1), ReplicaID(high: 2, low: 2))
    try store.learnReplica(two, host: "b", group: "web")
    try store.learnReplica(one, host: "a", group: "web")
    try store.learnReplica(one, host: "a2", group: "web")
    var knowledge = VersionVector()
    #expect(try store.knowledge("web") == knowledge)
    knowledge.insert(Dot(one, 1 << 48)!)
    knowledge.insert(Dot(two, 3)!)
    try store.setKnowledge(knowledge, "web")
    var peer = PeerState(name: "b")
    try store.put(peer)
    peer.fingerprint = "sha256:00"
    peer.replica = two
    peer.meetings = .max
    peer.nonces = [1, 2]
    peer.lastMet = -5
    peer.trouble = "no route to host"
    peer.troubleKind = "unreachable"
    try store.put(peer)
    try store.put(PeerState(name: "a"))
    var member = MemberState(host: "b")
    member.replica = two
    member.knowledge = knowledge
    member.exchangedReplicas = [one, two]
    try store.put(member, "web")
    try store.put(MemberState(host: "a"), "web")
    store.close()
    let again = try openState(scratch).store
    let replicas = try again.replicas("web")
    #expect(replicas.map(\.replica) == [one, two] && replicas.map(\.host) == ["a2", "b"])
    #expect(try again.replicas("mail").isEmpty)
    #expect(try again.knowledge("web") == knowledge)
    #expect(try again.knowledge("mail").isEmpty)
    #expect(try again.peer("b") == peer)
    #expect(try again.peers() == [PeerState(name: "a"), peer])
    #expect(try again.peer("c") == nil)
    #expect(try again.member("b", "web") == member)
    #expect(try again.members("web") == [MemberState(host: "a"), member])
    #expect(try again.member("b", "mail") == nil)
  }

  @Test func `keeps the journal, marks, notes and problems`() throws {
    let rows = ["/b", "/a"].map {
      JournalRow(group: "web", path: path($0), token: [9], entry: fileEntry(path($0), 3))
    }
    let (first, second) = (try store.addToJournal(rows), try store.addToJournal([rows[1]]))
    #expect(try store.journal().map(\.batch) == [first, second])
    #expect(try store.journal().map(\.rows) == [rows, [rows[1]]])
    try store.removeFromJournal(first, keeping: [rows[1]])
    try store.removeFromJournal(second, keeping: [])
    #expect(try store.journal().map(\.rows) == [[rows[1]]])
    let mark = ForceMark(path: path("/a"), host: "b")
    try store.addForceMark(mark, "web")
    try store.addForceMark(mark, "web")
    #expect(try store.forceMarks("web") == [mark])
    try store.removeForceMark(mark, "web")
    #expect(try store.forceMarks("web").isEmpty)
    try store.setNote("empty", [])
    #expect(try store.note("empty") == [])
    try store.setNote("empty", nil)
    #expect(try store.note("empty") == nil)
    let problems = ["/z", "/a"].map {
      Problem(group: "web", path: path($0), "not read", "", remedy: "look")
    }
    try store.setProblems(problems, "web", source: "scan")
    try store.setProblems([problems[1]], "web", source: "sync b")
    #expect(try store.problems("web") == problems + [problems[1]])
    try store.setProblems([], "web", source: "scan")
    #expect(try store.problems("web") == [problems[1]])
  }

  @Test func `copies itself into a file that can be worked with`() throws {
    try store.put(fileEntry(path("/a"), 1), "web")
    let file = scratch.path + "/copy.db"
    try store.copy(to: file)
    let copy = try SQLiteStore.open(copy: file)
    #expect(try copy.replicaState() == store.replicaState())
    try copy.put(fileEntry(path("/b"), 2), "web")
    try copy.setReplicaState(ReplicaState(replica: someReplica, last: 9, confirmed: 0))
    #expect(try copy.entries("web", after: nil, limit: 9).count == 2)
    #expect(try store.entries("web", after: nil, limit: 9).count == 1)
    #expect(failure { () throws(Failure) in try store.copy(to: file) } != nil)
  }

  @Test func `says what to do when the disk is full`() throws {
    try store.database.script("PRAGMA max_page_count = 60")
    let trouble = failure { () throws(Failure) in
      try store.transaction { () throws(Failure) in
        for number in 1...5000 { try store.put(fileEntry(path("/\(number)"), 1), "web") }
      }
    }
    #expect(trouble?.kind == .inputOutput)
    #expect(trouble?.remedy == "free space on its file system and run again")
    #expect(try store.entries("web", after: nil, limit: 1).isEmpty)
    try store.put(fileEntry(path("/a"), 1), "web")
  }
}
