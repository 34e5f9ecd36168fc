/// Pairs of includes that can select the same path on this host's disk, and must not: of two groups
/// that differ in hosts, key or `auto`, or under two names of one group.
///
/// One fault for each pair of groups. What a later `exclude` surely takes away does not count.
func overlaps(_ config: Config, _ host: String) -> [Fault] {
  let groups = config.groups(of: host)
  let includes = groups.enumerated().map { number, group in
    config.placedIncludes(of: group, number, on: host)
  }
  var faults: [Fault] = []
  for (number, own) in includes.enumerated() {
    for (other, theirs) in includes.enumerated().prefix(number) {
      guard differ(groups[number], groups[other]), let pair = firstMeeting(own, theirs)
      else { continue }
      faults.append(
        config.fault(
          pair.0.rule.position,
          "group `\(escaped(groups[number].name))` can select the same files as "
            + "group `\(escaped(groups[other].name))`, whose hosts, key or `auto` differ",
          "exclude them in one of the groups; see `\(pair.1.rule)` at \(pair.1.rule.position)"))
    }
    faults += doubledNames(own, config)
  }
  return faults
}

private func differ(_ left: Group, _ right: Group) -> Bool {
  left.keyFile != right.keyFile || left.autoMethod != right.autoMethod
    || left.memberMarks != right.memberMarks
}

private func firstMeeting(
  _ own: [PlacedInclude], _ theirs: [PlacedInclude]
) -> (PlacedInclude, PlacedInclude)? {
  for mine in own {
    if let other = theirs.first(where: { mine.meets($0) }) { return (mine, other) }
  }
  return nil
}

/// Includes of one group that reach the same files under two names, through a prefix and without or
/// through two prefixes: each file would have two records.
private func doubledNames(_ includes: [PlacedInclude], _ config: Config) -> [Fault] {
  includes.enumerated().compactMap { number, include in
    let earlier = includes.prefix(number).first {
      $0.rule.pattern.prefix != include.rule.pattern.prefix && include.meets($0)
    }
    guard let earlier else { return nil }
    return config.fault(
      include.rule.position,
      "`\(include.rule)` reaches the same files on this host as `\(earlier.rule)`",
      "keep one of the two names; the other is at \(earlier.rule.position)")
  }
}
