/// What a configuration of csync2 means something else by here: in the order of the file, each with
/// what to do about it, if anything.
package func csync2Notes(_ config: Config) -> [Fault] {
  var notes: [Fault] = []
  func note(_ position: SourcePosition, _ message: String, _ remedy: String = "") {
    notes.append(config.fault(position, message, remedy))
  }
  let settings = config.settings
  for setting in settings.unencrypted {
    note(setting.position, "connections are always encrypted: `nossl` is left out")
  }
  if let setting = settings.database {
    note(setting.position, "the state lies where `--state` says: `database` is left out")
  }
  if let setting = settings.temporaryDirectory {
    note(setting.position, "new files are made where only root can look: `tempdir` is left out")
  }
  if let setting = settings.lockTimeoutSeconds {
    note(setting.position, "runs wait for each other by themselves: `lock-timeout` is left out")
  }
  if let setting = settings.ignored.first {
    note(
      setting.position,
      "what is ignored must be the same on all hosts, and is left alone on files that are there")
  }
  for group in config.groups { groupNotes(group, note) }
  return notes.sorted {
    ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column)
  }
}

private func groupNotes(
  _ group: Group, _ note: (SourcePosition, String, String) -> Void
) {
  note(
    group.position, "owners and groups of files go by name, not by number",
    "see concord status for names that a host does not know")
  for member in group.members where member.receiveOnly {
    note(
      member.position,
      "what `\(escaped(member.name))` changes itself stays there and is shown as local-only: "
        + "csync2 overwrites or deletes it", "")
  }
  for rule in group.rules where mixesWildcards(rule.pattern.text) {
    note(
      rule.position,
      "in `\(escaped(rule.pattern.text))` only `**` crosses slashes: in csync2 the other wildcards "
        + "of such a pattern do, too", "see concord config explain PATH")
  }
  for statement in group.auto where statement.method != .manual {
    note(
      statement.position,
      "`\(statement.method.rawValue)` decides alike on every host, ties and deletions too, and "
        + "what lost can be brought back", "")
  }
  if let line = linesOfSeveralCompared(group).first {
    note(
      line,
      "all of these patterns are compared and none is synced: csync2 takes the first ones as "
        + "includes", "add `include` lines for those that are to be synced")
  }
  if let backup = group.backupDirectory {
    note(
      backup.position,
      "generations lie in directories `1`, `2` and so on, the newest in `1`, with owner and mode",
      "see concord backup list")
  }
  if let generations = group.backupGenerations, generations.value == 1 {
    note(generations.position, "one generation is kept: in csync2 this turns backups off", "")
  }
  for action in group.actions { actionNote(action, note) }
}

/// Whether a pattern has `**` and another wildcard beside it.
private func mixesWildcards(_ pattern: String) -> Bool {
  var rest = Array(pattern.utf8)[...]
  var (crosses, others) = (false, false)
  while let byte = rest.popFirst() {
    switch byte {
    case UInt8(ascii: "*") where rest.first == byte:
      crosses = true
      rest = rest.drop { $0 == byte }
    case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["): others = true
    default: break
    }
  }
  return crosses && others
}

private func actionNote(_ action: Action, _ note: (SourcePosition, String, String) -> Void) {
  let takesNames = action.commands.contains {
    ShellCommand.ofConfiguration($0)?.takesNames ?? false
  }
  note(
    action.position,
    "the commands run after changes that were carried out, have a time limit, and are tried again "
      + "where they fail" + (takesNames ? "; `%%` stands for paths of this disk as arguments" : ""),
    "see concord actions")
}

/// Where several patterns of one line are compared.
private func linesOfSeveralCompared(_ group: Group) -> [SourcePosition] {
  let compared = group.rules.filter { $0.kind == .compare }
  return zip(compared, compared.dropFirst())
    .filter { $0.position.file == $1.position.file && $0.position.line == $1.position.line }
    .map(\.0.position)
}

extension Config {
  /// The same configuration as one of ours: without what has no meaning here, with key files as
  /// they are found from anywhere.
  ///
  /// - Parameters:
  ///   - directory: Where relative key files stand; absolute, with a slash at its end.
  ///   - port: Where hosts listen that name no port; nil: on the usual one.
  package func adopted(from directory: String, port: UInt16?) -> Config {
    var new = self
    new.settings.unencrypted = []
    new.settings.database = nil
    new.settings.temporaryDirectory = nil
    new.settings.lockTimeoutSeconds = nil
    new.settings.keepsCygwinCase = nil
    for index in new.groups.indices {
      let key = new.groups[index].keyFile
      if !key.hasPrefix("/") { new.groups[index].keyFile = directory + key }
      guard let port else { continue }
      for place in new.groups[index].members.indices {
        let member = new.groups[index].members[place]
        if member.port != nil { continue }
        new.groups[index].members[place].address = member.address ?? member.name
        new.groups[index].members[place].port = port
      }
    }
    return new
  }
}
