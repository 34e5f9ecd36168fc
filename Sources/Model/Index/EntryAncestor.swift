extension Entry {
  /// What all versions of its conflict come from; nil if that is not certain.
  package func ancestor(_ steps: [HistoryStep]) -> (dot: Dot, content: ContentMark)? {
    guard record.content.isConflict else { return nil }
    return Ancestry.common(
      of: record.content.siblings.map { ($0.dot, $0.value.mark) }, steps: steps)
  }
}
