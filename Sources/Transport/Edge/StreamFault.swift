import Glibc
import Model
import Transport

/// Why a stream ended.
enum StreamFault: Error {
  /// The deadline passed.
  case late
  /// This side has closed.
  case closedHere
  /// The peer is gone without a goodbye, or in the middle of a frame.
  case cut
  /// More came before authentication than a handshake can take.
  case tooMuch
  case tls(TLSFault)
  case wire(WireFault)
  case system(SystemFault)
}

/// Calls what can fail by the system's fault only.
func onSystem<Value>(_ body: () throws(SystemFault) -> Value) throws(StreamFault) -> Value {
  do {
    return try body()
  } catch {
    // The peer's reset and its silent end mean the same to us.
    if error.code == ECONNRESET || error.code == EPIPE { throw .cut }
    throw .system(error)
  }
}
