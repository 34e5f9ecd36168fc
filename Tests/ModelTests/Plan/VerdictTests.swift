import Model
import TestKit
import Testing

private let here = ReplicaID(high: 1, low: 1)
private let there = ReplicaID(high: 2, low: 2)

private func dot(_ replica: ReplicaID, _ sequence: UInt64) -> Dot {
  guard let dot = Dot(replica, sequence) else { preconditionFailure("no dot: \(sequence)") }
  return dot
}

private func content(_ word: String) -> Content? {
  func file(_ byte: UInt8) -> Content {
    .file(
      FileContent(
        digest: memoryDigest([byte]), size: 1, modified: Timestamp(seconds: 0, nanoseconds: 0),
        isBirth: false))
  }
  return switch word {
  case "nothing": .absent
  case "file 1": file(1)
  case "file 2": file(2)
  case "directory": .directory
  case "link": .symlink(target: [0x78])
  default: nil
  }
}

/// The entry of one row about a decision: the new event (or its content) won over another one.
private func decidedEntry(record: String, attributes: String, shown: String) throws -> Entry {
  let isSettled = record.hasPrefix("settled ")
  let word = isSettled ? String(record.dropFirst(8)) : record
  var entry = try entry(
    record: word, attributes: attributes == "decided" ? "conflict" : attributes, shown: shown)
  var values = ResolvedValues()
  if !isSettled {
    entry.record.content.replace(
      [], with: dot(here, 3), try #require(content(word == "file 2" ? "file 1" : "file 2")))
    values.content = content(word)
  }
  if attributes == "decided" { values.mode = Mode(bits: 0o600) }
  entry.decided = Entry.Decision(values: values, dots: entry.record.dots(in: values.fields))
  entry.refresh()
  return entry
}

/// The entry of one row: an old event of this host, and then what the record says.
private func entry(record: String, attributes: String, shown: String) throws -> Entry {
  let (old, new, other) = (dot(here, 1), dot(there, 2), dot(here, 3))
  var known = Record(vector: VersionVector())
  for dot in [old, new, other] { known.vector.insert(dot) }
  let plain = Attributes(
    mode: Mode(bits: 0o644), owner: Owner(user: .number(0), group: .number(0)), acl: .none)
  switch record {
  case "empty": break
  case "conflict":
    known.content = Register(new, try #require(content("file 1")))
    known.content.replace([], with: other, try #require(content("file 2")))
  default: known.content = Register(new, try #require(content(record)))
  }
  switch attributes {
  case "as shown": known.mode = Register(old, plain.mode)
  case "other": known.mode = Register(new, Mode(bits: 0o600))
  default:
    known.mode = Register(new, Mode(bits: 0o600))
    known.mode.replace([], with: other, Mode(bits: 0o640))
  }
  known.owner = Register(old, plain.owner)
  known.acl = Register(old, plain.acl)
  var entry = Entry(path: memoryPath("/w/f"), record: known)
  if shown != "nothing" {
    entry.shown = Shown(
      content: ShownValue(dots: [old], value: try #require(content(shown))),
      attributes: ShownAttributes(
        mode: ShownValue(dots: [old], value: plain.mode),
        owner: ShownValue(dots: [old], value: plain.owner),
        acl: ShownValue(dots: [old], value: plain.acl)))
  }
  entry.refresh()
  return entry
}

extension Verdict {
  fileprivate var word: String {
    switch self {
    case .nothing: "nothing"
    case .install: "install"
    case .adjust: "adjust"
    case .remove: "remove"
    }
  }
}

extension EntryState {
  fileprivate var words: String {
    let names: [(EntryState, String)] = [
      (.tombstone, "tombstone"), (.conflict, "conflict"), (.decided, "decided"),
      (.pending, "pending"), (.held, "held"),
      (.keptForChildren, "keptForChildren"),
    ]
    return names.filter { contains($0.0) }.map(\.1).joined(separator: " ")
  }
}

@Suite struct `The table of verdicts` {
  private let rows = SessionPage("spec/reconcile.md").rows(under: "Verdicts")

  @Test func `is what the code decides`() throws {
    #expect(rows.count > 25)
    for row in rows {
      let entry = try entry(record: row[0], attributes: row[1], shown: row[2])
      #expect(entry.verdict.word == row[3], "\(row)")
      #expect(entry.state.words == row[4], "\(row)")
    }
  }

  @Test func `is what the code decides where a policy has decided`() throws {
    let rows = SessionPage("spec/reconcile.md").rows(under: "Decided")
    #expect(rows.count > 12)
    for row in rows {
      var entry = try decidedEntry(record: row[0], attributes: row[1], shown: row[2])
      #expect(entry.verdict.word == row[3], "\(row)")
      #expect(entry.state.words == row[4], "\(row)")
      switch entry.verdict {
      case .install(let content, let wanted): entry.installed(content, applied: wanted, held: [])
      case .adjust(let wanted, _): entry.adjusted(wanted, held: [])
      case .remove: entry.removed()
      case .nothing: break
      }
      #expect(entry.verdict == .nothing, "\(row)")
      #expect(!entry.state.contains(.pending) && entry.state.contains(.decided), "\(row)")
      #expect(entry.shown.content.dots == entry.record.content.dots, "\(row)")
      let isOpen = row[1] == "conflict"
      #expect(entry.state.contains(.conflict) == isOpen, "\(row)")
      if let mode = entry.shown.attributes?.mode, !isOpen {
        #expect(mode.dots == entry.record.mode.dots, "\(row)")
      }
    }
  }

  @Test func `has each case once`() {
    #expect(Set(rows.map { $0.prefix(3).joined(separator: "|") }).count == rows.count)
  }

  @Test func `holds again after the verdict was carried out`() throws {
    for row in rows where row[3] == "install" || row[3] == "adjust" || row[3] == "remove" {
      var entry = try entry(record: row[0], attributes: row[1], shown: row[2])
      switch entry.verdict {
      case .install(let content, let wanted): entry.installed(content, applied: wanted, held: [])
      case .adjust(let wanted, _): entry.adjusted(wanted, held: [])
      case .remove: entry.removed()
      case .nothing: Issue.record("\(row)")
      }
      #expect(entry.verdict == .nothing, "\(row)")
      #expect(!entry.state.contains(.pending), "\(row)")
      let once = entry
      entry.refresh()
      #expect(entry == once, "\(row): a second look changes nothing")
    }
  }

  @Test func `keeps a directory for its children, and forgets it with the mark`() throws {
    var entry = try entry(record: "nothing", attributes: "as shown", shown: "directory")
    let applied = try #require(entry.shown.attributes?.applied)
    entry.keptForChildren(applied, seen: nil)
    #expect(entry.verdict == .nothing)
    #expect(entry.state == [.keptForChildren, .tombstone])
    entry.removed()
    #expect(entry.state == .tombstone)
  }
}
