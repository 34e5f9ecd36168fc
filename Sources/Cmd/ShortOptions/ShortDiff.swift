import Model
import Transport
import TransportEdge

/// `-TT`: how a peer's file becomes this host's.
extension ShortRun {
  func showDifference(_ row: VerifyAnswer.Row, _ texts: [PeerText]) throws {
    let (path, group) = (row.item.path, row.item.group)
    let theirs = texts.first { $0.row.path == path && $0.group == group }
    let here = try node.real.with { store throws(Failure) in try store.entry(group, path)?.listing }
    let mine = try here.map { row throws(Failure) in try text(row, group) }
    let labels = (
      theirs == nil ? "/dev/null" : row.peer + ":" + String(decoding: path.text, as: UTF8.self),
      here == nil ? "/dev/null" : node.name + ":" + String(decoding: path.text, as: UTF8.self)
    )
    let differing = zip(remarks(theirs?.row), remarks(here)).filter { $0.0 != $0.1 }
    for (there, here) in differing where theirs != nil {
      context.console.out(
        "# \(name(path)): \(escaped(row.peer)) has \(there), \(escaped(node.name)) has \(here)\n")
    }
    let old = theirs.map(text) ?? .absent
    guard let left = old.bytes, let right = (mine ?? .absent).bytes else {
      let sides = [(labels.0, old.remark), (labels.1, (mine ?? .absent).remark)]
      let reasons = sides.filter { $0.0 != "/dev/null" }
        .compactMap { label, remark in remark.map { "\(escaped(label)): \($0)" } }
      context.console.out("# not shown: \(reasons.joined(separator: "; "))\n")
      return
    }
    let lines = unifiedDiff(
      old: left, new: right, oldLabel: labels.0, newLabel: labels.1, context: 3)
    for line in lines.split(separator: 0x0A) { context.console.out(escapedLine(line) + "\n") }
    if lines.isEmpty, differing.isEmpty {
      context.console.out("# \(name(path)): \(theirs == nil ? "only here" : "only there"), empty\n")
    }
  }

  /// Kind, mode and owner in words, one each.
  private func remarks(_ row: ListingRow?) -> [String] {
    guard let row else { return [] }
    let attributes = row.attributes
    return [
      row.content.kindName, "mode \(attributes.mode.text)",
      "owner \(attributes.owner.user):\(attributes.owner.group)",
      "access list [\(attributes.acl.text)]",
    ]
  }

  private func text(_ text: PeerText) -> VersionText {
    switch text.row.content {
    case .file(let file):
      guard let bytes = text.bytes else { return .other("too long, \(byteText(file.size))") }
      return looksBinary(bytes) ? .other("binary, \(byteText(file.size))") : .text(bytes)
    case .symlink(let target): return .text(target + [0x0A])
    case .absent, .directory, .fifo: return .absent
    }
  }

  /// The bytes on this disk, as far as they still are what was compared.
  private func text(_ row: ListingRow, _ group: String) throws(Failure) -> VersionText {
    var bytes: [UInt8]?
    if case .file(let file) = row.content, file.size <= PeerText.fileLimit {
      bytes = file.size == 0 ? [] : try node.bytes(of: file.digest, size: file.size, group)
    }
    return text(PeerText(group: group, row: row, bytes: bytes))
  }
}
