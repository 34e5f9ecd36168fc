import CGnuTLS
import Glibc
import Transport

/// TLS 1.3 with raw public keys (RFC 7250), as a machine that turns bytes into bytes.
///
/// It knows no socket: what it wants to send gathers in `output`, what has come is given to `feed`.
/// So nothing in GnuTLS ever blocks, and one lock round the whole session, held for computing only,
/// makes it safe for a sending and a receiving thread. A key update that the peer asks for while
/// both are busy, for one, is answered by the next `encrypt`, under that lock.
final class TLSSession {
  enum Role { case client, server }

  /// What `decrypt` found.
  enum Received {
    case bytes(Int)
    /// More input is needed.
    case hungry
    /// The peer has said that it sends no more (close_notify).
    case closed
  }

  /// The most payload in one record (RFC 8446, section 5.1).
  static let recordBytes = 16_384

  private static let priorities =
    "NONE:+VERS-TLS1.3:+AES-256-GCM:+CHACHA20-POLY1305:+AEAD:+GROUP-X25519"
    + ":+SIGN-EDDSA-ED25519:+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK:+SHA384:+SHA256"

  private let session: gnutls_session_t
  // Held because the session uses the structure until it is gone.
  private let credentials: Credentials
  private var output: [UInt8] = []
  private var input: [UInt8] = []
  private var inputRead = 0
  private var inputCount = 0
  private var ended = false

  init(_ role: Role, credentials: Credentials) throws(TLSFault) {
    // Enumerators and macros have the same names; the type picks the enumerator.
    let client: gnutls_init_flags_t = GNUTLS_CLIENT
    let server: gnutls_init_flags_t = GNUTLS_SERVER
    let extras: [gnutls_init_flags_t] = [
      GNUTLS_ENABLE_RAWPK, GNUTLS_NO_TICKETS, GNUTLS_NO_SIGNAL, GNUTLS_NONBLOCK,
    ]
    let start = role == .client ? client.rawValue : server.rawValue
    var made: gnutls_session_t?
    let code = gnutls_init(&made, extras.reduce(start) { $0 | $1.rawValue })
    guard code >= 0, let made else { throw TLSFault(code: code) }
    session = made
    self.credentials = credentials
    try setUp(role)
  }

  private func setUp(_ role: Role) throws(TLSFault) {
    try check(gnutls_priority_set_direct(session, Self.priorities, nil))
    try check(
      gnutls_credentials_set(
        session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials.pointer)))
    var name = Array(Trust.protocolName.utf8)
    try check(
      name.withUnsafeMutableBufferPointer { buffer in
        var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
        return gnutls_alpn_set_protocols(
          session, &datum, 1, UInt32(GNUTLS_ALPN_MANDATORY.rawValue))
      })
    if role == .server {
      gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE)
    }
    gnutls_handshake_set_max_packet_length(session, Limits.helloFrameBytes)
    gnutls_handshake_set_timeout(session, 0)
    // Unretained: the callbacks run inside calls that this object makes itself.
    gnutls_transport_set_ptr(session, Unmanaged.passUnretained(self).toOpaque())
    gnutls_transport_set_push_function(session) { pointer, bytes, count in
      guard let pointer, let bytes else { return -1 }
      let me = Unmanaged<TLSSession>.fromOpaque(pointer).takeUnretainedValue()
      me.output.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
      return count
    }
    gnutls_transport_set_pull_function(session) { pointer, bytes, count in
      guard let pointer, let bytes else { return -1 }
      let me = Unmanaged<TLSSession>.fromOpaque(pointer).takeUnretainedValue()
      return me.pull(UnsafeMutableRawBufferPointer(start: bytes, count: count))
    }
    gnutls_transport_set_pull_timeout_function(session) { pointer, _ in
      guard let pointer else { return -1 }
      let me = Unmanaged<TLSSession>.fromOpaque(pointer).takeUnretainedValue()
      return me.inputRead < me.inputCount || me.ended ? 1 : 0
    }
  }

  deinit { gnutls_deinit(session) }

  // MARK: bytes of the wire

  /// How many bytes wait to be sent.
  var outputCount: Int { output.count }

  /// Gives all that waits to be sent for an empty array, whose room is used next.
  func takeOutput(_ other: inout [UInt8]) {
    precondition(other.isEmpty)
    swap(&output, &other)
  }

  /// Takes the first `count` bytes of `buffer` as input; the caller goes on with another array.
  func feed(_ buffer: inout [UInt8], count: Int) {
    if inputRead == inputCount {
      swap(&input, &buffer)
      inputRead = 0
      inputCount = count
    } else {
      // GnuTLS asks until there is no more, so this is not reached today.
      input = Array(input[inputRead..<inputCount]) + buffer[..<count]
      inputRead = 0
      inputCount = input.count
    }
  }

  /// Says that no input will follow.
  func feedEnd() { ended = true }

  private func pull(_ target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(target.count, inputCount - inputRead)
    if count == 0 {
      if ended { return 0 }
      gnutls_transport_set_errno(session, EAGAIN)
      return -1
    }
    input.withUnsafeBytes { bytes in
      target.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[inputRead..<inputRead + count]))
    }
    inputRead += count
    return count
  }

  // MARK: TLS

  /// Goes on with the handshake; true when it is done, false if it needs input.
  func handshake() throws(TLSFault) -> Bool {
    while true {
      let code = gnutls_handshake(session)
      if code == 0 { break }
      if code == GNUTLS_E_AGAIN { return false }
      if gnutls_error_is_fatal(code) != 0 { throw fault(code) }
    }
    var name = gnutls_datum_t()
    try check(gnutls_alpn_get_selected_protocol(session, &name))
    guard
      UnsafeBufferPointer(start: name.data, count: Int(name.size))
        .elementsEqual(Trust.protocolName.utf8),
      gnutls_protocol_get_version(session) == GNUTLS_TLS1_3
    else { throw TLSFault(code: GNUTLS_E_NO_APPLICATION_PROTOCOL) }
    return true
  }

  /// The peer's SubjectPublicKeyInfo, of which it has proven to hold the private key; nil if what
  /// it showed is not an Ed25519 key on its own.
  func peerKey() -> [UInt8]? {
    guard gnutls_certificate_type_get2(session, GNUTLS_CTYPE_PEERS) == GNUTLS_CRT_RAWPK else {
      return nil
    }
    var count: UInt32 = 0
    guard let list = gnutls_certificate_get_peers(session, &count), count == 1 else { return nil }
    let key = Array(UnsafeBufferPointer(start: list.pointee.data, count: Int(list.pointee.size)))
    // RFC 8410: one algorithm, no parameters, 32 bytes of key. One key has one encoding only.
    let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    return key.count == 44 && key.starts(with: prefix) ? key : nil
  }

  /// Bytes that only the two ends of this very session know (RFC 8446, section 7.5).
  func exporter(label: String, context: [UInt8], count: Int) throws(TLSFault) -> [UInt8] {
    var out = [CChar](repeating: 0, count: count)
    let signed = context.map { CChar(bitPattern: $0) }
    try check(
      gnutls_prf_rfc5705(session, label.utf8.count, label, signed.count, signed, count, &out))
    return out.map { UInt8(bitPattern: $0) }
  }

  /// Turns plain bytes into records in `output`.
  func encrypt(_ bytes: UnsafeRawBufferPointer) throws(TLSFault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = gnutls_record_send(session, part.baseAddress, part.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if gnutls_error_is_fatal(Int32(count)) != 0 {
        throw fault(Int32(count))
      }
    }
  }

  /// Plain bytes from the input, at most `target.count`.
  func decrypt(into target: UnsafeMutableRawBufferPointer) throws(TLSFault) -> Received {
    while true {
      let count = gnutls_record_recv(session, target.baseAddress, target.count)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .closed }
      if count == Int(GNUTLS_E_AGAIN) { return .hungry }
      if gnutls_error_is_fatal(Int32(count)) != 0 { throw fault(Int32(count)) }
    }
  }

  /// Says that this side sends no more.
  func sayGoodbye() { _ = gnutls_bye(session, GNUTLS_SHUT_WR) }

  /// The one alert that every refusal sends, whatever its reason.
  func sayRefused() {
    _ = gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_HANDSHAKE_FAILURE)
  }

  private func check(_ code: Int32) throws(TLSFault) {
    if code < 0 { throw fault(code) }
  }

  private func fault(_ code: Int32) -> TLSFault {
    guard code == GNUTLS_E_FATAL_ALERT_RECEIVED || code == GNUTLS_E_WARNING_ALERT_RECEIVED else {
      return TLSFault(code: code)
    }
    return TLSFault(code: code, isAlert: true)
  }
}

/// Why TLS did not go on.
struct TLSFault: Error {
  var code: Int32
  /// Whether the peer has refused, as opposed to this side.
  var isAlert = false

  /// Whether the peer was gone without a goodbye.
  var isCut: Bool { code == GNUTLS_E_PREMATURE_TERMINATION || code == GNUTLS_E_PULL_ERROR }

  var text: String { String(cString: gnutls_strerror(code)) }
}
