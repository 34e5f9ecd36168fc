// What the grammar knows and this release does not do. It is refused by name: to go on without it
// would be a wider or a narrower meaning than the one that was written.

/// Settings outside groups that cannot be kept to.
func unservedSettings(_ config: Config) -> [Fault] {
  let open = config.settings.unencrypted.map { setting in
    config.fault(
      setting.position, "`nossl` is refused: connections are always encrypted", "remove the line")
  }
  let ignored = config.settings.ignored.map { setting in
    config.fault(
      setting.position, "`ignore \(setting.value.rawValue)` is not carried out by this release",
      "remove it, or keep these groups with csync2 until it is")
  }
  return open + ignored
}

/// Parts of a group that are not carried out, in the order of their kinds.
func unservedParts(of group: Group, _ config: Config) -> [Fault] {
  func refuse(_ position: SourcePosition, _ what: String) -> Fault {
    config.fault(
      position, "\(what) is not carried out by this release",
      "remove it, or keep group `\(escaped(group.name))` with csync2 until it is")
  }
  var faults: [Fault] = []
  for member in group.members where member.receiveOnly {
    faults.append(
      refuse(member.position, "a receive-only host (`\(escaped(member.name))` in parentheses)"))
  }
  for rule in group.rules where rule.kind == .compare {
    faults.append(refuse(rule.position, "`compare`"))
  }
  return faults + group.actions.map { refuse($0.position, "`action`") }
}
