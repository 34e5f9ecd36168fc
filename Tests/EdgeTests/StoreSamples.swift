import Glibc
import Model

@testable import ModelEdge

/// A directory of its own for one test; removed with the value.
final class StateScratch {
  let path: String

  init() {
    var template = Array("/tmp/concord-store-XXXXXX".utf8CString)
    mkdtemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { shell("rm -rf '\(path)'") }

  var state: String { path + "/state" }
}

@discardableResult func shell(_ command: String) -> Int32 { system(command) }

func randomBytes(_ count: Int) -> [UInt8] {
  (0..<count).map { _ in UInt8.random(in: 0...255) }
}

/// The state in the directory, made if it is missing.
func openState(_ scratch: StateScratch) throws(Failure) -> (store: SQLiteStore, opening: Opening) {
  let directory = try StateDirectory.open(scratch.state, ownerWait: 0)
  return try SQLiteStore.open(directory, randomBytes: randomBytes)
}

/// What `body` throws.
func failure(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) { try body() } catch { return error }
  return nil
}

let someReplica = ReplicaID(high: 0xA1, low: 1)

func digest(_ number: Int) -> Digest {
  var bytes = [UInt8](repeating: 0, count: 32)
  for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: number >> (index * 8)) }
  return Digest(bytes)!
}

/// A file that one host has written and that is shown.
func fileEntry(
  _ path: TreePath, _ sequence: UInt64, digest: Digest = digest(1), state: EntryState = []
) -> Entry {
  let file = FileContent(
    digest: digest, size: 1000, modified: Timestamp(seconds: 1_700_000_000, nanoseconds: 5),
    isBirth: true)
  return liveEntry(path, sequence, .file(file), state: state)
}

func liveEntry(
  _ path: TreePath, _ sequence: UInt64, _ content: Content, state: EntryState = []
) -> Entry {
  let dot = Dot(someReplica, sequence)!
  let owner = Owner(user: .name(Array("deploy".utf8)), group: .number(0))
  var record = Record(vector: VersionVector())
  record.vector.insert(dot)
  record.content = Register(dot, content)
  record.mode = Register(dot, Mode(bits: 0o644))
  record.owner = Register(dot, owner)
  record.acl = Register(dot, .none)
  let shown = Shown(
    content: ShownValue(dots: [dot], value: content),
    attributes: ShownAttributes(
      mode: ShownValue(dots: [dot], value: Mode(bits: 0o644)),
      owner: ShownValue(dots: [dot], value: owner), acl: ShownValue(dots: [dot], value: .none)))
  return Entry(path: path, record: record, shown: shown, state: state)
}

func tombstone(_ path: TreePath, _ sequence: UInt64) -> Entry {
  let dot = Dot(someReplica, sequence)!
  var record = Record(vector: VersionVector())
  record.vector.insert(dot)
  record.content = Register(dot, .absent)
  return Entry(path: path, record: record, shown: .nothing, state: .tombstone)
}
