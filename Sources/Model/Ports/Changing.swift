extension Store {
  /// Keeps an entry whose record has become another one, and notes what follows from that: the
  /// conflict that it was in, the content that it showed, and that versions may be lacking here.
  ///
  /// - Returns: The entry as it is kept now.
  @discardableResult
  package func put(
    _ entry: Entry, changedFrom old: Entry?, _ group: String
  ) throws(Failure) -> Entry {
    var entry = entry
    // Which of the versions are here is found when a peer is there to ask.
    if entry.record.content.isConflict { entry.state.insert(.lacking) }
    try noteFormer(old, entry, group)
    try noteReplaced(old, entry, group)
    try put(entry, group)
    return entry
  }
}
