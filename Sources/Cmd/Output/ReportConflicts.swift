import Model

/// The open conflicts of a report, each with its versions and, where they are at hand, their texts.
struct ReportConflicts {
  let data: ReportData

  /// Conflicts that are named after those that are told in full.
  private static let namedLimit = 2_000

  var section: PageMarkup {
    guard !data.conflicts.isEmpty else {
      return """
        <section id="conflicts"><h2>Conflicts</h2><p class="empty">No conflict is \
        open.</p></section>
        """
    }
    let full = data.conflicts.prefix { !$0.texts.isEmpty }
    return """
      <section id="conflicts"><h2>Conflicts <small>\(data.conflicts.count)</small></h2>
      \(full.map { article($0) }.joined())
      \(named(data.conflicts.dropFirst(full.count)))</section>
      """
  }

  private func article(_ item: ReportConflict) -> PageMarkup {
    let conflict = item.open.conflict
    let fields = conflict.fields.map(\.rawValue).joined(separator: ", ")
    return """
      <article id="c-\(conflict.id)">
      <h3 class="name">\(name: item.path)</h3>
      <p class="kind"><b>\(kindText(conflict.kind))</b> <span>in \(fields)</span> \
      <span>group \(name: conflict.group.utf8)</span> \
      <span>since \(moment(item.open.since))</span> \
      <code>\(conflict.id)</code></p>
      \(versions(item))
      \(differences(item))
      \(ways(conflict, canMerge: item.canMerge))
      </article>
      """
  }

  private func kindText(_ kind: Conflict.Kind) -> PageMarkup {
    switch kind {
    case .content: "Edited on both sides"
    case .metadata: "Different attributes"
    case .deleteEdit: "Deleted on one side, edited on the other"
    case .type: "Different kinds of object"
    case .unrelated: "Made twice, independently"
    case .duplicateID: "One number, two changes"
    case .resolution: "Decided twice, differently"
    }
  }

  // MARK: Versions

  private func versions(_ item: ReportConflict) -> PageMarkup {
    let rows = item.open.conflict.versions.map { version -> PageMarkup in
      let authors = version.authors.map { "<span>\(name: $0.utf8)</span>" as PageMarkup }
      let live: PageMarkup =
        version.isLiveHere ? " <span class=\"live\">on this disk</span>" : ""
      return """
        <tr><th scope="row">\(version.label)</th><td class="who">\(authors.joined())\(live)</td>\
        \(cells(version.values))</tr>
        """
    }
    let heads = ["", "Written by", "What", "Modified", "Mode", "Owner", "Access list", "Digest"]
      .map { "<th scope=\"col\">\($0)</th>" as PageMarkup }
    return ReportTable.scrolling(
      "Versions",
      """
      <table class="versions"><thead><tr>\(heads.joined())</tr></thead>\
      <tbody>\(rows.joined())</tbody></table>
      """)
  }

  private func cells(_ values: ResolvedValues) -> PageMarkup {
    var (what, time, digest): (PageMarkup, PageMarkup, PageMarkup) = ("", "", "")
    switch values.content {
    case .absent: return "<td><b>deleted</b></td>" + "<td></td><td></td><td></td><td></td><td></td>"
    case .directory: what = "directory"
    case .fifo: what = "FIFO"
    case .device(let node): what = "\("\(node)")"
    case .symlink(let target): what = "link to <span class=\"name\">\(name: target)</span>"
    case .file(let file):
      what = "\(byteText(file.size))"
      time = moment(file.modified.seconds)
      digest = "<code>\(String(file.digest.hex.prefix(12)))</code>"
    case nil: what = "?"
    }
    let mode = values.mode?.text ?? ""
    let owner = values.owner.map { "\($0.user):\($0.group)" } ?? ""
    return """
      <td>\(what)</td><td>\(time)</td><td><code>\(mode)</code></td><td>\(owner)</td>\
      <td>\(values.acl?.text ?? "")</td><td>\(digest)</td>
      """
  }

  // MARK: Texts

  private func differences(_ item: ReportConflict) -> PageMarkup {
    guard item.open.conflict.fields.contains(.content) else { return "" }
    let versions = item.open.conflict.versions
    var shown: [(label: String, bytes: [UInt8])] = []
    var missing: [PageMarkup] = []
    for (version, text) in zip(versions, item.texts) {
      if case .text(let bytes) = text { shown.append((label(version), bytes)) }
      if let remark = text.remark { missing.append("\(version.label): \(remark)") }
    }
    var out: PageMarkup = ""
    if let first = shown.first {
      if shown.count == 1 { out += ReportDiff.single(first.label, first.bytes) }
      for other in shown.dropFirst() {
        out += ReportDiff.pair((first.label, first.bytes), (other.label, other.bytes))
      }
    }
    let gaps = missing.enumerated().map { $0 == 0 ? $1 : "; \($1)" }.joined()
    return missing.isEmpty ? out : out + "<p class=\"note\">Version \(gaps)</p>"
  }

  private func label(_ version: ConflictVersion) -> String {
    "\(version.label)  \(version.authors.map { escaped($0) }.joined(separator: ", "))"
  }

  // MARK: What to do

  private func ways(_ conflict: Conflict, canMerge: Bool) -> PageMarkup {
    let authors = Set(conflict.versions.flatMap(\.authors)).sorted()
    var lines = authors.map { author -> PageMarkup in
      "<code>concord resolve \(conflict.id) --host \(name: author.utf8)</code> "
    }
    if canMerge { lines.insert("<code>concord resolve \(conflict.id) --merge</code> ", at: 0) }
    return "<p class=\"ways\">To settle it, on any host: \(lines.joined())</p>"
  }

  private func named(_ rest: ArraySlice<ReportConflict>) -> PageMarkup {
    guard !rest.isEmpty else { return "" }
    let rows = rest.prefix(Self.namedLimit).map { item -> PageMarkup in
      let conflict = item.open.conflict
      return """
        <tr><td><code>\(conflict.id)</code></td><td class="name">\(name: item.path)</td>\
        <td>\(kindText(conflict.kind))</td></tr>
        """
    }
    let more = rest.count - rows.count
    let note: PageMarkup = more > 0 ? "<p class=\"note\">And \(more) more.</p>" : ""
    return "<h3>More conflicts</h3>"
      + ReportTable.scrolling("More conflicts", "<table><tbody>\(rows.joined())</tbody></table>")
      + note
  }
}
