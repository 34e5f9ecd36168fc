import Model
import Transport

/// Two versions of one path beside each other: as `diff -u` shows texts, in words what is none.
struct Comparison {
  struct Side {
    var label: String
    /// `a: web1.57`
    var words: String
    var text: VersionText
    /// Nil for the common ancestor.
    var values: ResolvedValues?
  }

  let old: Side
  let new: Side
  private let conflict: Conflict
  private let node: Node
  private let lines: [[UInt8]]
  private let remarks: [String]

  init(_ pair: (old: Side, new: Side), _ conflict: Conflict, _ node: Node, context: Int) {
    (old, new) = pair
    self.conflict = conflict
    self.node = node
    let path = node.shownPath(conflict.path)
    func label(_ side: Side) -> String {
      if case .absent = side.text { return "/dev/null  (\(side.words))" }
      return "\(path)  (\(side.words))"
    }
    var remarks = Self.metadata(pair.old, pair.new)
    if let left = pair.old.text.bytes, let right = pair.new.text.bytes {
      lines = unifiedDiff(
        old: left, new: right, oldLabel: label(pair.old), newLabel: label(pair.new),
        context: context
      ).split(separator: 0x0A, omittingEmptySubsequences: true).map { Array($0) }
      if lines.isEmpty, remarks.isEmpty { remarks.append("the same content") }
    } else {
      lines = []
      remarks += [pair.old, pair.new].compactMap { side in
        side.text.remark.map { "\(side.words): \($0)" }
      }
    }
    self.remarks = remarks
  }

  /// Whether the bytes of one side are not on this host.
  var isIncomplete: Bool {
    [old, new].contains { if case .missing = $0.text { true } else { false } }
  }

  private static func metadata(_ old: Side, _ new: Side) -> [String] {
    guard let left = old.values, let right = new.values else { return [] }
    var out: [String] = []
    func compare(_ what: String, _ one: String?, _ other: String?) {
      guard let one, let other, one != other else { return }
      out.append("\(what): \(old.label) \(one), \(new.label) \(other)")
    }
    compare("mode", left.mode?.text, right.mode?.text)
    compare(
      "owner", left.owner.map { "\($0.user):\($0.group)" },
      right.owner.map { "\($0.user):\($0.group)" })
    compare("access list", left.acl.map { "[\($0.text)]" }, right.acl.map { "[\($0.text)]" })
    compare("type", left.content?.kindName, right.content?.kindName)
    return out
  }

  /// For people: no control byte but the line feeds.
  func text(isColored: Bool) -> String {
    var out = remarks.map { "# \(node.shownPath(conflict.path)): \($0)\n" }.joined()
    for line in lines {
      let text = escapedLine(line)
      out += isColored ? painted(text, line.first) : text
      out += "\n"
    }
    return out
  }

  private func painted(_ text: String, _ mark: UInt8?) -> String {
    let code =
      switch mark {
      case UInt8(ascii: "+"): "32"
      case UInt8(ascii: "-"): "31"
      case UInt8(ascii: "@"): "36"
      default: ""
      }
    return code.isEmpty ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  var document: JSON {
    .object(
      [("id", .string(conflict.id)), ("group", .string(conflict.group))]
        + pathMembers(node.localPath(conflict.path)) + [
          ("from", .string(old.label)), ("to", .string(new.label)),
          ("remarks", .array(remarks.map { .string($0) })),
          ("complete", .bool(!isIncomplete)),
          (
            "diff",
            .string(String(decoding: lines.map { $0 + [0x0A] }.joined(), as: UTF8.self))
          ),
        ])
  }
}

extension VersionText {
  /// Its lines; none if nothing is there. Nil if it is no text.
  var bytes: [UInt8]? {
    switch self {
    case .absent: []
    case .text(let bytes): bytes
    case .other, .missing: nil
    }
  }

  /// Why it has no lines to compare.
  var remark: String? {
    switch self {
    case .absent: "deleted"
    case .text: nil
    case .other(let words): words
    case .missing(let file):
      "its content (\(byteText(file.size))) is not here yet; sync with a host that has it"
    }
  }
}
