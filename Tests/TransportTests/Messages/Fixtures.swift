import Model
import TestKit
import Transport

/// What is wrong with bytes, if something is.
func wireFault(_ read: () throws(WireFault) -> Void) -> WireFault.What? {
  do throws(WireFault) {
    try read()
    return nil
  } catch {
    return error.what
  }
}

func written(_ body: (inout CBORWriter) -> Void) -> [UInt8] {
  var writer = CBORWriter()
  body(&writer)
  return writer.bytes
}

/// The bytes of hexadecimal digits; blanks and line ends do not count.
func unhex(_ text: String) -> [UInt8] {
  let digits = text.utf8.filter { $0 > 0x20 }.map { $0 < 0x40 ? $0 - 0x30 : $0 - 0x57 }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// One message of each kind, small enough to be read byte by byte.
enum Sample {
  static let one = ReplicaID(high: 0x0101_0101_0101_0101, low: 0x0101_0101_0101_0101)
  static let two = ReplicaID(high: 0x0202_0202_0202_0202, low: 0x0202_0202_0202_0202)
  static let digest = Digest(repeatElement(0xDD, count: 32)) ?? .zero
  static let root = Owner(user: .number(0), group: .number(0))

  static func path(_ text: String) -> TreePath {
    guard let path = TreePath(text) else { preconditionFailure("\(text) is no path") }
    return path
  }

  static func dot(_ replica: ReplicaID, _ sequence: UInt64) -> Dot {
    guard let dot = Dot(replica, sequence) else { preconditionFailure("no dot: \(sequence)") }
    return dot
  }

  static func vector(_ dots: Dot...) -> VersionVector {
    var vector = VersionVector()
    for dot in dots { vector.insert(dot) }
    return vector
  }

  /// A file that one event made.
  static func file(_ dot: Dot, size: UInt64 = 5) -> Record {
    var record = Record(vector: vector(dot))
    record.content = Register(
      dot,
      .file(
        FileContent(
          digest: digest, size: size, modified: Timestamp(seconds: 1, nanoseconds: 2),
          isBirth: true)))
    record.mode = Register(dot, Mode(bits: 0o644))
    record.owner = Register(dot, Owner(user: .name(Array("shop".utf8)), group: .number(7)))
    record.acl = Register(dot, .none)
    return record
  }

  static let greeting = Greeting(
    purpose: .synchronise, look: .parts([[Sample.path("/a"), Sample.path("/a/b")], []]),
    replica: one, last: 9,
    meeting: Meeting(
      peerReplica: two, count: 3, nonces: [Array(repeating: 1, count: Meeting.nonceBytes)],
      confirmed: [], fresh: [2]),
    groups: [
      GroupGreeting(
        configuration: digest, refusal: "no", knowledge: vector(dot(one, 9), dot(two, 300)),
        replicas: [KnownReplica(replica: one, host: "a"), KnownReplica(replica: two, host: "b")],
        exchanged: [one],
        members: [KnownMember(host: "c", replica: two, knowledge: vector(dot(two, 1)))],
        retired: [RetiredReplica(replica: one, host: "a", last: 9, seconds: 7, by: "c")])
    ],
    ownHost: "a", seconds: 1000)

  static var summary: Summary {
    var summary = Summary()
    summary.installed = 1
    summary.removed = 2
    summary.conflicts = 3
    summary.pending = 4
    summary.problems = ["p"]
    summary.changes = [Summary.Change(path: path("/a"), isRemoval: true)]
    summary.refusals = [Summary.Refusal(group: 0, path: path("/a"), text: "r")]
    return summary
  }
}

extension Digest {
  static let zero = Digest(repeatElement(0, count: 32)).unsafelyUnwrapped
}

/// The kinds of message and the bytes that `spec/wire.md` promises for them.
let goldenMessages: [(name: String, message: Message, hex: String)] = [
  (
    "greeting", .greeting(Sample.greeting),
    """
    8200880082824200614400610062805001010101010101010101010101010101098550020202020202020202
    02020202020202035001
    01010101010101010101010101010140410281875820dddddddddddddddddddddddddddddddddddddddddddd
    dddddddddddddddddddd626e6f82825001010101010101010101010101010101098250020202020202020202
    0202020202020219012c82825001010101010101010101010101010101616182500202020202020202020202
    0202020202616281500101010101010101010101010101010181836163500202020202020202020202020202
    0202818250020202020202020202020202020202020181855001010101010101010101010101010101616109
    07616361611903e8
    """
  ),
  (
    "records",
    .records(
      group: 0,
      [
        PathRecord(path: Sample.path("/w/f"), record: Sample.file(Sample.dot(Sample.one, 1))),
        PathRecord(
          path: Sample.path("/w/g"),
          record: Record(
            vector: Sample.vector(Sample.dot(Sample.one, 2), Sample.dot(Sample.two, 3)))),
      ]),
    """
    8501008250010101010101010101010101010101015002020202020202020202020202020202818400020103
    82834400770066005835010001855820dddddddddddddddddddddddddddddddddddddddddddddddddddddddd
    dddddddd050102f51901a4824473686f7007f683440077006701450080808080
    """
  ),
  (
    "history",
    .history(
      group: 2,
      [
        PathSteps(
          path: Sample.path("/w/f"),
          steps: [
            HistoryStep(
              dot: Sample.dot(Sample.two, 3), deed: .resolve,
              content: .file(Sample.digest, size: 5),
              replaced: [
                ReplacedContent(dot: Sample.dot(Sample.one, 1), content: .absent),
                ReplacedContent(dot: Sample.dot(Sample.two, 2), content: .symlink),
              ], origin: Sample.dot(Sample.one, 2), reason: "r"),
            HistoryStep(dot: Sample.dot(Sample.one, 4), deed: .adjust, content: nil),
          ])
      ],
      [Stamp(replica: Sample.one, first: 1, last: 4, seconds: -2, user: "u")]),
    """
    850d028250020202020202020202020202020202025001010101010101010101010101010101818244007700
    668287000304825820dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd058601
    0100000203820102617287010402f68080608185010104216175
    """
  ),
  ("configuration", .configuration(group: 1, "a\n"), "830e0162610a"),
  ("recordsEnd", .recordsEnd(group: 1), "820201"),
  (
    "content of zeros",
    .content([ContentPiece(number: 1, kind: .hole, bytes: HoleLength(count: 1 << 20).encoded)]),
    "8205818301044800000000 00100000"
  ),
  ("answersEnd", .answersEnd(group: 24), "82031818"),
  (
    "want",
    .want([
      Want(
        number: 1, group: 0, path: Sample.path("/w/f"), digest: Sample.digest, size: 5)
    ]),
    """
    82048185010044007700665820dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
    dd05
    """
  ),
  (
    "content",
    .content([
      ContentPiece(number: 1, kind: .part, bytes: [104]),
      ContentPiece(number: 1, kind: .last, bytes: [105]),
      ContentPiece(number: 2, kind: .refusal, bytes: []),
      ContentPiece(number: 3, kind: .copy, bytes: CopiedStretch(offset: 258, length: 1).encoded),
    ]), "8205848301004168830101416983020240830303500000000000000102" + "0000000000000001"
  ),
  (
    "listing",
    .listing(
      group: 0,
      [
        ListingRow(
          path: Sample.path("/w"), content: .directory,
          attributes: Attributes(mode: Mode(bits: 0o755), owner: Sample.root, acl: .none)),
        ListingRow(
          path: Sample.path("/w/l"), content: .symlink(target: [0x78]),
          attributes: Attributes(
            mode: .ofSymlink, owner: Sample.root,
            acl: AccessList(access: [
              AccessEntry(.owningGroup, permissions: 4),
              AccessEntry(.user, .name([0x75]), permissions: 6),
            ]))),
      ]),
    """
    8306008285420077011901ed820000f685440077006c41781901ff8200008282830206417582040480
    """
  ),
  ("listingEnd", .listingEnd(group: 0), "820700"),
  (
    "forecast", .forecast(group: 0, [Forecast(path: Sample.path("/w/f"), deed: .remove)]),
    "8308008182440077006603"
  ),
  ("kept", .kept, "810c"),
  ("done", .done(Sample.summary), "820987010203048161708182420061f58183004200616172"),
  ("alive", .alive, "810a"),
  ("stop", .stop(StopReason(kind: .renewed, text: "why")), "830b0163776879"),
]
