import Model

/// What somebody wants done with a conflict.
enum Verb {
  /// One of the versions wins, or the path is deleted.
  case choose(Choice)
  /// Both sides' changes since the common ancestor.
  case merge
  /// The same; where both changed one place, the lines of both.
  case union
  /// Another content.
  case file([UInt8])
  /// A version wins, and the others stay beside it under other names.
  case both(Choice, suffix: String?)

  /// As lists and histories name it.
  var word: String {
    switch self {
    case .choose(.host): "host"
    case .choose(.ours): "ours"
    case .choose(.theirs): "theirs"
    case .choose(.label): "take"
    case .choose(.delete): "delete"
    case .merge: "merge"
    case .union: "union"
    case .file: "file"
    case .both: "both"
    }
  }
}

/// What a verb comes to for one conflict, before anything is changed.
struct Ruling {
  var conflict: Conflict
  var values: ResolvedValues
  var how: String
  /// Whose version it is; nil: nobody's.
  var version: ConflictVersion?
  /// The bytes of a content that is none of the versions'.
  var bytes: [UInt8]?
  /// In words, for people: `web2's version wins (b)`.
  var words: String
  /// Versions that stay under other names.
  var copies: [Copy] = []

  struct Copy {
    var path: TreePath
    var values: ResolvedValues
  }
}

extension Conflict {
  /// `web2's version (b)`; `the deletion by web3 (c)`.
  func words(_ version: ConflictVersion) -> String {
    let authors = version.authors.map { escaped($0) }.joined(separator: " and ")
    return version.values.content?.isAbsent == true
      ? "the deletion by \(authors) (\(version.label))"
      : "\(authors)'s version (\(version.label))"
  }
}
