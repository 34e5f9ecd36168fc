import Model

/// Groups whose configurations differ: nothing is synced, and both sides say what differs.
extension Inbound {
  /// What to tell the peer before anything else.
  package static func configurations(
    _ groups: [SessionGroup], _ mine: Greeting, _ theirs: Greeting
  ) -> [Message] {
    groups.enumerated().filter { differs(mine, theirs, $0.offset) }
      .map { .configuration(group: $0.offset, $0.element.group.canonicalText) }
  }

  func take(_ text: String, of group: Int) throws(Failure) {
    guard Self.differs(mine, theirs, group), peerConfigurations[group] == nil else {
      throw fault("a configuration out of turn")
    }
    peerConfigurations[group] = text
  }

  /// Why a group is not synced whose configurations differ; nil if they do not.
  package func configurationRefusal(_ group: Int) -> String? {
    guard Self.differs(mine, theirs, group), groups.indices.contains(group) else { return nil }
    let difference = peerConfigurations[group].map {
      ConfigurationDifference(here: groups[group].group.canonicalText, there: $0)
    }
    let words = difference?.words(peer: escaped(peer)) ?? ""
    return "the configurations of the group differ" + (words.isEmpty ? "" : ": \(words)")
      + "; make them equal"
  }

  private static func differs(_ mine: Greeting, _ theirs: Greeting, _ group: Int) -> Bool {
    guard mine.groups.indices.contains(group), theirs.groups.indices.contains(group) else {
      return false
    }
    return mine.groups[group].configuration != theirs.groups[group].configuration
  }
}
