/// How a version is chosen for many conflicts at once.
package enum BulkRule: Hashable, Sendable {
  case host(String)
  case newest
  case oldest
  case larger
  case smaller

  /// From `host:NAME`, `newest`, `oldest`, `larger` or `smaller`; nil if it is none of them.
  package init?(_ text: String) {
    switch text {
    case "newest": self = .newest
    case "oldest": self = .oldest
    case "larger": self = .larger
    case "smaller": self = .smaller
    default:
      guard text.hasPrefix("host:"), text.utf8.count > 5 else { return nil }
      self = .host(text.dropFirst(5).lowercased())
    }
  }
}

extension Conflict {
  /// The version that the rule chooses, or why it chooses none.
  package func version(by rule: BulkRule) -> Result<ConflictVersion, Undecided> {
    switch rule {
    case .host(let name):
      let wanted = versions.filter { $0.authors.contains(name) }
      guard let version = wanted.first else {
        return .failure(Undecided("no version is from \(escaped(name))"))
      }
      return wanted.count == 1
        ? .success(version)
        : .failure(Undecided("more than one version is from \(escaped(name))"))
    case .newest: return extreme("modification time") { $0.modified < $1.modified }
    case .oldest: return extreme("modification time") { $1.modified < $0.modified }
    case .larger: return extreme("size") { $0.size < $1.size }
    case .smaller: return extreme("size") { $1.size < $0.size }
    }
  }

  /// The version whose file no other one's equals or exceeds.
  private func extreme(
    _ what: String, _ precedes: (FileContent, FileContent) -> Bool
  ) -> Result<ConflictVersion, Undecided> {
    guard fields.contains(.content) else {
      return .failure(Undecided("only the attributes differ"))
    }
    var files: [(version: ConflictVersion, file: FileContent)] = []
    for version in versions {
      guard case .file(let file) = version.values.content else {
        return .failure(Undecided("not every version is a file"))
      }
      files.append((version, file))
    }
    let last = files.max { precedes($0.file, $1.file) }
    guard let last, files.count(where: { !precedes($0.file, last.file) }) == 1 else {
      return .failure(Undecided("the versions have the same \(what)"))
    }
    return .success(last.version)
  }

  /// Why a rule chooses none of the versions, in words.
  package struct Undecided: Error, Hashable, Sendable {
    package var reason: String
    init(_ reason: String) { self.reason = reason }
  }
}
