/// The actions that follow from the changes of one transaction, and about which paths.
///
/// Noted change by change and queued at once, in that transaction: a change without its action
/// cannot outlive a crash, nor an action without its change.
package struct ActionBatch {
  /// Where a change was made.
  package enum Origin: Hashable, Sendable {
    /// By somebody on this host.
    case here
    /// By this program, after what others did or somebody decided.
    case elsewhere
  }

  private let group: String
  private let actions: [Action]
  /// Of each action, in the order of their coming.
  private var names: [[TreePath]]

  package init(_ group: Group, made origin: Origin) {
    self.group = group.name
    actions = group.actions.filter { action in
      switch action.runs {
      case .elsewhere: origin == .elsewhere
      case .here: origin == .here
      case .everywhere: true
      }
    }
    names = actions.map { _ in [] }
  }

  /// A path was created, changed or removed on this disk.
  package mutating func note(_ path: TreePath) {
    for (index, action) in actions.enumerated() where action.matches(path) {
      names[index].append(path)
    }
  }

  /// Queues what has been noted; call it in the transaction of the changes.
  package mutating func queue(in store: any Store, seconds: Int64) throws(Failure) {
    for (action, paths) in zip(actions, names) where !paths.isEmpty {
      for order in action.orders(group) {
        try store.queue(order, names: paths, seconds: seconds)
      }
    }
    names = actions.map { _ in [] }
  }
}
