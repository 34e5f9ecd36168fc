import Model
import ModelEdge
import Transport

/// Identifiers that are not those of an open conflict any more.
extension Node {
  /// What has become of a conflict that somebody has in hand: a refusal that says so; nil if this
  /// host has never known it.
  func refusal(ofFormer id: String) throws(Failure) -> Failure? {
    if let settled = try settled(withID: id).first {
      return Failure(
        .noInput, escaped(id), "nothing to resolve",
        "it was settled on \(timeText(settled.seconds)): \(shownPath(settled.path))",
        remedy: "concord resolve --undo \(settled.id) opens it again")
    }
    guard let former = try former(withID: id) else { return nil }
    guard let now = try current(former) else {
      return Failure(
        .noInput, escaped(id), "nothing to resolve",
        "\(shownPath(former.path)) was settled on another host, or by a later change",
        remedy: "see concord log \(shownPath(former.path))")
    }
    return Failure(
      .busy, escaped(id), "not resolved",
      "\(shownPath(former.path)) has another version since; the conflict is \(now.conflict.id) now",
      remedy: "look at it: concord conflicts show \(now.conflict.id)")
  }

  /// Shows what has become of it.
  func show(formerName id: String, _ context: Context) throws(Failure) {
    guard let former = try former(withID: id), let now = try current(former) else { return }
    context.console.out(now.details(self))
  }

  private func former(withID id: String) throws(Failure) -> FormerConflict? {
    try real.with { store throws(Failure) in
      try store.formerConflicts().first {
        Conflict.id($0.path, $0.dots, ModelEdge.sha256).hasPrefix(id)
      }
    }
  }

  private func current(_ former: FormerConflict) throws(Failure) -> OpenConflict? {
    try conflicts().first { $0.conflict.group == former.group && $0.conflict.path == former.path }
  }

  private func settled(withID id: String) throws(Failure) -> [SettledConflict] {
    try real.with { store throws(Failure) in try store.settledConflicts(withID: id) }
  }

  /// The latest decision about the conflict with an identifier, or one that begins so.
  func settled(named id: String) throws(Failure) -> SettledConflict {
    let found = try settled(withID: id)
    guard let first = found.first else {
      throw Failure(
        .noInput, escaped(id), "nothing to undo", "this host settled no conflict of that name",
        remedy: "see concord conflicts --resolved, or undo it where it was settled")
    }
    guard !found.contains(where: { $0.id != first.id }) else {
      throw Failure(
        .usage, escaped(id), "not clear", "several settled conflicts begin so",
        remedy: "give all eight digits")
    }
    return first
  }

  /// Opens a settled conflict again.
  func reopen(_ settled: SettledConflict, _ settings: Settings) throws(Failure) {
    guard let group = group(settled.group) else {
      throw Failure(
        .noInput, escaped(settled.group), "not undone", "this host is not in the group any more")
    }
    try requireVoice(settled.group, settled.path, "not undone")
    do {
      _ = try real.with { store throws(Failure) in
        try Settlement.undo(
          settled, group: group, store: store, recording: recording(settings))
      }
    } catch {
      throw shown(error, settled.path)
    }
  }
}
