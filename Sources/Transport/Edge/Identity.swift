import Glibc
package import Model
import Transport

/// This host's Ed25519 key pair, by which its peers know it.
package final class Identity: Sendable {
  /// `sha256:` and the hexadecimal SHA-256 of the SubjectPublicKeyInfo.
  package let fingerprint: String
  /// SubjectPublicKeyInfo in DER.
  let publicKey: [UInt8]
  let credentials: Credentials

  private init(_ pair: KeyPair) {
    publicKey = pair.publicKey
    credentials = pair.credentials
    fingerprint = Trust.fingerprint(of: pair.publicKey, sealing: GnuTLSSealing())
  }

  /// The key pair in `directory`, made there on first use as the file `identity`, mode 0600.
  ///
  /// The directory is made too, mode 0700, if only its last component is missing. A file that
  /// group or others have access to, or that belongs to a third user, is refused.
  package static func load(directory: String) throws(Failure) -> Identity {
    let path = directory + "/identity"
    if let found = try existing(path) { return found }
    if mkdir(directory, 0o700) != 0 && errno != EEXIST {
      throw Failure(.cannotCreate, escaped(directory), "not created", systemReason(errno))
    }
    let pair: KeyPair
    do {
      pair = try KeyPair.generate()
    } catch {
      throw Failure(.internalFault, escaped(path), "no key pair made", error.text)
    }
    if try SecretFile.create(path, pair.file, salt: GnuTLSSealing().random(8)) {
      return Identity(pair)
    }
    // Another process was first: its key is the host's.
    guard let found = try existing(path) else {
      throw Failure(.busy, escaped(path), "not read", "it vanished", remedy: "try again")
    }
    return found
  }

  private static func existing(_ path: String) throws(Failure) -> Identity? {
    let file: [UInt8]
    do {
      file = try SecretFile.read(path, limit: 16 << 10)
    } catch {
      if error.kind == .noInput { return nil }
      throw error
    }
    do {
      return Identity(try KeyPair(file: file))
    } catch {
      throw Failure(
        .badData, escaped(path), "not read", "it holds no Ed25519 key (\(error.text))",
        remedy: "restore it from a backup; a new one must be accepted anew by each peer")
    }
  }
}
