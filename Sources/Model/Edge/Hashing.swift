import CHash
import CLinux
package import Model

/// A SHA-256 digest in the making. The only place that names the library's hash functions.
package final class ContentHasher {
  private var state: gnutls_hash_hd_t?

  package init() {
    let status = gnutls_hash_init(&state, GNUTLS_DIG_SHA256)
    precondition(status == 0, "SHA-256 is not available: \(status)")
  }

  deinit { if let state { gnutls_hash_deinit(state, nil) } }

  package func update(_ bytes: UnsafeRawBufferPointer) {
    guard let state, let start = bytes.baseAddress, !bytes.isEmpty else { return }
    let status = gnutls_hash(state, start, bytes.count)
    precondition(status == 0, "SHA-256 failed: \(status)")
  }

  package func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The digest of everything so far; the next update begins anew.
  package func finish() -> Digest {
    var out = [UInt8](repeating: 0, count: Digest.byteCount)
    if let state { gnutls_hash_output(state, &out) }
    return made(out)
  }
}

/// The SHA-256 digest of bytes that are at hand as a whole.
package func sha256(_ bytes: [UInt8]) -> Digest {
  var out = [UInt8](repeating: 0, count: Digest.byteCount)
  let status = gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, bytes.count, &out)
  precondition(status == 0, "SHA-256 failed: \(status)")
  return made(out)
}

private func made(_ bytes: [UInt8]) -> Digest {
  guard let digest = Digest(bytes) else { preconditionFailure("a digest of another length") }
  return digest
}

/// Bytes from the kernel's random source, fit for names that nobody can guess and for keys.
package func randomBytes(_ count: Int) -> [UInt8] {
  var out = [UInt8](repeating: 0, count: count)
  var filled = 0
  while filled < count {
    let got = out.withUnsafeMutableBytes { buffer in
      cl_random(buffer.baseAddress?.advanced(by: filled), count - filled)
    }
    precondition(got > 0, "no random bytes: error \(-got)")
    filled += got
  }
  return out
}
