/// Whether the bytes can be the name of a group, a prefix or a host: letters, digits and `._+-`,
/// the first no punctuation but `_`, at most 255 bytes.
func isPlainName(_ bytes: some Collection<UInt8>) -> Bool {
  guard let first = bytes.first, bytes.count <= 255, first == 0x5F || isAlphanumeric(first)
  else { return false }
  return bytes.allSatisfy { isAlphanumeric($0) || Array("._+-".utf8).contains($0) }
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
}

/// A decimal number without sign, or nil if it is none or greater than `limit`.
func decimal(_ text: String, upTo limit: Int) -> Int? {
  guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
    let number = Int(text), number <= limit
  else { return nil }
  return number
}

/// The directory part of a file's name with its last slash; empty if it has none.
func directoryPart(_ file: String) -> String {
  guard let cut = file.utf8.lastIndex(of: Glob.slash) else { return "" }
  return String(decoding: file.utf8[...cut], as: UTF8.self)
}

/// A directory's absolute path without trailing slashes, or why it is none.
func absolutePath(_ text: String) throws(Flaw) -> [UInt8] {
  var bytes = Array(text.utf8)
  guard bytes.first == Glob.slash else {
    throw Flaw("`\(escaped(text))` is no absolute path", "begin it with `/`")
  }
  while bytes.count > 1, bytes.last == Glob.slash { bytes.removeLast() }
  guard bytes.count == 1 || TreePath(text: bytes) != nil else {
    throw Flaw(
      "`\(escaped(text))` has an empty component, `.`, `..` or one that is too long",
      "write the path without it")
  }
  return bytes
}

/// Where a host is reached: a name or a number without brackets, and a port.
package struct Endpoint: Hashable, Sendable {
  /// In lower case.
  package var address: String
  /// Never 0.
  package var port: UInt16

  package init(address: String, port: UInt16) {
    self.address = address
    self.port = port
  }
}

/// Reads `ADDRESS`, `ADDRESS:PORT`, `[IPV6]` or `[IPV6]:PORT`.
func parseAddress(_ text: String) throws(Flaw) -> (address: String, port: UInt16?) {
  let isBracketed = text.utf8.first == UInt8(ascii: "[")
  let address: Substring
  var rest: Substring
  if isBracketed {
    guard let end = text.firstIndex(of: "]") else {
      throw Flaw("`[` is not closed", "write `[IPV6]:PORT`")
    }
    address = text[text.index(after: text.startIndex)..<end]
    rest = text[text.index(after: end)...]
  } else {
    address = text.prefix { $0 != ":" }
    rest = text[address.endIndex...]
  }
  guard isAddress(address, inBrackets: isBracketed) else {
    throw Flaw(
      "`\(escaped(text))` is no address", "write a host name, an IPv4 address or `[IPV6]`")
  }
  guard !rest.isEmpty else { return (address.lowercased(), nil) }
  if rest.dropFirst().contains(":") {
    throw Flaw("`\(escaped(text))` is no address", "put an IPv6 address in brackets: `[::1]:30865`")
  }
  guard rest.removeFirst() == ":", let port = decimal(String(rest), upTo: 65_535), port > 0,
    let port = UInt16(exactly: port)
  else {
    throw Flaw("`\(escaped(text))` has no valid port", "write a number from 1 to 65535")
  }
  return (address.lowercased(), port)
}

private func isAddress(_ text: Substring, inBrackets: Bool) -> Bool {
  guard inBrackets else { return isPlainName(text.utf8) }
  // The scope behind `%` names an interface; what stands before it is checked in full by the
  // system.
  let parts = text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
  guard let number = parts.first, parts.count <= 2, number.count >= 2, number.count <= 45
  else { return false }
  let isNumber = number.allSatisfy {
    (0x30...0x3A).contains($0) || (0x41...0x46).contains($0 & 0xDF) || $0 == 0x2E
  }
  return isNumber && number.contains(0x3A) && parts.dropFirst().allSatisfy { isPlainName($0) }
}
