/// Which version a person wants.
package enum Choice: Hashable, Sendable {
  case host(String)
  case ours
  case theirs
  case label(String)
  case delete
}

extension Conflict {
  /// What the choice comes to, or why it cannot be followed.
  package func values(for choice: Choice) throws(Failure) -> ResolvedValues {
    if choice == .delete {
      guard fields.contains(.content) else {
        throw refusal("only the attributes differ", "choose a version, or delete the file and sync")
      }
      return ResolvedValues(content: .absent)
    }
    return values(of: try version(for: choice))
  }

  /// What a version says in the registers that differ.
  package func values(of version: ConflictVersion) -> ResolvedValues {
    var values = ResolvedValues()
    if fields.contains(.content) { values.content = version.values.content }
    if fields.contains(.mode) { values.mode = version.values.mode }
    if fields.contains(.owner) { values.owner = version.values.owner }
    if fields.contains(.acl) { values.acl = version.values.acl }
    return values
  }

  /// What comes of a content that is none of the versions': attributes that differ too are those of
  /// the version on this disk, else of the last one.
  package func values(with content: Content) -> ResolvedValues {
    var values =
      versions.first(where: \.isLiveHere).map { self.values(of: $0) }
      ?? versions.last.map { self.values(of: $0) } ?? ResolvedValues()
    values.content = content
    return values
  }

  /// The one version that the choice means, or why there is none.
  package func version(for choice: Choice) throws(Failure) -> ConflictVersion {
    let wanted = versions.filter { version in
      switch choice {
      case .host(let name): version.authors.contains(name)
      case .ours: version.isLiveHere
      case .theirs: !version.isLiveHere
      case .label(let label): version.label == label
      case .delete: false
      }
    }
    guard let version = wanted.first else {
      throw refusal("no version is \(choice.words)", "choose one of: \(offers)")
    }
    guard wanted.count == 1 else {
      throw refusal("more than one version is \(choice.words)", "choose one of: \(offers)")
    }
    return version
  }

  private var offers: String {
    versions.map { "--take \($0.label) (\($0.authors.joined(separator: ", ")))" }
      .joined(separator: ", ")
  }

  private func refusal(_ reason: String, _ remedy: String) -> Failure {
    Failure(.usage, "\(path)", "not resolved", reason, remedy: remedy)
  }
}

extension Choice {
  fileprivate var words: String {
    switch self {
    case .host(let name): "from host \(escaped(name))"
    case .ours: "the one on this disk"
    case .theirs: "another host's"
    case .label(let label): "labelled \(escaped(label))"
    case .delete: "a deletion"
    }
  }
}
