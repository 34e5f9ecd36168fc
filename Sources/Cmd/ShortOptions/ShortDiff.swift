import Model
import Transport
import TransportEdge

/// `-TT`: how a peer's file becomes this host's.
extension ShortRun {
  func showDifference(_ row: VerifyAnswer.Row, _ texts: [PeerText]) throws {
    let (path, group) = (row.item.path, row.item.group)
    let theirs = texts.first { $0.row.path == path && $0.group == group }
    // What was compared is on the disk, and may not be recorded yet.
    let disk = try node.disk()
    let seen = try? disk.observe(path, known: nil)
    let here = seen.map { listing(path, $0) }
    let mine = seen.map { text(listing(path, $0), group, disk, $0.stat) }
    let labels = (
      theirs == nil ? "/dev/null" : row.peer + ":" + String(decoding: path.text, as: UTF8.self),
      here == nil ? "/dev/null" : node.name + ":" + String(decoding: path.text, as: UTF8.self)
    )
    let differing = zip(remarks(theirs?.row), remarks(here)).filter { $0.0 != $0.1 }
    for (there, here) in differing where theirs != nil {
      context.console.out(
        "# \(name(path)): \(escaped(row.peer)) has \(there), \(escaped(node.name)) has \(here)\n")
    }
    let old = theirs.map { text($0) } ?? .absent
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
    case .absent, .directory, .fifo, .device: return .absent
    }
  }

  private func listing(_ path: TreePath, _ seen: Observation) -> ListingRow {
    ListingRow(
      path: path, content: seen.content,
      attributes: Attributes(mode: seen.mode, owner: seen.owner, acl: seen.acl))
  }

  /// The bytes on this disk, as far as they are what was looked at.
  private func text(
    _ row: ListingRow, _ group: String, _ disk: any Disk, _ stat: FileStat
  ) -> VersionText {
    var bytes: [UInt8]? = []
    if case .file(let file) = row.content {
      while let some = bytes, UInt64(some.count) < file.size {
        let next =
          file.size > PeerText.fileLimit
          ? nil
          : try? disk.read(
            row.path, stat: stat, offset: UInt64(some.count), count: Int(file.size) - some.count)
        bytes = next.flatMap { $0.isEmpty ? nil : some + $0 }
      }
    }
    return text(PeerText(group: group, row: row, bytes: bytes))
  }
}
