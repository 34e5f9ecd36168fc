import Model

/// One event of a path, with all that this host can tell of it.
struct PathEvent {
  var group: String
  var path: TreePath
  var dot: Dot
  /// As people call it: `web2.24`.
  var name: String
  /// The host that made it; nil: not known.
  var host: String?
  /// Nil: its step is not kept.
  var deed: Deed?
  /// What it made of the content; nil: it left that alone, or nobody knows.
  var content: ContentMark?
  /// The events that it replaced, as people call them.
  var replaced: [String] = []
  var replacedDots: [Dot] = []
  /// The file's size before; nil: not known, or there was no one file.
  var sizeBefore: UInt64?
  var origin: String?
  var reason = ""
  /// When it was recorded, and by whom.
  var stamp: Stamp?
  var isOwn: Bool
  /// How it came here; nil for an own one, or if it is not known.
  var arrival: Arrival?
  /// The other hosts that are known to have it.
  var holders: [String]

  /// What happened, in words: `edit 5 B → 7 B`.
  var words: String {
    var out = deed?.word ?? "change"
    if let origin { out += " of \(origin)" }
    if (deed == .resolve || deed == .force), !replaced.isEmpty {
      out += " of " + replaced.joined(separator: " ")
    }
    if deed == .resolve || deed == .force || deed == .reopen, content == .absent {
      return out + ": deleted"
    }
    switch (sizeBefore, content?.size) {
    case (let old?, let new?): return out + " \(old) B → \(new) B"
    case (nil, let new?): return out + " \(new) B"
    case (let old?, nil): return content == .absent ? out + " \(old) B" : out
    case (nil, nil): return content.map { out + $0.kind } ?? out
    }
  }

  /// One line for people.
  var line: String {
    var out = "\(padded(name, 12)) \(stamp.map { timeText($0.seconds) } ?? "time unknown        ")"
    out += "  \(words)"
    if let user = stamp?.user, !user.isEmpty { out += "  by \(escaped(user))" }
    if !reason.isEmpty { out += "  \"\(escaped(reason))\"" }
    if let arrival { out += "  via \(escaped(arrival.via)) \(timeText(arrival.seconds))" }
    if !holders.isEmpty { out += "  also on " + holders.map { escaped($0) }.joined(separator: " ") }
    return out
  }

  /// Members of a JSON object; keys are only ever added.
  var members: [(String, JSON)] {
    func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
    return [
      ("event", .string(name)), ("host", text(host)), ("number", .int(dot.sequence)),
      ("replica", .string(hexadecimal(dot.replica.bytes))), ("deed", text(deed?.word)),
      ("time", text(stamp.map { timeText($0.seconds) })), ("user", text(stamp?.user)),
      ("reason", text(reason.isEmpty ? nil : reason)),
      ("type", text(content?.kindName)), ("hash", text(content?.hash)),
      ("size", content?.size.map { .int($0) } ?? .null),
      ("size_before", sizeBefore.map { .int($0) } ?? .null),
      ("replaced", .array(replaced.map { .string($0) })), ("origin", text(origin)),
      ("own", .bool(isOwn)), ("via", text(arrival?.via)),
      ("arrived", text(arrival.map { timeText($0.seconds) })),
      ("also_on", .array(holders.map { .string($0) })),
    ]
  }
}

extension Deed {
  var word: String {
    switch self {
    case .create: "create"
    case .edit: "edit"
    case .adjust: "adjust"
    case .delete: "delete"
    case .resolve: "resolve"
    case .force: "force"
    case .reopen: "reopen"
    case .revert: "revert"
    }
  }
}

extension ContentMark {
  var size: UInt64? {
    if case .file(_, let size) = self { size } else { nil }
  }

  var hash: String? {
    if case .file(let digest, _) = self { "sha256:" + digest.hex } else { nil }
  }

  /// What to say of it behind a deed; nothing of what is gone.
  fileprivate var kind: String {
    switch self {
    case .absent: ""
    case .file(_, let size): " \(size) B"
    case .directory: " directory"
    case .symlink: " link"
    case .fifo: " FIFO"
    case .device(let node): " \(node)"
    }
  }
}
