import Model

/// What a peer's disk shows at a path where the two differ.
package struct PeerText: Hashable, Sendable {
  package var group: String
  package var row: ListingRow
  /// The bytes of a file; nil: too many, or they could not be had.
  package var bytes: [UInt8]?

  /// The longest file whose bytes are asked for.
  package static let fileLimit: UInt64 = 1 << 20

  package init(group: String, row: ListingRow, bytes: [UInt8]?) {
    self.group = group
    self.row = row
    self.bytes = bytes
  }
}

/// The texts that a comparison asks the peer for, a few at a time.
struct PeerTexts {
  /// How much of all of them is held, in bytes.
  static let totalLimit: UInt64 = 64 << 20
  private static let window = 16

  private(set) var done: [PeerText] = []
  private var waiting: [(number: UInt64, place: Int)] = []
  private var coming: [UInt64: (place: Int, bytes: [UInt8])] = [:]
  private var total: UInt64 = 0
  private var last: UInt64 = 0

  var isIdle: Bool { waiting.isEmpty && coming.isEmpty }

  mutating func note(_ row: ListingRow, _ group: String) {
    done.append(PeerText(group: group, row: row, bytes: nil))
    guard case .file(let file) = row.content, file.size <= PeerText.fileLimit,
      total + file.size <= Self.totalLimit
    else { return }
    total += file.size
    last += 1
    waiting.append((last, done.count - 1))
  }

  /// The next questions, as far as the window has room.
  mutating func wants(_ groups: [SessionGroup]) -> [Want] {
    var wants: [Want] = []
    while coming.count < Self.window, !waiting.isEmpty {
      let next = waiting.removeFirst()
      let text = done[next.place]
      guard case .file(let file) = text.row.content,
        let group = groups.firstIndex(where: { $0.name == text.group })
      else { continue }
      coming[next.number] = (next.place, [])
      wants.append(
        Want(
          number: next.number, group: group, path: text.row.path, digest: file.digest,
          size: file.size))
    }
    return wants
  }

  /// Takes a piece; false if nobody asked for it, or if it is too much.
  mutating func take(_ piece: ContentPiece) -> Bool {
    guard var text = coming[piece.number], case .file(let file) = done[text.place].row.content
    else { return false }
    text.bytes += piece.bytes
    guard UInt64(text.bytes.count) <= file.size else { return false }
    coming[piece.number] = piece.kind == .part ? text : nil
    if piece.kind == .last { done[text.place].bytes = text.bytes }
    return true
  }
}

extension Inbound {
  /// Asks for the texts of those of the rows that differ here.
  ///
  /// - Parameter known: How many differences there were before the rows.
  func askForTexts(
    of rows: [ListingRow], _ group: Int, since known: Int, _ reaction: inout Reaction
  ) {
    guard var texts else { return }
    let name = groups[group].name
    let differing = Set(
      differences.dropFirst(known).filter { $0.kind != .onlyHere }.map(\.path))
    for row in rows where differing.contains(row.path) { texts.note(row, name) }
    let wants = texts.wants(groups)
    if !wants.isEmpty { reaction.messages.append(.want(wants)) }
    self.texts = texts
  }

  func takeTexts(
    _ pieces: [ContentPiece], _ reaction: inout Reaction
  ) throws(Failure) {
    guard var texts else { return }
    for piece in pieces where !texts.take(piece) { throw fault("an answer nobody asked for") }
    let wants = texts.wants(groups)
    if !wants.isEmpty { reaction.messages.append(.want(wants)) }
    self.texts = texts
    endComparison(&reaction)
  }
}
