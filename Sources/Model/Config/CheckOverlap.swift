/// Pairs of includes that can select the same path on this host's disk, and must not: of two groups
/// that differ in hosts, key or `auto`, or under two names of one group.
///
/// One fault for each pair of groups. What a later `exclude` surely takes away does not count.
func overlaps(_ config: Config, _ host: String) -> [Fault] {
  let groups = config.groups(of: host)
  let includes = groups.enumerated().map { number, group in
    config.placedIncludes(of: group, number, on: host)
  }
  let terms = groups.map { Terms(hosts: $0.comparedHosts, key: $0.keyFile, auto: $0.autoLines) }
  var faults: [Fault] = []
  for (number, own) in includes.enumerated() {
    for (other, theirs) in includes.enumerated().prefix(number) {
      guard terms[number] != terms[other], let pair = firstMeeting(own, theirs)
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

/// What groups must agree in to hold the same file.
private struct Terms: Equatable {
  let hosts: [String]
  let key: String
  let auto: [String]
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
  let prefixes = includes.map(\.rule.pattern.prefix)
  guard Set(prefixes).count > 1 else { return [] }
  return zip(includes, prefixes).enumerated().compactMap { number, own in
    let (include, prefix) = own
    let earlier = zip(includes, prefixes).prefix(number).first {
      $0.1 != prefix && include.meets($0.0)
    }
    guard let earlier = earlier?.0 else { return nil }
    return config.fault(
      include.rule.position,
      "`\(include.rule)` reaches the same files on this host as `\(earlier.rule)`",
      "keep one of the two names; the other is at \(earlier.rule.position)")
  }
}
