/// One ordered read of a group's entries, beside an ordered walk.
package struct IndexCursor {
  private static let batch = 2_000

  private let store: any Store
  private let group: String
  /// Only this path and what is below it; nil: the whole group.
  private let scope: TreePath?
  private var entries: ArraySlice<Entry> = []
  private var last: TreePath?
  private var isAtEnd = false

  package init(store: any Store, group: String, scope: TreePath?) {
    self.store = store
    self.group = group
    self.scope = scope
  }

  /// The next entry, left in place; nil at the end.
  package mutating func peek() throws(Failure) -> Entry? {
    if entries.isEmpty, !isAtEnd {
      let read: [Entry]
      if let scope {
        read = try store.entries(group, under: scope, after: last, limit: Self.batch)
      } else {
        read = try store.entries(group, after: last, limit: Self.batch)
      }
      isAtEnd = read.count < Self.batch
      last = read.last?.path ?? last
      entries = read[...]
    }
    return entries.first
  }

  package mutating func advance() { _ = entries.popFirst() }
}
