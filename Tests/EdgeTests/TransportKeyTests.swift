import Glibc
import Model
import Testing
import Transport

@testable import TransportEdge

@Suite struct `An identity` {
  @Test func `is made once, for its owner's eyes only, and then read`() throws {
    let scratch = Scratch()
    let first = try scratch.identity()
    let again = try scratch.identity()
    #expect(first.fingerprint == again.fingerprint)
    #expect(first.fingerprint.hasPrefix("sha256:") && first.fingerprint.utf8.count == 71)
    var status = stat()
    #expect(stat(scratch.path + "/identity", &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o600)
    #expect(try Scratch().identity().fingerprint != first.fingerprint)
  }

  @Test func `of two who start at once is one`() throws {
    let scratch = Scratch()
    let path = scratch.path
    let workers = (0..<4).map { _ in
      Worker { Result { () throws(Failure) in try Identity.load(directory: path).fingerprint } }
    }
    let all = try workers.map { try $0.value.get() }
    #expect(Set(all).count == 1)
  }

  @Test func `that others can read is refused`() throws {
    let scratch = Scratch()
    _ = try scratch.identity()
    chmod(scratch.path + "/identity", 0o640)
    let failure = #expect(throws: Failure.self) { try scratch.identity() }
    #expect(failure?.kind == .permission)
    #expect(failure?.remedy.hasPrefix("run chmod 600 ") == true)
  }

  @Test func `that is damaged is refused and kept`() throws {
    let scratch = Scratch()
    let file = scratch.file("identity", "-----BEGIN PRIVATE KEY-----\nAAAA\n")
    let failure = #expect(throws: Failure.self) { try scratch.identity() }
    #expect(failure?.kind == .badData)
    #expect(access(file, F_OK) == 0)
  }
}

@Suite struct `A key file` {
  let scratch = Scratch()

  private func failure(_ file: String) -> Failure? {
    Result { () throws(Failure) in try readGroupKey(file: file) }.failure
  }

  @Test func `made by keygen is read, and never replaced`() throws {
    let file = scratch.path + "/key"
    try makeGroupKey(file: file)
    let keys = try readGroupKey(file: file)
    #expect(keys.count == 1 && keys[0].count == 44)
    let failure = #expect(throws: Failure.self) { try makeGroupKey(file: file) }
    #expect(failure?.kind == .cannotCreate)
    #expect(try readGroupKey(file: file) == keys)
  }

  @Test func `has the active key first, then those still accepted`() throws {
    let file = scratch.file(
      "key",
      "# new\r\nAAAAAAAAAAAAAAAAAAAAAA\r\n\n  BBBBBBBBBBBBBBBBBBBBBBBB\nAAAAAAAAAAAAAAAAAAAAAA")
    #expect(
      try readGroupKey(file: file) == [
        [UInt8](repeating: 0x41, count: 22), [UInt8](repeating: 0x42, count: 24),
      ])
  }

  @Test func `of csync2 is accepted`() throws {
    let line = "p8Qd.xZ_3vT0kLmN4bWcYe7RsUaJf1Gh9KiOoP2q5Dw6XzVtBnMlCjHgFyEuSrAI"
    #expect(try readGroupKey(file: scratch.file("key", line + "\n")) == [Array(line.utf8)])
  }

  @Test(arguments: ["", "\n\n", "# only words, no key here at all\n"])
  func `without a key is refused`(_ text: String) {
    #expect(failure(scratch.file("key", text))?.reason == "it holds no key")
  }

  @Test func `with a short or strange line is refused, without showing it`() {
    let short = failure(scratch.file("key", "AAAAAAAAAAAAAAAAAAAAAAAA\nsecret\n"))
    #expect(short?.place.hasSuffix("/key:2") == true)
    #expect(short?.reason == "it has 6 characters, and 22 are the least")
    let strange = failure(scratch.file("key", "two words that are long enough\n"))
    #expect(strange?.kind == .badData)
    #expect("\(strange!)\(short!)".contains("secret") == false)
    #expect("\(strange!)".contains("two words") == false)
  }

  @Test(arguments: [0o640, 0o604, 0o620, 0o602] as [mode_t])
  func `that others have access to is refused`(_ mode: mode_t) {
    let file = scratch.file("key", "AAAAAAAAAAAAAAAAAAAAAAAA\n", mode: mode)
    #expect(failure(file)?.kind == .permission)
    #expect(failure(file)?.remedy.hasPrefix("run chmod 600 \(file)") == true)
  }

  @Test func `that is missing says how to get one`() {
    let failure = failure(scratch.path + "/none")
    #expect(failure?.kind == .noInput)
    #expect(failure?.remedy.contains("`concord keygen ") == true)
  }

  @Test func `that is a FIFO, a directory or a link is refused without waiting`() {
    mkfifo(scratch.path + "/fifo", 0o600)
    #expect(failure(scratch.path + "/fifo")?.reason == "it is not a regular file")
    #expect(failure(scratch.path)?.reason == "it is not a regular file")
    let file = scratch.file("key", "AAAAAAAAAAAAAAAAAAAAAAAA\n")
    symlink(file, scratch.path + "/link")
    #expect(failure(scratch.path + "/link")?.reason == "it is a symbolic link")
  }

  @Test func `of a third user is refused`() {
    let file = scratch.file("key", "AAAAAAAAAAAAAAAAAAAAAAAA\n")
    guard geteuid() == 0, chown(file, 65_534, 65_534) == 0 else { return }
    #expect(failure(file)?.reason == "it belongs to user 65534")
  }
}

@Suite struct `Cryptography` {
  // FIPS 180-2, appendix B.1, and RFC 4231, test case 2.
  @Test func `is SHA-256 and HMAC-SHA256`() {
    let sealing = GnuTLSSealing()
    #expect(
      hexadecimal(sealing.digest(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hexadecimal(
        sealing.authenticationCode(
          key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(sealing.random(32) != sealing.random(32))
  }

  // Computed by another implementation: HKDF of RFC 5869 and HMAC, as spec/trust.md has them.
  @Test func `gives these proofs`() {
    let sealing = GnuTLSSealing()
    let line = Array("AAAAAAAAAAAAAAAAAAAAAAAA".utf8)
    #expect(
      hexadecimal(Trust.groupKey(line, group: "web", sealing: sealing))
        == "78512499940b0f0b46343204dfb0f53f76ce62b8a3b2faca92107e69b727d1f3")
    let proof = Trust.proof(
      .client, key: line, group: "web", exporter: [UInt8](repeating: 1, count: 32),
      digest: [UInt8](repeating: 2, count: 32), client: "h1", server: "h2", sealing: sealing)
    #expect(
      hexadecimal(proof) == "479f6e3e0cf0efda7958b9180ed2056d85631af35ed94b5a168172aff2255cb2")
  }
}
