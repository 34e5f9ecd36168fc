/// What stops a run, a session or a command: thrown, never logged and passed over.
///
/// Reads *place: what could not be done: why; what to do next*, lower case, without a full stop.
/// Every part that came from outside (a name, a peer's words) is escaped before it gets here.
package struct Failure: Error, Hashable, Sendable {
  /// The class of the failure, which decides the exit status (`spec/cli.md`).
  package enum Kind: String, Hashable, Sendable {
    case usage, badData, noInput, unavailable, internalFault, system, cannotCreate
    case inputOutput, busy, protocolFault, permission, configuration
  }

  package var kind: Kind
  /// The file, host or group that it is about.
  package var place: String
  /// What could not be done, as in `not read`, `cannot connect`.
  package var action: String
  /// Why: the system's or the peer's reason.
  package var reason: String
  /// What the reader can do next; empty if there is nothing to do.
  package var remedy: String

  package init(
    _ kind: Kind, _ place: String, _ action: String, _ reason: String, remedy: String = ""
  ) {
    self.kind = kind
    self.place = place
    self.action = action
    self.reason = reason
    self.remedy = remedy
  }
}

extension Failure: CustomStringConvertible {
  package var description: String {
    let parts = [place, action, reason].filter { !$0.isEmpty }.joined(separator: ": ")
    return remedy.isEmpty ? parts : parts + "; " + remedy
  }
}

/// The trouble of one path: it is reported and the run goes on with the others.
package struct Problem: Hashable, Sendable {
  package var group: String
  package var path: TreePath
  /// What could not be done.
  package var action: String
  package var reason: String
  /// What the reader can do next; empty if there is nothing to do.
  package var remedy: String

  package init(
    group: String, path: TreePath, _ action: String, _ reason: String, remedy: String = ""
  ) {
    self.group = group
    self.path = path
    self.action = action
    self.reason = reason
    self.remedy = remedy
  }
}

extension Problem: CustomStringConvertible {
  package var description: String {
    "\(path): \(action): \(reason)" + (remedy.isEmpty ? "" : "; " + remedy)
  }
}
