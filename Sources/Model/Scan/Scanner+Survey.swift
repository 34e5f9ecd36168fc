/// The walk by what a survey finds worth a look; the same comes of it as of looking at everything.
extension Scanner {
  mutating func survey(by surveyor: any Surveyor) throws(Failure) {
    var last: TreePath?
    for anchor in selection.anchors where report.question == nil {
      guard let stat = try root(anchor) else { continue }
      try missRows(beyond: last, before: anchor)
      last = anchor
      if selection.includes(anchor) {
        try sight(anchor, stat, try store.entry(group, anchor))
      } else if let entry = try store.entry(group, anchor) {
        try miss(entry)
      }
      if stat.kind == .directory, selection.descends(into: anchor) {
        let survey = try surveyor.survey(below: anchor, of: configured, selection)
        while report.question == nil, let part = try survey.next() { try take(part) }
      } else {
        try missRows(after: anchor, before: nil)
      }
    }
    if report.question == nil { try missRows(beyond: last, before: nil) }
  }

  private mutating func take(_ part: SurveyPart) throws(Failure) {
    report.objects += part.unchanged
    known += part.unchanged
    for finding in part.findings {
      switch finding {
      case .object(let object):
        let entry = object.hasRow ? try store.entry(group, object.path) : nil
        try sight(object.path, object.stat, entry, observed: object.observed)
      case .missing(let path):
        if let entry = try store.entry(group, path) { try miss(entry) }
      case .unlisted(let path, let trouble):
        if trouble != .vanished { note(path, "not scanned", trouble.reason) }
      case .unseen(let path):
        guard !selection.includes(path), let entry = try store.entry(group, path) else { continue }
        try leaveOut(entry)
      case .tooLong(let path):
        note(
          path, "an entry was not scanned",
          "its path is longer than \(TreePath.byteLimit) bytes")
      }
    }
  }

  /// Rows between the subtree of one path and another path: no walk leads there.
  private mutating func missRows(
    beyond subtree: TreePath?, before end: TreePath?
  ) throws(Failure) {
    var last: TreePath?
    // There are hardly ever any.
    var limit = 1
    while true {
      let rows = try store.entries(group, beyond: subtree, after: last, before: end, limit: limit)
      for entry in rows { try miss(entry) }
      guard rows.count == limit else { return }
      last = rows.last?.path
      limit = 500
    }
  }

  /// Rows below what is no directory any more.
  private mutating func missRows(
    after path: TreePath, before end: TreePath?
  ) throws(Failure) {
    var last: TreePath? = path
    while let after = last {
      let rows = try store.entries(group, under: path, after: after, limit: 500)
      for entry in rows { try miss(entry) }
      last = rows.last?.path
    }
  }
}
