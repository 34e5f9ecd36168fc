import Glibc
import Model
import TestKit
import Testing

@testable import ModelEdge

/// A store of either kind, and the digest that it goes by.
enum KeptKind: String, CaseIterable, CustomTestStringConvertible {
  case database
  case memory

  var testDescription: String { rawValue }

  func make(_ scratch: StateScratch) throws(Failure) -> any Store {
    switch self {
    case .database: try openState(scratch).store
    case .memory: MemoryStore(replica: someReplica)
    }
  }

  func digest(_ bytes: [UInt8]) -> Digest {
    switch self {
    case .database: sha256(bytes)
    case .memory: memoryDigest(bytes)
    }
  }
}

private func keepAll(
  _ bytes: [UInt8], as digest: Digest, _ store: any Store, room: UInt64 = 1 << 30
) throws -> KeepResult {
  var pieces = [Array(bytes.prefix(1_000)), Array(bytes.dropFirst(1_000)), []][...]
  if bytes.count <= 1_000 { pieces.remove(at: 1) }
  return try store.keepContent(digest, room: room) { () throws(Failure) in
    pieces.popFirst() ?? []
  }
}

private let text = Array(String(repeating: "a line of text\n", count: 1_000).utf8)
private let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
private let place = TreePath("/f")!

/// What both stores promise about contents.
@Suite struct `Kept contents` {
  let scratch = StateScratch()

  @Test(arguments: KeptKind.allCases)
  func `come back as they were, small and large, whole and in parts`(_ kind: KeptKind) throws {
    let store = try kind.make(scratch)
    for bytes in [[7], text, large] {
      let digest = kind.digest(bytes)
      #expect(try keepAll(bytes, as: digest, store) == .kept)
      #expect(try store.hasContent(digest) && store.proveContent(digest))
      #expect(try store.content(digest, limit: UInt64(bytes.count)) == bytes)
      #expect(try store.content(digest, limit: UInt64(bytes.count - 1)) == nil)
      #expect(try store.contentPart(digest, 0) == Array(bytes.prefix(contentPartBytes)))
      #expect(try store.contentPart(digest, 2) == nil)
    }
    #expect(
      try store.contentPart(kind.digest(large), 1) == Array(large.dropFirst(contentPartBytes)))
    #expect(try store.contentsHeld().count == 3)
    #expect(try !store.hasContent(kind.digest([1])) && !store.proveContent(kind.digest([1])))
    #expect(try store.contentPart(kind.digest([1]), 0) == nil)
  }

  @Test(arguments: KeptKind.allCases)
  func `are kept only if they are what their digest says`(_ kind: KeptKind) throws {
    let store = try kind.make(scratch)
    for bytes in [text, large] {
      #expect(try keepAll(bytes, as: kind.digest([1]), store) == .differs)
      #expect(try keepAll(Array(bytes.dropLast()), as: kind.digest(bytes), store) == .differs)
      #expect(try store.contentsHeld() == (0, 0))
    }
  }

  @Test(arguments: KeptKind.allCases)
  func `stay within their room`(_ kind: KeptKind) throws {
    let store = try kind.make(scratch)
    var dice = SystemRandomNumberGenerator()
    let (first, second) = ((0..<3_000).map { _ in UInt8.random(in: 0...255, using: &dice) }, large)
    #expect(try keepAll(first, as: kind.digest(first), store, room: 4_000) == .kept)
    #expect(try keepAll(second, as: kind.digest(second), store, room: 4_000) == .noRoom)
    #expect(try !store.hasContent(kind.digest(second)))
    #expect(try store.contentsHeld() == (1, 3_000))
    try store.dropContent(kind.digest(first))
    #expect(try store.contentsHeld() == (0, 0))
  }

  @Test(arguments: KeptKind.allCases)
  func `are tied to one path of one group`(_ kind: KeptKind) throws {
    let store = try kind.make(scratch)
    let digest = kind.digest(text)
    let other = TreePath("/e")!
    try store.tie(digest, "g", place)
    try store.tie(digest, "g", place)
    try store.tie(digest, "g", other)
    try store.tie(kind.digest(large), "g", place)
    #expect(try store.isTied(digest, "g", place) && store.isTied(digest))
    #expect(try !store.isTied(digest, "h", place))
    #expect(try !store.isTied(digest, "g", TreePath("/h")!))
    #expect(try store.tieCount("g") == 3 && store.tieCount("h") == 0)
    #expect(try store.ties("g", after: nil, limit: 1).map(\.path) == [other])
    #expect(try store.ties("g", after: other, limit: 1).map(\.path) == [place, place])
    try store.untie(digest, "g", place)
    try store.untie(digest, "g", other)
    #expect(try !store.isTied(digest))
    #expect(try store.tieCount("g") == 1)
  }
}

/// What only the store on a disk has to care about.
@Suite struct `Kept contents on a disk` {
  let scratch = StateScratch()
  private var file: String { scratch.state + "/contents.db" }

  /// A state with a conflict, one version of which is kept.
  private func withConflict() throws -> (SQLiteStore, Digest) {
    let store = try openState(scratch).store
    var entry = fileEntry(place, 3)
    entry.record.content.replace([], with: Dot(someReplica, 4)!, .absent)
    entry.refresh()
    try store.put(entry, "g")
    let digest = sha256(large)
    #expect(try keepAll(large, as: digest, store) == .kept)
    try store.tie(digest, "g", place)
    return (store, digest)
  }

  private func lacks(_ store: SQLiteStore) throws -> Bool {
    try store.entry("g", place)?.state.contains(.lacking) == true
  }

  @Test func `outlive the process, and mark nothing`() throws {
    let (store, digest) = try withConflict()
    store.close()
    let again = try openState(scratch).store
    #expect(try again.content(digest, limit: 1 << 20) == large)
    #expect(try !lacks(again))
  }

  @Test(arguments: ["rm", "head -c 5000 /dev/urandom >", ": >"])
  func `that cannot be opened are replaced, and asked for again`(_ harm: String) throws {
    let (store, digest) = try withConflict()
    store.close()
    shell("\(harm) '\(file)'")
    let again = try openState(scratch).store
    #expect(try !again.hasContent(digest))
    #expect(try lacks(again))
    #expect(try keepAll(large, as: digest, again) == .kept)
  }

  @Test func `that turn out to be damaged later are replaced, too`() throws {
    let (store, digest) = try withConflict()
    store.close()
    shell(
      "head -c 40960 /dev/zero | tr '\\0' '\\377' | dd of='\(file)' bs=4096 seek=1 conv=notrunc")
    let again = try openState(scratch).store
    let told = failure { () throws(Failure) in _ = try again.hasContent(digest) }
    #expect(told?.kind == .badData)
    #expect(told?.place.contains("contents.db") == true)
    #expect(try !again.hasContent(digest))
    #expect(try lacks(again))
    #expect(try keepAll(large, as: digest, again) == .kept)
    #expect(try again.content(digest, limit: 1 << 20) == large)
  }

  @Test func `one by one are dropped when their bytes have changed`() throws {
    let (store, digest) = try withConflict()
    store.close()
    let raw = try SQLiteConnection(file, create: false, wait: 0, cure: "")
    try raw.script("UPDATE part SET body = zeroblob(length(body)) WHERE number = 1")
    raw.close()
    let again = try openState(scratch).store
    #expect(try again.content(digest, limit: 1 << 20) == nil)
    #expect(try !again.hasContent(digest))
    #expect(try lacks(again))
  }

  @Test func `take less room than they have bytes if they are long texts`() throws {
    let store = try openState(scratch).store
    #expect(try keepAll(text, as: sha256(text), store) == .kept)
    #expect(try store.contentsHeld().bytes < UInt64(text.count / 4))
  }

  @Test func `are not copied with the state`() throws {
    let (store, digest) = try withConflict()
    try store.copy(to: scratch.path + "/copy")
    let copy = try SQLiteStore.open(copy: scratch.path + "/copy")
    #expect(try !copy.hasContent(digest))
    #expect(try copy.contentsHeld() == (0, 0))
    #expect(try copy.isTied(digest, "g", place))
    #expect(try !lacks(copy))
    #expect(try store.content(digest, limit: 1 << 20) == large)
  }

  @Test func `are undone together`() throws {
    let store = try openState(scratch).store
    let trouble = failure { () throws(Failure) in
      try store.keepTogether { () throws(Failure) in
        var pieces = [text, []][...]
        _ = try store.keepContent(sha256(text), room: 1 << 30) { () throws(Failure) in
          pieces.popFirst() ?? []
        }
        throw Failure(.usage, "p", "a", "r")
      }
    }
    #expect(trouble != nil)
    #expect(try !store.hasContent(sha256(text)))
    #expect(try store.contentsHeld() == (0, 0))
  }

  @Test func `never grow beyond the size that was written down`() {
    let small = Zip.packed(text)
    #expect(small.flatMap { Zip.unpacked($0, count: text.count) } == text)
    #expect(small.flatMap { Zip.unpacked($0, count: text.count - 1) } == nil)
    #expect(small.flatMap { Zip.unpacked($0, count: text.count + 1) } == nil)
    #expect(small.flatMap { Zip.unpacked($0, count: 1 << 40) } == nil)
    #expect(Zip.unpacked([1, 2, 3], count: 10) == nil)
  }
}
