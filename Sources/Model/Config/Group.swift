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
  /// What is neither compared nor applied: of the whole configuration and of the group.
  package var ignored: Set<Settings.Ignored> = []
  /// Who owns what belongs to somebody unknown here.
  package var unknownOwner = UnknownOwner.hold
  /// Which hosts keep what others delete.
  package var noDelete = NoDelete.nowhere
  /// From how many deletions on a scan asks; nil: the default.
  package var maxDelete: MaxDelete?
  /// Whether set-user-id and set-group-id bits are taken from other hosts.
  package var takesSetID = false
  /// Whether device nodes are synced.
  package var takesDevices = false
  /// Whether other file systems below a root belong to it.
  package var crossesMounts = false
  /// How many hosts this one meets by itself, so that these meet others; nil: all.
  package var fanout: Int?
  /// In the order of the file: the last that matches a path checks it.
  package var gates: [Gate] = []
  /// The member that this host is; nil in a configuration as it is written.
  package var own: Member?
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

  /// Whether this host takes changes and makes none.
  package var isReceiveOnlyHere: Bool { own?.receiveOnly ?? false }

  /// Whether this host keeps what others delete.
  package var keepsDeletedHere: Bool {
    switch noDelete {
    case .nowhere: false
    case .everywhere: true
    case .on(let hosts): own.map { hosts.contains($0.name) } ?? false
    }
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

extension Rule {
  /// The same where files are only compared.
  var compared: Rule {
    var rule = self
    if kind == .compare { rule.kind = .include }
    return rule
  }
}

extension Rule: CustomStringConvertible {
  /// As in the file: `include /etc`, escaped.
  package var description: String { "\(kind.rawValue) \(escaped(pattern.text))" }
}
