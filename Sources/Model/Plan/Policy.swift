/// What decides the conflicts of a group, as far as the configuration goes.
///
/// Every host that has the same record decides alike: no clock, no disk, no name of its own takes
/// part.
package struct Policy: Hashable, Sendable {
  private let group: Group?
  package let order: HostOrder

  /// - Parameter replicas: The host that each replica belongs to.
  package init(_ group: Group, replicas: [ReplicaID: String]) {
    self.group = group.isDeciding ? group : nil
    order = HostOrder(group.members.map(\.name), replicas: replicas)
  }

  package func method(for path: TreePath) -> AutoMethod {
    group?.autoMethod(for: path) ?? .manual
  }
}

/// Where each replica's host stands in the group's list of hosts.
package struct HostOrder: Hashable, Sendable {
  private var places: [ReplicaID: Int] = [:]

  package init(_ hosts: [String], replicas: [ReplicaID: String]) {
    for (replica, host) in replicas { places[replica] = hosts.firstIndex(of: host) }
  }

  /// Nil for a host that the group does not list, or that nobody knows.
  package func place(of replica: ReplicaID) -> Int? { places[replica] }
}

extension Record {
  /// The values that a method chooses for all registers in conflict; nil if it leaves them open.
  ///
  /// The order is total: ties go to the greater dot (for `first` to the lesser one). One dot that
  /// stands for two values is an alarm and never decided.
  package func decided(by method: AutoMethod, _ order: HostOrder) -> ResolvedValues? {
    let fields = conflictingFields
    guard method != .manual, method != .merge, !fields.isEmpty, !hasTwins else { return nil }
    let ranking = Ranking(method: method, order: order)
    var values = ResolvedValues()
    var winners: [Dot] = []
    if fields.contains(.content) {
      let ranked = content.siblings.sorted { ranking.puts($0, before: $1) }
      values.content = ranked.first?.value
      winners = ranked.filter { $0.value.agrees(with: ranked[0].value) }.map(\.dot)
    }
    if fields.contains(.mode) { values.mode = ranking.choice(of: mode, winners) }
    if fields.contains(.owner) { values.owner = ranking.choice(of: owner, winners) }
    if fields.contains(.acl) { values.acl = ranking.choice(of: acl, winners) }
    return values
  }
}

/// The order in which one method ranks siblings.
private struct Ranking {
  let method: AutoMethod
  let order: HostOrder

  /// Whether the first of two different events wins over the second.
  func puts(
    _ left: Register<Content>.Sibling, before right: Register<Content>.Sibling
  ) -> Bool {
    if method.goesByHosts { return puts(left.dot, before: right.dot) }
    if left.value.isAbsent != right.value.isAbsent { return right.value.isAbsent }
    let (older, newer) = (left.value.moment, right.value.moment)
    let (small, big) = (left.value.bytes, right.value.bytes)
    switch method {
    case .younger where older != newer: return older > newer
    case .older where older != newer: return older < newer
    case .bigger where small != big: return small > big
    case .smaller where small != big: return small < big
    case .first: return left.dot < right.dot
    default: return left.dot > right.dot
    }
  }

  /// By the hosts that wrote them, where that counts; then the greater dot.
  private func puts(_ left: Dot, before right: Dot) -> Bool {
    guard method.goesByHosts else { return left > right }
    switch (order.place(of: left.replica), order.place(of: right.replica)) {
    case (let a?, let b?) where a != b: return method == .left ? a < b : a > b
    case (.some, nil): return true
    case (nil, .some): return false
    default: return left > right
    }
  }

  /// What the winner of the content wrote to an attribute too; else what the order says of it.
  func choice<Value>(of register: Register<Value>, _ winners: [Dot]) -> Value? {
    for dot in winners {
      if let own = register.siblings.first(where: { $0.dot == dot }) { return own.value }
    }
    return register.siblings.min { puts($0.dot, before: $1.dot) }?.value
  }
}

extension Content {
  /// When a file was modified; whatever else stands there counts as of 1970.
  fileprivate var moment: Timestamp {
    if case .file(let file) = self { file.modified } else { Timestamp(seconds: 0, nanoseconds: 0) }
  }

  /// The size of a file; whatever else stands there counts as empty.
  fileprivate var bytes: UInt64 {
    if case .file(let file) = self { file.size } else { 0 }
  }
}
