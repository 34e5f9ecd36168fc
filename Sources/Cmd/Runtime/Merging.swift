import Model
import Transport

/// `--merge` and `--union`.
extension Node {
  /// The changes of all versions since their common ancestor, or where they overlap.
  func merged(_ conflict: Conflict) throws(Failure) -> Ruling {
    let texts = try texts(of: conflict, "not merged")
    guard let base = try base(of: conflict) else {
      throw refusal(
        conflict, "not merged", "the text that the versions come from is not kept here",
        "use --union, which needs none, or choose a version")
    }
    var result = texts[0].bytes
    var words: [String] = []
    for (place, next) in texts.enumerated().dropFirst() {
      switch merge3(base: base, a: result, b: next.bytes) {
      case .merged(let bytes, let fromA, let fromB, let common):
        result = bytes
        if place == 1 { words.append("\(changes(fromA)) from \(texts[0].version.label)") }
        words.append("\(changes(fromB)) from \(next.version.label)")
        if common > 0 { words.append("\(common) in common") }
      case .overlaps(let overlaps): throw refusal(conflict, texts[0], next, overlaps)
      }
    }
    return new(result, conflict, how: "merge", "merged: " + words.joined(separator: ", "))
  }

  /// The lines of all versions.
  func united(_ conflict: Conflict) throws(Failure) -> Ruling {
    let texts = try texts(of: conflict, "not united")
    let base = try base(of: conflict)
    let result = texts.dropFirst().reduce(texts[0].bytes) {
      union3(base: base, a: $0, b: $1.bytes)
    }
    return new(result, conflict, how: "union", "the lines of all versions stand")
  }

  private typealias Text = (version: ConflictVersion, bytes: [UInt8])

  /// The versions as texts, two at least.
  private func texts(of conflict: Conflict, _ action: String) throws(Failure) -> [Text] {
    guard conflict.fields.contains(.content) else {
      throw refusal(
        conflict, action, "only the attributes differ", "choose a version: --host or --take")
    }
    var out: [Text] = []
    for version in conflict.versions {
      guard case .file = version.values.content else {
        throw refusal(
          conflict, action, "\(conflict.words(version)) is no text",
          "choose a version: --host or --take")
      }
      switch try bytes(of: version, conflict) {
      case .text(let bytes) where isText(bytes): out.append((version, bytes))
      case .text, .absent, .other:
        throw refusal(
          conflict, action, "\(conflict.words(version)) is no text",
          "choose a version: --host or --take")
      case .missing:
        throw refusal(
          conflict, action, "the content of \(conflict.words(version)) is not here yet",
          "sync with a host that has it")
      }
    }
    guard out.count > 1 else {
      throw refusal(conflict, action, "there is one version only", "choose it: --take")
    }
    return out
  }

  private func refusal(
    _ conflict: Conflict, _ one: Text, _ other: Text, _ overlaps: [Overlap]
  ) -> Failure {
    let places = overlaps.prefix(5).map {
      "line \(lines($0.a)) of \(one.version.label) and \(lines($0.b)) of \(other.version.label)"
    }
    let more = overlaps.count > 5 ? " and \(overlaps.count - 5) more" : ""
    let name = shownPath(conflict.path)
    return refusal(
      conflict, "not merged",
      "both changed the same place: "
        + places.joined(separator: "; ") + more,
      "look at it: concord diff --base \(name); then --union, --file or a version")
  }

  private func refusal(
    _ conflict: Conflict, _ action: String, _ reason: String, _ remedy: String
  ) -> Failure {
    Failure(.badData, shownPath(conflict.path), action, reason, remedy: remedy)
  }

  private func lines(_ range: Range<Int>) -> String {
    range.count <= 1 ? "\(range.lowerBound + 1)" : "\(range.lowerBound + 1)-\(range.upperBound)"
  }

  private func changes(_ count: Int) -> String { count == 1 ? "1 hunk" : "\(count) hunks" }
}
