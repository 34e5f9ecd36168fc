/// A set of hosts and the paths that they hold in common.
package struct Group: Hashable, Sendable {
  /// Unique in a checked configuration.
  package var name: String
  /// In the order of the file.
  package var members: [Member]
  /// The file with the group's key, as written.
  package var keyFile: String
  /// In the order of the file: the last that matches decides.
  package var rules: [Rule]
  /// What decides conflicts, in the order of the file: the last that matches a path does.
  package var auto: [AutoStatement] = []
  /// In the order of the file.
  package var actions: [Action]
  /// Absolute, without trailing slashes.
  package var backupDirectory: Located<String>?
  /// At most 1000000.
  package var backupGenerations: Located<Int>?
  /// Of the keyword `group`.
  package var position: SourcePosition

  package init(
    name: String, members: [Member] = [], keyFile: String = "", rules: [Rule] = [],
    position: SourcePosition
  ) {
    self.name = name
    self.members = members
    self.keyFile = keyFile
    self.rules = rules
    self.position = position
    actions = []
  }

  /// The member of that name, whatever its case.
  package func member(_ host: String) -> Member? {
    let host = host.lowercased()
    return members.first { $0.name == host }
  }
}

/// A host of a group.
package struct Member: Hashable, Sendable {
  /// Where a host listens that gives no port.
  package static let defaultPort: UInt16 = 30_865

  /// In lower case.
  package var name: String
  /// Where it is reached if not under its name; an IPv6 address stands without brackets.
  package var address: String?
  /// Never 0.
  package var port: UInt16?
  /// Whether it may take changes but make none (in parentheses).
  package var receiveOnly: Bool
  /// Of the host's name.
  package var position: SourcePosition

  package init(
    name: String, address: String? = nil, port: UInt16? = nil, receiveOnly: Bool = false,
    position: SourcePosition
  ) {
    self.name = name.lowercased()
    self.address = address
    self.port = port
    self.receiveOnly = receiveOnly
    self.position = position
  }
}

/// One pattern of an `include`, `exclude` or `compare`.
package struct Rule: Hashable, Sendable {
  /// What it does with the paths that match.
  package enum Kind: String, Hashable, Sendable { case include, exclude, compare }

  /// What it does with the paths that match.
  package var kind: Kind
  /// Which paths match.
  package var pattern: Pattern
  /// Of the pattern.
  package var position: SourcePosition

  init(_ kind: Kind, _ pattern: Pattern, _ position: SourcePosition) {
    self.kind = kind
    self.pattern = pattern
    self.position = position
  }
}

extension Rule: CustomStringConvertible {
  /// As in the file: `include /etc`, escaped.
  package var description: String { "\(kind.rawValue) \(escaped(pattern.text))" }
}

/// Commands that run when certain files changed.
package struct Action: Hashable, Sendable {
  /// Whose change is meant; all files of the group if there is none.
  package var patterns: [Rule] = []
  /// As written, in the order of the file; at least one.
  package var commands: [String] = []
  /// As written.
  package var logFile: String?
  /// On which hosts it runs.
  package var runs: Place = .elsewhere
  /// Of the keyword `action`.
  package var position: SourcePosition

  /// On which hosts it runs.
  package enum Place: String, Hashable, Sendable {
    /// Where a change arrives.
    case elsewhere
    /// `do-local`: also where it was made.
    case everywhere = "do-local"
    /// `do-local-only`: only where it was made.
    case here = "do-local-only"
  }

  init(position: SourcePosition) { self.position = position }
}
