import CLinux
package import Model
import Synchronization

/// Where the names of users and groups come from.
package protocol NameSource: Sendable {
  /// The name of a number; nil if it has none.
  func name(of id: UInt32, _ kind: Names.Kind) throws(Names.LookupFailure) -> [UInt8]?
  /// The number of a name; nil if it is unknown.
  func id(of name: [UInt8], _ kind: Names.Kind) throws(Names.LookupFailure) -> UInt32?
  /// Differs when the databases have changed. Asked once a second at most.
  func stamp() -> [Timestamp]
}

/// Users and groups by number and by name, with what was found and what was not kept for a minute.
///
/// Number 0 is never spoken of by name and no name ever leads to it: an empty or forged answer must
/// not make a file root's. May be shared between threads.
package final class Names: Sendable {
  package enum Kind: Hashable, Sendable { case user, group }

  /// The directory service did not answer: nothing is known about the name, not even that it is
  /// unknown. The reason is the system's.
  package struct LookupFailure: Error, Hashable, Sendable {
    package var reason: String
    package init(reason: String) { self.reason = reason }
  }

  private struct Key<Value: Hashable & Sendable>: Hashable, Sendable {
    var kind: Kind
    var value: Value
  }

  private struct Cache: Sendable {
    var names: [Key<UInt32>: Principal] = [:]
    var ids: [Key<[UInt8]>: UInt32?] = [:]
    var stamp: [Timestamp] = []
    /// Milliseconds of the monotonic clock.
    var filled: UInt64 = 0
    var checked: UInt64 = 0
  }

  private static let lifetime: UInt64 = 60_000
  private static let checkInterval: UInt64 = 1_000

  private let source: any NameSource
  private let cache = Mutex(Cache())

  package init(source: any NameSource = SystemNames()) { self.source = source }

  /// How hosts speak of a number that was seen on a file here.
  package func principal(_ id: UInt32, _ kind: Kind) throws(LookupFailure) -> Principal {
    guard id != 0 else { return .number(0) }
    refresh()
    let key = Key(kind: kind, value: id)
    if let known = cache.withLock({ $0.names[key] }) { return known }
    let name = try source.name(of: id, kind)
    let found: Principal = name.flatMap { Self.isSound($0) ? .name($0) : nil } ?? .number(id)
    cache.withLock { $0.names[key] = found }
    return found
  }

  /// The number that a principal has here, or nil if it has none.
  ///
  /// A number stands for itself only if it has no name here: else it is somebody else's.
  package func id(_ principal: Principal, _ kind: Kind) throws(LookupFailure) -> UInt32? {
    switch principal {
    case .number(0): return 0
    // The number that system calls take for "leave it".
    case .number(.max): return nil
    case .number(let id): return try self.principal(id, kind) == principal ? id : nil
    case .name(let name): return try id(named: name, kind)
    }
  }

  private func id(named name: [UInt8], _ kind: Kind) throws(LookupFailure) -> UInt32? {
    guard Self.isSound(name) else { return nil }
    refresh()
    let key = Key(kind: kind, value: name)
    if let known = cache.withLock({ $0.ids[key] }) { return known }
    let found = try source.id(of: name, kind).flatMap { $0 == 0 || $0 == .max ? nil : $0 }
    cache.withLock { $0.ids[key] = .some(found) }
    return found
  }

  /// Asks again at the next look-up whether users or groups have changed: a person who has just
  /// added
  /// one expects the next command to know it.
  package func recheck() { cache.withLock { $0.checked = 0 } }

  private func refresh() {
    let now = cl_milliseconds()
    let due = cache.withLock {
      $0.checked == 0 || Self.is($0.checked, before: now, by: Self.checkInterval)
    }
    guard due else { return }
    let stamp = source.stamp()
    cache.withLock { cache in
      cache.checked = now
      guard stamp != cache.stamp || Self.is(cache.filled, before: now, by: Self.lifetime)
      else { return }
      cache = Cache(stamp: stamp, filled: now, checked: now)
    }
  }

  /// Another thread may have been here since `now` was read: what it left is then later than that.
  private static func `is`(_ moment: UInt64, before now: UInt64, by least: UInt64) -> Bool {
    now > moment && now - moment >= least
  }

  /// Whether the bytes can be a name: names go into look-ups, which may be a line of text to a
  /// server, and onto screens.
  private static func isSound(_ name: [UInt8]) -> Bool {
    guard !name.isEmpty, name.count <= 256, name.first != UInt8(ascii: "#") else { return false }
    return !name.contains { $0 == 0 || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: ":") }
  }
}

/// The name services that this system is configured with.
package struct SystemNames: NameSource {
  package init() {}

  package func name(
    of id: UInt32, _ kind: Names.Kind
  ) throws(Names.LookupFailure) -> [UInt8]? {
    // One more than a sound name has: a longer one is cut, and then refused.
    var buffer = [UInt8](repeating: 0, count: 257)
    let count =
      kind == .user
      ? cl_user_name(id, &buffer, buffer.count) : cl_group_name(id, &buffer, buffer.count)
    guard count >= 0 else { throw Names.LookupFailure(reason: SystemError(Int32(-count)).reason) }
    return count == 0 ? nil : Array(buffer.prefix(count))
  }

  package func id(
    of name: [UInt8], _ kind: Names.Kind
  ) throws(Names.LookupFailure) -> UInt32? {
    var id: UInt32 = 0
    let text = Name(name).bytes
    let found = kind == .user ? cl_user_id(text, &id) : cl_group_id(text, &id)
    guard found >= 0 else { throw Names.LookupFailure(reason: SystemError(-found).reason) }
    return found == 0 ? nil : id
  }

  package func stamp() -> [Timestamp] {
    ["/etc/passwd", "/etc/group"].map { path in
      guard let root = try? Descriptor(cl_open_root()),
        let seen = try? Sighting(root, Name(path))
      else { return Timestamp(seconds: 0, nanoseconds: 0) }
      return seen.stat.changed
    }
  }
}
