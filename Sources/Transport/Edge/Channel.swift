package import Model
package import Transport

/// An authenticated connection to one peer, in frames.
///
/// One thread sends, one receives, at the same time; a second sender or receiver waits for the
/// first. A throw ends the channel: close it. The last reference closes it too.
package final class Channel: Link {
  package let peer: PeerIdentity
  private let stream: SecureStream
  private let idle: Int64

  init(peer: PeerIdentity, stream: SecureStream, deadlines: Deadlines) {
    self.peer = peer
    self.stream = stream
    idle = wholeMilliseconds(deadlines.idleSeconds)
  }

  deinit { stream.close() }

  /// Bytes sent on the wire, TLS included.
  package var bytesOut: UInt64 { stream.bytesOut }
  /// Bytes received on the wire, TLS included.
  package var bytesIn: UInt64 { stream.bytesIn }

  /// Queues a frame of 1 to `Limits.frameBytes` bytes; blocks while 256 KiB wait to be sent.
  ///
  /// Nothing is sure to leave before `flush`. Throws if the peer is gone, or takes and sends no
  /// byte for `idleSeconds`, or after `close`.
  package func send(_ frame: [UInt8]) throws(Failure) {
    guard frame.count <= Limits.frameBytes else {
      throw Failure(
        .internalFault, escaped(peer.name), "not sent",
        "a message of \(frame.count) bytes is longer than a frame, \(Limits.frameBytes) bytes",
        remedy: "sync fewer groups at a time with --group, or groups of fewer hosts")
    }
    do { try stream.send(frame, .idle(idle)) } catch { throw failure(error) }
  }

  package var lineShare: Double? { stream.lineShare }

  /// Writes out every queued frame. Call it before waiting for an answer.
  package func flush() throws(Failure) {
    do { try stream.flush(.idle(idle)) } catch { throw failure(error) }
  }

  /// The next whole frame. Nil once the peer has closed in an orderly way between two frames, and
  /// after `close` here. Throws if the peer is gone, sends what is no frame, or was silent for
  /// `idleSeconds` while this side sent nothing either.
  package func receive() throws(Failure) -> [UInt8]? {
    do {
      return try stream.receive(limit: Limits.frameBytes, .idle(idle))
    } catch {
      if case .closedHere = error { return nil }
      throw failure(error)
    }
  }

  /// Says goodbye and closes. Idempotent, from any thread; ends a `send` or `receive` that waits.
  ///
  /// It does not wait for the peer. Frames that were not flushed may be lost, and so may flushed
  /// ones if the peer has sent what this side never received: end a talk by agreement first.
  package func close() { stream.close() }

  private func failure(_ fault: StreamFault) -> Failure {
    let place = escaped(peer.name)
    let (kind, reason, remedy) = fault.words
    return Failure(kind, place, "connection lost", reason, remedy: remedy)
  }
}

extension StreamFault {
  // After authentication.
  fileprivate var words: (Failure.Kind, String, String) {
    let again = "the next run takes up where this one ended"
    return switch self {
    case .late: (.unavailable, "no byte came or went within the time limit", again)
    case .closedHere: (.unavailable, "closed by this host", "")
    case .cut: (.unavailable, "the peer is gone without a goodbye", again)
    case .tooMuch: (.protocolFault, "too much input before authentication", "")
    case .tls(let fault): (.protocolFault, "TLS: \(fault.text)", again)
    case .wire(let fault): (.protocolFault, "malformed frame at \(fault)", "")
    case .system(let fault): (.unavailable, fault.text, again)
    }
  }
}
