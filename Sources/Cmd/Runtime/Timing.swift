import Glibc
import TransportEdge

extension Deadlines {
  /// The usual ones; `CONCORD_DEADLINE` (seconds) shortens all of them, for tests and slow-wary
  /// scripts.
  static var configured: Deadlines {
    guard let text = getenv("CONCORD_DEADLINE"), let seconds = Double(String(cString: text)),
      seconds > 0, seconds < 3_600
    else { return Deadlines() }
    return Deadlines(
      connectSeconds: seconds, authenticateSeconds: seconds, idleSeconds: seconds * 6)
  }
}
