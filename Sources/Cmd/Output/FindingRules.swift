extension FindingRule {
  /// Kinds of open conflicts, and settled ones.
  static let conflicts: [FindingRule] = [
    FindingRule(
      "conflict/content", .error, "Two hosts changed the content",
      "Hosts changed the content of a path without having seen each other's change. Nothing was "
        + "overwritten; concord resolve decides which version wins."),
    FindingRule(
      "conflict/metadata", .error, "Two hosts changed mode, owner or access list",
      "The content is the same; mode, owner or access list differ. concord resolve decides."),
    FindingRule(
      "conflict/delete-edit", .error, "One host deleted what another edited",
      "A path was deleted on one host and edited on another. concord resolve --host brings the "
        + "edit back everywhere, --delete confirms the deletion."),
    FindingRule(
      "conflict/type", .error, "A file on one host, something else on another",
      "The path is a file on one host and a directory, a link or a FIFO on another. "
        + "concord resolve decides."),
    FindingRule(
      "conflict/unrelated", .error, "Two hosts made the same path independently",
      "The versions have no common ancestor. concord resolve decides which one wins."),
    FindingRule(
      "conflict/duplicate-id", .error, "One event stands for two values",
      "A host's state was copied or restored from a backup. concord resolve decides the path; "
        + "the host needs a new identity."),
    settled,
  ]

  /// A conflict that a person or a policy has decided.
  static let settled = FindingRule(
    "conflict/settled", .note, "A conflict was decided",
    "A person or a policy has decided a conflict. There is nothing to do.")

  /// The rule for a kind of conflict.
  static func conflict(_ kind: String) -> FindingRule {
    conflicts.first { $0.id == "conflict/" + kind }
      ?? FindingRule(
        "conflict/" + kind, .error, "Versions that did not see each other",
        "concord resolve decides which version wins.")
  }

  static let behind = FindingRule(
    "status/behind", .warning, "A host lacks changes",
    "A host has not received all that this host knows. concord sync brings it.")
  static let neverMet = FindingRule(
    "status/never-met", .warning, "A host was never met",
    "This host has never completed a session with the other one. concord sync does.")
  static let unreachable = FindingRule(
    "status/unreachable", .error, "A host could not be met",
    "The last attempt to meet the host failed. Changes wait until it can be reached.")
  static let refused = FindingRule(
    "status/refused", .error, "A host was refused",
    "The last session with the host was refused by one of the two sides.")
  static let waiting = FindingRule(
    "status/waiting", .warning, "Changes wait to be applied",
    "Records are ahead of this disk. concord sync applies them.")
  static let held = FindingRule(
    "status/held", .warning, "Metadata cannot be applied here",
    "The value is kept, passed on to other hosts and applied here as soon as it can be.")
  static let localOnly = FindingRule(
    "status/local-only", .note, "Changed on this host alone",
    "This host only receives. What it changes stays, and spreads nowhere; concord resolve --theirs "
      + "takes the group's version.")
  static let action = FindingRule(
    "status/action", .error, "An action failed",
    "A command that follows from changes has failed. It is tried again by itself, or waits for "
      + "concord actions retry; concord actions show tells what it wrote.")
  static let problem = FindingRule(
    "status/problem", .error, "A path failed",
    "A path could not be read or written; the others went on.")
  static let key = FindingRule(
    "status/key", .error, "A group key cannot be used",
    "The group is not synced on this host until its key file is in order.")

  /// All that `status` can find.
  static let status =
    conflicts.filter { $0 != settled }
    + [behind, neverMet, unreachable, refused, waiting, held, action, localOnly, problem, key]

  static let differs = FindingRule(
    "verify/differs", .error, "A path differs between two hosts",
    "The path is on both hosts, and not the same. concord sync, or concord conflicts if it is "
      + "already one.")
  static let onlyHere = FindingRule(
    "verify/only-here", .error, "A path is only on this host",
    "The peer does not have the path. concord sync brings it or takes it away.")
  static let onlyThere = FindingRule(
    "verify/only-there", .error, "A path is only on the peer",
    "This host does not have the path. concord sync brings it or takes it away.")
  static let notCompared = FindingRule(
    "verify/not-compared", .error, "A host or a group was not compared",
    "Nothing is known about what was not compared.")

  /// All that `verify` can find.
  static let verify = [differs, onlyHere, onlyThere, notCompared]
}
