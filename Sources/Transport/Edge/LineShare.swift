import Glibc
import Synchronization

extension Wires {
  /// Of the time since this was last asked in which bytes waited to leave, the part in which the
  /// line held them up: the kernel knows when it was the peer's window. Nil on pipes, and if
  /// nothing waited.
  var lineShare: Double? {
    // `struct tcp_info` of linux/tcp.h up to `tcpi_rwnd_limited`: microseconds, behind 168 bytes.
    var info = [UInt64](repeating: 0, count: 24)
    var length = socklen_t(info.count * 8)
    guard isSocket,
      getsockopt(writeEnd, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0, length >= 184
    else { return nil }
    let now = (busy: info[21], byPeer: info[22])
    return waited.withLock { before in
      let busy = now.busy &- before.busy
      let byPeer = now.byPeer &- before.byPeer
      before = now
      guard busy > 0, byPeer <= busy else { return nil }
      return 1 - Double(byPeer) / Double(busy)
    }
  }
}
