import Glibc
import Model
import ModelEdge
import Synchronization
import Testing

/// Says the same stamp always; while it is asked the first time, somebody else asks for a name.
private final class SlowNames: NameSource {
  private let meanwhile = Mutex<(@Sendable () -> Void)?>(nil)

  func onFirst(_ action: @escaping @Sendable () -> Void) { meanwhile.withLock { $0 = action } }

  func name(of id: UInt32, _ kind: Names.Kind) throws(Names.LookupFailure) -> [UInt8]? {
    Array("u\(id)".utf8)
  }

  func id(of name: [UInt8], _ kind: Names.Kind) throws(Names.LookupFailure) -> UInt32? { nil }

  func stamp() -> [Timestamp] {
    let action = meanwhile.withLock { action in
      defer { action = nil }
      return action
    }
    action?()
    return [Timestamp(seconds: 1, nanoseconds: 0)]
  }
}

@Suite struct `Names of users and groups` {
  /// The second thread's time is later than what the first one had read before.
  @Test func `are found by two threads at once`() throws {
    let source = SlowNames()
    let names = Names(source: source)
    source.onFirst {
      usleep(20_000)
      _ = try? names.principal(7, .user)
    }
    #expect(try names.principal(8, .user) == .name(Array("u8".utf8)))
    #expect(try names.principal(7, .user) == .name(Array("u7".utf8)))
  }
}
