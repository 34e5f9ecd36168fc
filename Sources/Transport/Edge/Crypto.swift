import CGnuTLS
import Transport

/// Digests, authentication codes and random bytes by GnuTLS.
///
/// Each traps if GnuTLS reports an error: with correct arguments that means memory is exhausted or
/// its self-test failed, which no peer can bring about and nobody can work round.
package struct GnuTLSSealing: Sealing {
  package init() {}

  package func digest(_ message: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    let code = gnutls_hash_fast(GNUTLS_DIG_SHA256, message, message.count, &out)
    precondition(code == 0, "gnutls_hash_fast: \(code)")
    return out
  }

  package func authenticationCode(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    let code = gnutls_hmac_fast(
      GNUTLS_MAC_SHA256, key, key.count, message, message.count, &out)
    precondition(code == 0, "gnutls_hmac_fast: \(code)")
    return out
  }

  package func random(_ count: Int) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: count)
    let code = gnutls_rnd(GNUTLS_RND_KEY, &out, count)
    precondition(code == 0, "gnutls_rnd: \(code)")
    return out
  }
}

/// An Ed25519 key pair in the forms in which it is kept and shown.
struct KeyPair {
  /// PKCS #8 in PEM: the content of the file `identity`.
  let file: [UInt8]
  /// SubjectPublicKeyInfo in DER: what a peer sees.
  let publicKey: [UInt8]
  let credentials: Credentials

  /// A new key pair.
  static func generate() throws(CryptoFault) -> KeyPair {
    var key: gnutls_x509_privkey_t?
    try check(gnutls_x509_privkey_init(&key))
    defer { gnutls_x509_privkey_deinit(key) }
    try check(gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 256, 0))
    return try KeyPair(file: export(key, GNUTLS_X509_FMT_PEM))
  }

  /// The key pair in a file that `generate` has made.
  init(file: [UInt8]) throws(CryptoFault) {
    var key: gnutls_x509_privkey_t?
    try check(gnutls_x509_privkey_init(&key))
    defer { gnutls_x509_privkey_deinit(key) }
    try check(
      withDatum(file) { datum in
        gnutls_x509_privkey_import_pkcs8(
          key, datum, GNUTLS_X509_FMT_PEM, nil, GNUTLS_PKCS_PLAIN.rawValue)
      })
    guard gnutls_x509_privkey_get_pk_algorithm(key) == Int32(GNUTLS_PK_EDDSA_ED25519.rawValue)
    else { throw CryptoFault(code: GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM) }
    self.file = file
    publicKey = try Self.publicKey(of: key)
    credentials = try Credentials(
      publicKey: publicKey, privateKey: Self.export(key, GNUTLS_X509_FMT_DER))
  }

  private static func export(
    _ key: gnutls_x509_privkey_t?, _ format: gnutls_x509_crt_fmt_t
  ) throws(CryptoFault) -> [UInt8] {
    var datum = gnutls_datum_t()
    try check(
      gnutls_x509_privkey_export2_pkcs8(key, format, nil, GNUTLS_PKCS_PLAIN.rawValue, &datum))
    return take(&datum)
  }

  private static func publicKey(of key: gnutls_x509_privkey_t?) throws(CryptoFault) -> [UInt8] {
    var secret: gnutls_privkey_t?
    try check(gnutls_privkey_init(&secret))
    defer { gnutls_privkey_deinit(secret) }
    try check(gnutls_privkey_import_x509(secret, key, 0))
    var open: gnutls_pubkey_t?
    try check(gnutls_pubkey_init(&open))
    defer { gnutls_pubkey_deinit(open) }
    try check(gnutls_pubkey_import_privkey(open, secret, 0, 0))
    var datum = gnutls_datum_t()
    try check(gnutls_pubkey_export2(open, GNUTLS_X509_FMT_DER, &datum))
    return take(&datum)
  }
}

/// The key pair as GnuTLS wants it for its sessions.
///
/// `@unchecked`: the pointer is set once and the structure never changed after `init`. GnuTLS lets
/// threads share such a structure ("Thread safety" in its manual), and `deinit` runs when the last
/// session has let go of it.
final class Credentials: @unchecked Sendable {
  let pointer: gnutls_certificate_credentials_t

  init(publicKey: [UInt8], privateKey: [UInt8]) throws(CryptoFault) {
    var made: gnutls_certificate_credentials_t?
    try check(gnutls_certificate_allocate_credentials(&made))
    guard let made else { throw CryptoFault(code: GNUTLS_E_MEMORY_ERROR) }
    let code = withDatum(publicKey) { open in
      withDatum(privateKey) { secret in
        gnutls_certificate_set_rawpk_key_mem(
          made, open, secret, GNUTLS_X509_FMT_DER, nil, 0, nil, 0, 0)
      }
    }
    guard code >= 0 else {
      gnutls_certificate_free_credentials(made)
      throw CryptoFault(code: code)
    }
    pointer = made
  }

  deinit { gnutls_certificate_free_credentials(pointer) }
}

/// An error of GnuTLS.
struct CryptoFault: Error {
  let code: Int32

  var text: String { String(cString: gnutls_strerror(code)) }
}

private func check(_ code: Int32) throws(CryptoFault) {
  if code < 0 { throw CryptoFault(code: code) }
}

private func withDatum(
  _ bytes: [UInt8], _ body: (UnsafePointer<gnutls_datum_t>) -> Int32
) -> Int32 {
  // GnuTLS only reads through the pointer; the copy is there because the field is not const.
  var copy = bytes
  return copy.withUnsafeMutableBufferPointer { buffer in
    var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
    return withUnsafePointer(to: &datum, body)
  }
}

// Copies what GnuTLS has allocated, and frees it.
private func take(_ datum: inout gnutls_datum_t) -> [UInt8] {
  let bytes = Array(UnsafeBufferPointer(start: datum.data, count: Int(datum.size)))
  cg_free(datum.data)
  datum = gnutls_datum_t()
  return bytes
}
