import ArgumentParser
import Model
import Transport
import TransportEdge

/// `-T`, `-TT`, `-TI`, `-TX`, `-TU`: the files of two disks, not what two databases say of them.
extension ShortRun {
  func test() throws -> Int32 {
    var (peers, files) = (line.peers, line.files)
    if files.count > 1 {
      peers = [try pair(files)]
      files.removeFirst(2)
    }
    var words = peers.flatMap { ["--peer", $0] } + ["--unreachable-is-trouble"]
    words += line.showsDiffs ? ["--texts", "--"] : ["--"]
    let targets = try targets(files)
    if !isWhole(files) {
      words += targets.map { String(decoding: $0.path.text, as: UTF8.self) }
    }
    let (answer, _) = try VerifyCommand.parse(words).perform(context)
    let names = Set(groups.map(\.name))
    let rows = answer.rows.filter { names.contains($0.item.group) }
    for row in rows {
      if line.showsDiffs {
        try showDifference(row, answer.texts[row.peer] ?? [])
      } else {
        out(
          row.item.kind.rawValue, escaped(node.name), escaped(row.peer), name(row.item.path))
      }
    }
    var errors =
      answer.gaps.count { names.contains($0.group) } + answer.peers.count { $0.failure != nil }
    if line.isInitial { errors += try insist(rows) }
    summarise("compared", errors, [counted(rows.count, "difference")])
    if errors > 0 { return 1 }
    return rows.isEmpty ? 2 : 0
  }

  // MARK: Make them like me

  /// What differs is said anew here and wins at the next meeting; what only the peers have is
  /// deleted there, with `-X`.
  private func insist(_ rows: [VerifyAnswer.Row]) throws -> Int {
    var errors = 0
    for group in groups {
      let mine = rows.filter {
        $0.item.group == group.name && group.selection.includes($0.item.path)
          && (line.removesThere || $0.item.kind != .onlyThere)
      }
      if mine.isEmpty { continue }
      errors += try check(group, [], isShallow: false)
      var against: [TreePath: Set<String>] = [:]
      for row in mine { against[row.item.path, default: []].insert(row.peer) }
      let all = node.others(in: [group])
      for (path, peers) in against.sorted(by: { $0.key < $1.key }) {
        try node.real.with { store throws(Failure) in
          _ = try Settlement.insist(
            path, group: group.group, others: line.isPairOnly ? peers.sorted() : all,
            store: store, recording: node.recording(context.settings))
        }
        note("\(escaped(node.name)): insisted: \(name(path))")
      }
      try node.real.with { store throws(Failure) in try node.markRoots(store) }
    }
    return errors
  }
}
