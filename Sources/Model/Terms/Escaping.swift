/// Turns bytes from outside into text that is safe on a terminal and in a log.
///
/// Printable UTF-8 stays as it is. Control characters (C0, DEL, C1), the marks that reorder or hide
/// text, the backslash and every byte that is not UTF-8 become `\n`, `\t`, `\r`, `\\` or `\xNN`, so
/// that two different names never print alike and no name can move the cursor.
package func escaped(_ bytes: some Collection<UInt8>) -> String { escaped(bytes, plain: []) }

/// A line of a text for people: like `escaped`, but tabs and backslashes stay as they are.
package func escapedLine(_ bytes: some Collection<UInt8>) -> String {
  escaped(bytes, plain: [0x09, 0x5C])
}

/// What a program wrote, for a log: like `escaped`, but line feeds, tabs and backslashes stay.
package func escapedLog(_ bytes: some Collection<UInt8>) -> String {
  escaped(bytes, plain: [0x09, 0x0A, 0x5C])
}

private func escaped(_ bytes: some Collection<UInt8>, plain: [UInt32]) -> String {
  var out = ""
  var rest = Array(bytes)[...]
  while let first = rest.first {
    if let (scalar, length) = leadingScalar(rest), isPlain(scalar) || plain.contains(scalar.value) {
      out.unicodeScalars.append(scalar)
      rest = rest.dropFirst(length)
    } else {
      out += escape(first)
      rest = rest.dropFirst()
    }
  }
  return out
}

/// Escapes text that is already a `String`, as a peer's message is.
package func escaped(_ text: String) -> String { escaped(text.utf8) }

func leadingScalar(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
  guard let lead = bytes.first else { return nil }
  if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
  let length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
  guard length > 0, bytes.count >= length,
    let text = String(validating: bytes.prefix(length), as: UTF8.self),
    let scalar = text.unicodeScalars.first
  else { return nil }
  return (scalar, length)
}

func isPlain(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x00...0x1F, 0x5C, 0x7F...0x9F: false
  // Marks that reorder, hide or break the text round them.
  case 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: false
  default: true
  }
}

func escape(_ byte: UInt8) -> String {
  switch byte {
  case 0x0A: return "\\n"
  case 0x0D: return "\\r"
  case 0x09: return "\\t"
  case 0x5C: return "\\\\"
  default:
    let digits = String(byte, radix: 16)
    return "\\x" + (digits.utf8.count == 1 ? "0" : "") + digits
  }
}
