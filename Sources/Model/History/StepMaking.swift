extension HistoryStep {
  /// What one event has made of a record.
  ///
  /// - Parameters:
  ///   - deed: What somebody decided; nil: it follows from the records.
  ///   - steps: The former steps of the path, which tell an edit from a return to what was before.
  package init(
    of dot: Dot, _ deed: Deed? = nil, before: Record?, after: Record, steps: [HistoryStep] = [],
    origin: Dot? = nil, reason: String = ""
  ) {
    let content = after.content.siblings.first { $0.dot == dot }?.value.mark
    let replaced = before?.contents(replacedIn: after) ?? []
    self.init(
      dot: dot, deed: deed ?? .of(content, replaced: replaced, steps: steps), content: content,
      replaced: replaced, origin: origin, reason: reason.limited(to: HistoryLimits.reasonBytes))
  }

  /// Whether it says no more than that the path came to life: then nothing is kept of it.
  package var isFirstSight: Bool { deed == .create && replaced.isEmpty }
}

extension Deed {
  /// What an event of the disk did, from what it made of the content and what that replaced.
  package static func of(
    _ content: ContentMark?, replaced: [ReplacedContent], steps: [HistoryStep]
  ) -> Deed {
    guard let content else { return .adjust }
    if content == .absent { return .delete }
    if replaced.allSatisfy({ $0.content == .absent }) { return .create }
    let isRevert =
      !replaced.contains { $0.content == content } && steps.contains { $0.knows(content) }
    return isRevert ? .revert : .edit
  }
}

extension HistoryStep {
  /// Whether the path had this file's content at the step, or before it.
  package func knows(_ content: ContentMark) -> Bool {
    // Of other kinds the mark does not say enough to call two of them the same.
    guard case .file = content else { return false }
    return self.content == content || replaced.contains { $0.content == content }
  }
}

extension Record {
  /// The contents that stand here and not in what became of the record.
  package func contents(replacedIn after: Record) -> [ReplacedContent] {
    let left = Set(after.content.dots)
    var out: [ReplacedContent] = []
    for sibling in content.siblings
    where !left.contains(sibling.dot) && out.last?.dot != sibling.dot {
      out.append(ReplacedContent(dot: sibling.dot, content: sibling.value.mark))
    }
    return Array(out.prefix(HistoryLimits.replaced))
  }
}
