package import Model

extension MemoryStore {
  struct KeptAction {
    var run: ActionRun
    var names: Set<TreePath>
    var output: [UInt8] = []
  }

  package func queue(
    _ order: ActionOrder, names: [TreePath], seconds: Int64
  ) throws(Failure) {
    let place = state.actions.lastIndex { kept in
      let old = kept.run.order
      return old.group == order.group && old.command == order.command
        && old.logFile == order.logFile && [.waiting, .failed].contains(kept.run.state)
    }
    if let place {
      if state.actions[place].run.state == .failed { state.actions[place].run.attempts = 0 }
      state.actions[place].run.state = .waiting
      state.actions[place].run.order = order
      state.actions[place].run.due = seconds
      state.actions[place].names.formUnion(names)
      state.actions[place].run.names = state.actions[place].names.count
    } else {
      add(ActionRun(order: order, seconds: seconds), Set(names))
    }
  }

  private func add(_ run: ActionRun, _ names: Set<TreePath>) {
    var run = run
    state.lastAction += 1
    run.id = state.lastAction
    run.names = names.count
    state.actions.append(KeptAction(run: run, names: names))
  }

  package func actionRuns() throws(Failure) -> [ActionRun] { state.actions.map(\.run) }

  package func actionRun(_ id: Int64) throws(Failure) -> ActionRun? {
    state.actions.first { $0.run.id == id }?.run
  }

  package func actionNames(_ id: Int64, limit: Int) throws(Failure) -> [TreePath] {
    let names = state.actions.first { $0.run.id == id }?.names ?? []
    return Array(names.sorted().prefix(limit))
  }

  package func actionOutput(_ id: Int64) throws(Failure) -> [UInt8] {
    state.actions.first { $0.run.id == id }?.output ?? []
  }

  package func put(_ run: ActionRun, output: [UInt8]?) throws(Failure) {
    guard let place = state.actions.firstIndex(where: { $0.run.id == run.id }) else { return }
    state.actions[place].run = run
    if let output { state.actions[place].output = output }
  }

  package func splitNames(
    of id: Int64, after path: TreePath, seconds: Int64
  ) throws(Failure) {
    guard let place = state.actions.firstIndex(where: { $0.run.id == id }) else { return }
    let rest = state.actions[place].names.filter { path < $0 }
    state.actions[place].names.subtract(rest)
    state.actions[place].run.names -= rest.count
    add(ActionRun(order: state.actions[place].run.order, seconds: seconds), rest)
  }

  package func removeAction(_ id: Int64) throws(Failure) {
    state.actions.removeAll { $0.run.id == id }
  }

  package func forgetDoneActions() throws(Failure) {
    let done = state.actions.filter { $0.run.state == .done }
    for kept in done.dropLast(ActionRun.keptRuns) { try removeAction(kept.run.id) }
    for place in state.actions.indices where state.actions[place].run.state == .done {
      let names = state.actions[place].names.sorted().prefix(ActionRun.keptNames)
      state.actions[place].names = Set(names)
    }
  }
}
