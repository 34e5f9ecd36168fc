/// Changes that a gate has to let through: all of its set or nothing.
extension Applier {
  /// The parts of a set in the order in which they are carried out: what is made or changed, what
  /// goes (from below), and what takes the place of a directory that is empty by then.
  private struct Parts {
    var objects: [Work] = []
    var removals: [Work] = []
    var replacements: [Work] = []
  }

  /// Prepares a set, has it looked at as it will be, and carries it out if that went well.
  mutating func carryOut(_ work: [Work], through index: Int) throws(Failure) {
    gate = index
    defer { gate = nil }
    let parts = try parts(of: work)
    var steps: [[Step]] = []
    for part in [parts.objects, parts.removals, parts.replacements] {
      steps.append(try self.steps(part))
    }
    defer { abandon(steps) }
    guard steps.contains(where: { !$0.isEmpty }) else { return }
    if let missing = try lacking(steps) {
      report.problems.append(
        Problem(
          refused: missing, group,
          "what is checked together with it is not whole: this one could not be had yet"))
      return
    }
    guard let ready = prepared(steps) else { return }
    let all = ready.flatMap { $0 }
    if let refusal = refusal(of: all, configured.gates[index]) {
      report.problems.append(refusal)
      return
    }
    guard backedUp(all).count == all.count, isDurable(all) else { return }
    for part in ready { try install(part) }
  }

  private func parts(of work: [Work]) throws(Failure) -> Parts {
    var parts = Parts()
    for item in work.sorted(by: { $0.path < $1.path }) {
      guard let entry = try store.entry(group, item.path) else {
        if let stage = item.stage { disk.drop(stage.handle) }
        continue
      }
      switch entry.verdict {
      case .nothing, .remove: parts.removals.insert(item, at: 0)
      case .install(.directory, _), .adjust: parts.objects.append(item)
      case .install where entry.shown.content.value.isDirectory: parts.replacements.append(item)
      case .install: parts.objects.append(item)
      }
    }
    return parts
  }

  /// A path of the set that waits on this disk and is not among the steps.
  private func lacking(_ steps: [[Step]]) throws(Failure) -> TreePath? {
    let have = Set(steps.joined().map(\.entry.path))
    var last: TreePath?
    while true {
      let batch = try store.entries(group, in: .pending, after: last, limit: 1_000)
      guard let end = batch.last else { return nil }
      last = end.path
      for entry in batch
      where configured.gate(of: entry.path) == gate && !have.contains(entry.path) {
        switch entry.verdict {
        case .nothing, .install(.absent, _): continue
        case .remove where isRoot(entry.path): continue
        default: return entry.path
        }
      }
    }
  }

  /// All of them complete in staging; nil, with the reasons noted, if one could not be made.
  private mutating func prepared(_ steps: [[Step]]) -> [[Ready]]? {
    var out: [[Ready]] = []
    var isWhole = true
    for part in steps {
      var ready: [Ready] = []
      for (step, result) in zip(part, disk.prepare(part.map(\.installation))) {
        switch result {
        case .success(let prepared): ready.append((step, prepared))
        case .failure(let trouble):
          isWhole = false
          note(step.entry.path, "not updated", trouble)
        }
      }
      out.append(ready)
    }
    return isWhole ? out : nil
  }

  /// Nothing of what is left in staging is needed any more.
  private func abandon(_ steps: [[Step]]) {
    for step in steps.joined() {
      if case .staged(let handle) = step.installation.body { disk.drop(handle) }
    }
    disk.settle()
  }

  // MARK: The look

  /// Why the set is not let through; nil if it is.
  private func refusal(of ready: [Ready], _ gate: Gate) -> Problem? {
    let waiting = ready.map(\.step.entry).filter { $0.state.contains(.pending) }
    guard let first = (waiting.first ?? ready.first?.step.entry)?.path else { return nil }
    let view: DiskView
    do { view = try disk.makeView(of: ready.map(\.prepared)) } catch {
      return Problem(
        refused: first, group, "the changes could not be shown to the command: \(error.reason)")
    }
    defer { disk.drop(view) }
    for command in gate.commands {
      guard let reason = reason(against: ready, command, gate, view) else { continue }
      return Problem(refused: first, group, "\(escaped(Array(command.utf8))): \(reason)")
    }
    return nil
  }

  private func reason(
    against ready: [Ready], _ command: String, _ gate: Gate, _ view: DiskView
  ) -> String? {
    guard let shell = ShellCommand.ofConfiguration(command) else {
      return "the command cannot be read"
    }
    let steps = ready.map(\.step).sorted { $0.entry.path < $1.entry.path }
    let names = steps.filter { $0.installation.isNamed }.map { disk.localPath(of: $0.entry.path) }
    // There is nothing that it could look at.
    if shell.takesNames, names.isEmpty { return nil }
    let result = surroundings.programs.run(
      Program(
        command: shell.text, arguments: shell.takesNames ? names : [],
        input: steps.flatMap { disk.localPath(of: $0.entry.path) + [0] },
        environment: [
          .init("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
          .init("LC_ALL", "C"), .init("CONCORD_GROUP", group),
          .init("CONCORD_HOST", configured.own?.name ?? ""),
        ], timeoutSeconds: gate.timeoutSeconds ?? Gate.usualTimeoutSeconds, views: view.layers))
    if result.isSuccess { return nil }
    let said = firstLines(result.output)
    return said.isEmpty ? "\(result.end)" : "\(result.end): \(said)"
  }

  /// The first lines that say something, escaped, on one.
  private func firstLines(_ output: [UInt8]) -> String {
    let lines = output.prefix(4_096).split(separator: UInt8(ascii: "\n")).prefix(4)
    return lines.map { escaped($0.prefix(200)) }.joined(separator: " | ")
  }
}

extension Installation {
  /// Whether commands get it as an argument: it will be there, and has something in it to read.
  fileprivate var isNamed: Bool { body != .nothing && body != .directory }
}
