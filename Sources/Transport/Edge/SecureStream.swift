import Glibc
import Synchronization
import Model
import Transport

/// Frames over TLS over descriptors, before and after authentication.
///
/// Three locks. `sender` and `receiver` are each held for a whole call, also while it waits for the
/// network, and own the buffers of their direction. `tls` is held for computing only, by either.
/// Taken in the order sender, receiver, tls, never the other way round. `close` first wakes who
/// waits and then takes all three, so nobody uses a descriptor that is gone.
final class SecureStream: Sendable {
  private struct Sender {
    // Payload that does not fill a record yet.
    var plain: [UInt8] = []
    // Records on their way; empty between calls.
    var cipher: [UInt8] = []
    var isBroken = false
  }

  private struct Receiver {
    var raw: [UInt8] = []
    // The peer has said goodbye between two frames.
    var hasEnded = false
    var isBroken = false
  }

  // One read(2) for so many bytes of records; measured: two reads a record cost 25 % of the time.
  private static let bufferBytes = 256 << 10

  private let wires: Wires
  private let tls: Mutex<TLSSession>
  private let sender = Mutex(Sender())
  private let receiver = Mutex(Receiver())
  private let isClosing = Atomic(false)
  private let isAuthenticated = Atomic(false)

  /// Takes the descriptors over, also if it throws.
  init(_ role: TLSSession.Role, identity: Identity, wires: Wires) throws(StreamFault) {
    self.wires = wires
    do {
      tls = Mutex(try TLSSession(role, credentials: identity.credentials))
    } catch {
      throw .tls(error)
    }
  }

  deinit { close() }

  /// Bytes written to the descriptor, TLS included.
  var bytesOut: UInt64 { wires.bytesOut }
  /// Bytes read from the descriptor, TLS included.
  var bytesIn: UInt64 { wires.bytesIn }
  /// As `Link` says.
  var lineShare: Double? { wires.lineShare }

  // MARK: before authentication

  /// Runs the TLS handshake.
  func handshake(until moment: Moment) throws(StreamFault) {
    while true {
      let done = try withTLS { (tls) throws(TLSFault) in try tls.handshake() }
      try sender.withLock { (sender) throws(StreamFault) in
        try drain(&sender, .until(moment))
      }
      if done { return }
      try receiver.withLock { (receiver) throws(StreamFault) in
        try readMore(&receiver, .until(moment))
      }
    }
  }

  /// The peer's public key, if it is of the one allowed form.
  func peerKey() -> [UInt8]? { tls.withLock { $0.peerKey() } }

  func exporter(label: String, context: [UInt8], count: Int) throws(StreamFault) -> [UInt8] {
    try withTLS { (tls) throws(TLSFault) in
      try tls.exporter(label: label, context: context, count: count)
    }
  }

  /// Lifts the limits that hold before authentication.
  func setAuthenticated() { isAuthenticated.store(true, ordering: .releasing) }

  // MARK: sending

  /// Queues a frame; blocks while 256 KiB of records wait.
  func send(_ frame: [UInt8], _ patience: Patience) throws(StreamFault) {
    try sender.withLock { (sender) throws(StreamFault) in
      try checkOpen(sender.isBroken)
      // Any throw may leave half a record behind: nothing that follows would make sense.
      sender.isBroken = true
      Frame.appendHeader(frame.count, to: &sender.plain)
      let record = TLSSession.recordBytes
      var taken = min(frame.count, max(0, record - sender.plain.count))
      sender.plain.append(contentsOf: frame[..<taken])
      if sender.plain.count >= record {
        try encrypt(sender.plain[...], &sender, patience)
        sender.plain.removeAll(keepingCapacity: true)
        // Whole records straight from the frame, without a copy.
        while frame.count - taken >= record {
          try encrypt(frame[taken..<(taken + record)], &sender, patience)
          taken += record
        }
        sender.plain.append(contentsOf: frame[taken...])
      }
      sender.isBroken = false
    }
  }

  /// Writes out all that was queued.
  func flush(_ patience: Patience) throws(StreamFault) {
    try sender.withLock { (sender) throws(StreamFault) in
      try checkOpen(sender.isBroken)
      sender.isBroken = true
      if !sender.plain.isEmpty {
        try encrypt(sender.plain[...], &sender, patience)
        sender.plain.removeAll(keepingCapacity: true)
      }
      try drain(&sender, patience)
      sender.isBroken = false
    }
  }

  private func encrypt(
    _ bytes: ArraySlice<UInt8>, _ sender: inout Sender, _ patience: Patience
  ) throws(StreamFault) {
    let waiting = try withTLS { (tls) throws(TLSFault) in
      var fault: TLSFault?
      bytes.withUnsafeBytes { buffer in
        do throws(TLSFault) { try tls.encrypt(buffer) } catch { fault = error }
      }
      if let fault { throw fault }
      return tls.outputCount
    }
    if waiting >= Self.bufferBytes { try drain(&sender, patience) }
  }

  private func drain(_ sender: inout Sender, _ patience: Patience) throws(StreamFault) {
    var cipher: [UInt8] = []
    swap(&cipher, &sender.cipher)
    tls.withLock { $0.takeOutput(&cipher) }
    var written = 0
    while written < cipher.count {
      if let count = try writeSome(cipher[written...]) {
        written += count
      } else {
        try wires.waitToWrite(patience)
      }
    }
    cipher.removeAll(keepingCapacity: true)
    sender.cipher = cipher
  }

  private func writeSome(_ bytes: ArraySlice<UInt8>) throws(StreamFault) -> Int? {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(StreamFault) in try wires.write(buffer) }
    }
    return try result.get()
  }

  // MARK: receiving

  /// The next frame of at most `limit` bytes; nil if the peer has said goodbye between two frames.
  func receive(limit: Int, _ patience: Patience) throws(StreamFault) -> [UInt8]? {
    try receiver.withLock { (receiver) throws(StreamFault) -> [UInt8]? in
      if receiver.hasEnded { return nil }
      try checkOpen(receiver.isBroken)
      receiver.isBroken = true
      guard let header = try fill(Frame.headerBytes, &receiver, patience, mayEnd: true) else {
        receiver.hasEnded = true
        return nil
      }
      let length = try frameLength(header, limit)
      let frame = try fill(length, &receiver, patience, mayEnd: false)
      receiver.isBroken = false
      return frame
    }
  }

  private func frameLength(_ header: [UInt8], _ limit: Int) throws(StreamFault) -> Int {
    do { return try Frame.length(of: header, limit: limit) } catch { throw .wire(error) }
  }

  private func fill(
    _ count: Int, _ receiver: inout Receiver, _ patience: Patience, mayEnd: Bool
  ) throws(StreamFault) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      switch try decrypt(into: &bytes, from: filled) {
      case .bytes(let more): filled += more
      case .hungry: try readMore(&receiver, patience)
      case .closed:
        if mayEnd && filled == 0 { return nil }
        throw .cut
      }
    }
    return bytes
  }

  private func decrypt(
    into bytes: inout [UInt8], from start: Int
  ) throws(StreamFault) -> TLSSession.Received {
    let result = bytes.withUnsafeMutableBytes { buffer in
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
      // The pointer is used under the lock and inside this closure only.
      nonisolated(unsafe) let place = target
      return Result { () throws(StreamFault) in
        try withTLS { (tls) throws(TLSFault) in try tls.decrypt(into: place) }
      }
    }
    return try result.get()
  }

  private func readMore(
    _ receiver: inout Receiver, _ patience: Patience
  ) throws(StreamFault) {
    let open = isAuthenticated.load(ordering: .acquiring)
    let size = open ? Self.bufferBytes : Limits.helloFrameBytes
    if receiver.raw.count < size { receiver.raw = [UInt8](repeating: 0, count: size) }
    while true {
      let result = receiver.raw.withUnsafeMutableBytes { buffer in
        Result { () throws(StreamFault) in try wires.read(into: buffer) }
      }
      guard let count = try result.get() else {
        try wires.waitToRead(patience)
        continue
      }
      if !open && wires.bytesIn > UInt64(Limits.helloTotalBytes) { throw .tooMuch }
      var raw: [UInt8] = []
      swap(&raw, &receiver.raw)
      let spare = tls.withLock { tls in
        if count == 0 { tls.feedEnd() } else { tls.feed(&raw, count: count) }
        return raw
      }
      receiver.raw = spare
      return
    }
  }

  // MARK: closing

  /// Closes with a goodbye, or with the alert for a refusal. From any thread; the first call
  /// counts.
  func close(refusing: Bool = false) {
    guard !isClosing.exchange(true, ordering: .acquiringAndReleasing) else { return }
    wires.wake()
    sender.withLock { sender in
      receiver.withLock { _ in
        // After half a record no further one can be read: say nothing then.
        if !sender.isBroken || refusing { sayLastWords(&sender, refusing: refusing) }
        wires.close()
      }
    }
  }

  private func sayLastWords(_ sender: inout Sender, refusing: Bool) {
    var cipher: [UInt8] = []
    tls.withLock { tls in
      if refusing { tls.sayRefused() } else { tls.sayGoodbye() }
      tls.takeOutput(&cipher)
    }
    // Once, without waiting: a peer that does not read must not hold up who closes.
    _ = try? writeSome(cipher[...])
  }

  // MARK: common parts

  private func checkOpen(_ isBroken: Bool) throws(StreamFault) {
    if isClosing.load(ordering: .acquiring) { throw .closedHere }
    if isBroken { throw .cut }
  }

  private func withTLS<Value: Sendable>(
    _ body: (TLSSession) throws(TLSFault) -> Value
  ) throws(StreamFault) -> Value {
    do {
      return try tls.withLock { (tls) throws(TLSFault) in try body(tls) }
    } catch {
      throw error.isCut ? .cut : .tls(error)
    }
  }
}
