/// What is wrong with the configuration for this host, beyond its grammar; in no case is a group to
/// be synced while there is a fault. First what concerns all hosts, then this host's groups; in
/// each the order of the file.
package func checkConfig(_ config: Config, host: String) -> [Fault] {
  let host = host.lowercased()
  return duplicateNames(config) + config.groups.flatMap { repeatedHosts($0, config) }
    + differingAddresses(config) + unencrypted(config) + membership(config, host)
    + config.groups(of: host).flatMap { group in
      missingPrefixes(group, config, host) + forbiddenPlaces(group, config, host)
    } + overlaps(config, host)
}

/// What the configuration says without effect: no fault, but worth a word.
package func notes(_ config: Config) -> [Fault] {
  let settings = config.settings
  var notes: [Fault] = []
  func note(_ position: SourcePosition?, _ name: String, _ why: String) {
    guard let position else { return }
    notes.append(config.fault(position, "`\(name)` has no effect: \(why)", "the line can go"))
  }
  note(
    settings.lockTimeoutSeconds?.position, "lock-timeout", "runs wait for each other by themselves")
  note(
    settings.temporaryDirectory?.position, "tempdir",
    "a new file is made beside the old one, so that it can replace it in one step")
  note(settings.database?.position, "database", "the state lies where `--state` says")
  note(
    settings.keepsCygwinCase?.position, "no-cygwin-lowercase", "names of files keep their case")
  for group in config.groups where group.members.count == 1 {
    notes.append(
      config.fault(
        group.position, "group `\(escaped(group.name))` has one host only",
        "add the hosts that it is to be synced with"))
  }
  return notes.sorted {
    ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column)
  }
}

/// It would be a narrower meaning than the one that was written.
private func unencrypted(_ config: Config) -> [Fault] {
  config.settings.unencrypted.map { setting in
    config.fault(
      setting.position, "`nossl` is refused: connections are always encrypted", "remove the line")
  }
}

private func duplicateNames(_ config: Config) -> [Fault] {
  var faults: [Fault] = []
  var groups: [String: SourcePosition] = [:]
  for group in config.groups {
    if let first = groups[group.name] {
      faults.append(
        config.fault(
          group.position, "group `\(escaped(group.name))` stands here a second time",
          "rename it, or join it with the one at \(first)"))
    } else {
      groups[group.name] = group.position
    }
  }
  var prefixes: [String: SourcePosition] = [:]
  for prefix in config.prefixes {
    if let first = prefixes[prefix.name] {
      faults.append(
        config.fault(
          prefix.position, "prefix `\(escaped(prefix.name))` stands here a second time",
          "rename it, or join it with the one at \(first)"))
    } else {
      prefixes[prefix.name] = prefix.position
    }
  }
  return faults
}

private func repeatedHosts(_ group: Group, _ config: Config) -> [Fault] {
  var seen: Set<String> = []
  return group.members.compactMap { member in
    if seen.insert(member.name).inserted { return nil }
    return config.fault(
      member.position,
      "host `\(escaped(member.name))` is listed twice in group `\(escaped(group.name))`",
      "remove one of them; upper and lower case are the same")
  }
}

private func differingAddresses(_ config: Config) -> [Fault] {
  var first: [String: Member] = [:]
  var faults: [Fault] = []
  for member in config.groups.flatMap(\.members) where member.address != nil {
    guard let known = first[member.name] else {
      first[member.name] = member
      continue
    }
    if known.address != member.address || known.port != member.port {
      faults.append(
        config.fault(
          member.position, "host `\(escaped(member.name))` has two addresses",
          "write the same one here and at \(known.position): one session serves all groups"))
    }
  }
  return faults
}

/// The configuration must list this host somewhere: a wrong host name would else look like "nothing
/// to do".
private func membership(_ config: Config, _ host: String) -> [Fault] {
  guard config.groups(of: host).isEmpty else { return [] }
  let main = config.sources.first?.file ?? ""
  let position =
    config.groups.first?.position ?? SourcePosition(file: main, line: 1, column: 1)
  var seen: Set<String> = []
  let names = config.groups.flatMap(\.members).map(\.name).filter { seen.insert($0).inserted }
  guard !names.isEmpty else {
    return [config.fault(position, "the configuration has no group", "add one")]
  }
  let label = host.prefix { $0 != "." }
  let near = names.first { $0.prefix { $0 != "." } == label } ?? names.first ?? host
  let listed =
    names.prefix(20).map { "`\(escaped($0))`" }.joined(separator: ", ")
    + (names.count > 20 ? " and \(names.count - 20) more" : "")
  return [
    config.fault(
      position, "this host, `\(escaped(host))`, is in no group; listed are \(listed)",
      "add it to a group, or say which it is: `--hostname \(escaped(near))`")
  ]
}

private func missingPrefixes(_ group: Group, _ config: Config, _ host: String) -> [Fault] {
  let rules =
    group.rules + group.actions.flatMap(\.patterns) + group.gates.flatMap(\.patterns)
  let patterns =
    rules.map { Located($0.pattern, $0.position) } + group.auto.flatMap(\.patterns)
  return patterns.compactMap { pattern in
    guard let name = pattern.value.prefix, config.localPath(ofPrefix: name, on: host) == nil
    else { return nil }
    let isKnown = config.prefixes.contains { $0.name == name }
    return config.fault(
      pattern.position,
      isKnown
        ? "prefix `\(escaped(name))` has no place on this host, `\(escaped(host))`"
        : "prefix `\(escaped(name))` is not defined",
      isKnown
        ? "add `on \(escaped(host)): /PATH;` to it"
        : "add `prefix \(escaped(name)) { on \(escaped(host)): /PATH; }`")
  }
}

/// Includes that are refused once their prefix is put in place; without prefix the parser saw them.
private func forbiddenPlaces(_ group: Group, _ config: Config, _ host: String) -> [Fault] {
  group.rules.compactMap { rule in
    guard rule.kind != .exclude, rule.pattern.prefix != nil,
      let pattern = config.placed(rule.pattern, on: host)
    else { return nil }
    let place = pattern.anchor?.text ?? [Glob.slash]
    if place == [Glob.slash] {
      return config.fault(
        rule.position, "`\(escaped(rule.pattern.text))` is the whole system on this host",
        "name the directories that are meant")
    }
    guard let name = systemDirectory(above: place) else { return nil }
    return config.fault(
      rule.position,
      "`\(escaped(rule.pattern.text))` lies in `\(name)` on this host, which is the kernel's",
      "remove the pattern, or change the prefix")
  }
}
