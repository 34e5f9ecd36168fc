import Model

/// What one look of `doctor` has come to.
struct Diagnosis {
  enum Level: String {
    case ok, warn, fail

    /// As it stands at the beginning of a line.
    var word: String {
      switch self {
      case .ok: "ok   "
      case .warn: "warn "
      case .fail: "FAIL "
      }
    }
  }

  var level: Level
  /// What was looked at, in a few words.
  var what: String
  var detail: String
  /// What to do; empty if nothing needs to be done.
  var cure = ""

  static func ok(_ what: String, _ detail: String) -> Diagnosis {
    Diagnosis(level: .ok, what: what, detail: detail)
  }

  static func warn(_ what: String, _ detail: String, _ cure: String) -> Diagnosis {
    Diagnosis(level: .warn, what: what, detail: detail, cure: cure)
  }

  static func fail(_ what: String, _ detail: String, _ cure: String) -> Diagnosis {
    Diagnosis(level: .fail, what: what, detail: detail, cure: cure)
  }

  static func fail(_ what: String, _ failure: Failure) -> Diagnosis {
    fail(
      what, "\(failure.place): \(failure.action): \(failure.reason)",
      failure.remedy)
  }

  var text: String {
    let line = "\(level.word) \(what): \(detail)\n"
    return cure.isEmpty ? line : line + "        \(cure)\n"
  }

  var json: JSON {
    .object([
      ("level", .string(level.rawValue)), ("what", .string(what)), ("detail", .string(detail)),
      ("cure", cure.isEmpty ? .null : .string(cure)),
    ])
  }
}
