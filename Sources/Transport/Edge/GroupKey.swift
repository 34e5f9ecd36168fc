package import Model
import Transport

/// The lines of a group's key file: the active key, then those that are still accepted.
///
/// Lines end with LF or CRLF; empty ones and those that begin with `#` do not count. A key has 22
/// characters (132 bits in base64) or more and no space; the key files of csync2 fit. The file
/// must be regular, root's or ours, and closed to group and others.
package func readGroupKey(file: String) throws(Failure) -> [[UInt8]] {
  let place = escaped(file)
  let bytes: [UInt8]
  do {
    bytes = try SecretFile.read(file, limit: 16 << 10)
  } catch {
    guard error.kind == .noInput else { throw error }
    var failure = error
    failure.remedy =
      "copy it from another host of the group, or make it with `concord keygen \(place)`"
    throw failure
  }
  var keys: [[UInt8]] = []
  for (index, raw) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
    let line = trimmed(raw)
    if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
    // The text is never shown: it is, or is nearly, a secret.
    guard line.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw keyFault(place, index, "it has a character that is not printable ASCII")
    }
    guard line.count >= 22 else {
      throw keyFault(place, index, "it has \(line.count) characters, and 22 are the least")
    }
    if !keys.contains(Array(line)) { keys.append(Array(line)) }
  }
  guard !keys.isEmpty else {
    throw Failure(
      .badData, place, "not used as a key", "it holds no key",
      remedy: "remove it, and copy it from another host or run `concord keygen \(place)`")
  }
  guard keys.count <= Limits.keyLines else {
    throw Failure(
      .badData, place, "not used as a key",
      "it holds \(keys.count) keys, and \(Limits.keyLines) are the most",
      remedy: "remove the lines that no host uses any more")
  }
  return keys
}

/// Makes a group's key file: 32 random bytes in base64 and a newline, mode 0600. Replaces nothing.
package func makeGroupKey(file: String) throws(Failure) {
  let sealing = GnuTLSSealing()
  let text = base64(sealing.random(32)) + "\n"
  guard try SecretFile.create(file, Array(text.utf8), salt: sealing.random(8)) else {
    throw Failure(
      .cannotCreate, escaped(file), "not created", "it exists already",
      remedy: "give another name, or remove it first if no host uses that key")
  }
}

private func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  let blanks: [UInt8] = [0x20, 0x09, 0x0D]
  var rest = line.drop { blanks.contains($0) }
  while let last = rest.last, blanks.contains(last) { rest = rest.dropLast() }
  return rest
}

private func keyFault(_ place: String, _ index: Int, _ reason: String) -> Failure {
  Failure(
    .badData, "\(place):\(index + 1)", "not used as a key", reason,
    remedy: "copy the file from another host of the group, or run `concord keygen` for a new one")
}
