import Glibc
import Model
import ModelEdge

// The database, and what a run that died has left.
extension Doctor {
  func database() throws(Failure) -> [Diagnosis] {
    let facts = try node.real.examine()
    let place = "\(escaped(settings.stateDirectory))/state.db"
    guard facts.verdict == "ok" else {
      return [
        .fail(
          "database", "\(place): \(escaped(facts.verdict))",
          "move \(escaped(settings.stateDirectory)) away to start anew: files are kept and joined "
            + "by content")
      ]
    }
    var out: [Diagnosis] = [
      .ok("database", "\(place): sound, schema \(facts.schema), \(byteText(facts.bytes))")
    ]
    if !facts.hasWitness {
      out.append(
        .warn(
          "witness", "\(escaped(settings.stateDirectory))/witness is missing",
          "nothing: this host takes a new identity when it next opens its state"))
    }
    return out
  }

  func journal() throws(Failure) -> [Diagnosis] {
    let rows = try node.real.with { store throws(Failure) in try store.journal().flatMap(\.rows) }
    var out: [Diagnosis] = []
    if let first = rows.first {
      // A session may be installing at this moment.
      out.append(
        .warn(
          "journal", "\(rows.count) installations are under way: \(node.shownPath(first.path)) …",
          "look again when no sync runs; the next command finishes what a dead one has left"))
    } else {
      out.append(.ok("journal", "empty"))
    }
    let left = leftovers()
    if left > 0 {
      out.append(
        .warn(
          "staging", "\(left) objects stand in staging", "nothing, if a sync runs; else sync once"))
    }
    return out
  }

  /// Objects in the staging area of the state directory.
  private func leftovers() -> Int {
    guard let directory = opendir(settings.stateDirectory + "/staging") else { return 0 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }
}
