/// A path below a root, or a whole path, as the bytes that Linux stores.
struct Name: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, Hashable,
  CustomStringConvertible
{
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }
  init(_ text: String) { self.bytes = Array(text.utf8) }
  init(stringLiteral text: String) { self.init(text) }

  /// One byte sequence, one text: printable ASCII as it is, everything else as `\xNN`.
  var description: String { escaped(bytes) }

  /// The path below `folder`, closed with the zero byte that C wants.
  func pointer(in folder: String) -> [CChar] {
    (Array(folder.utf8) + [UInt8(ascii: "/")] + bytes + [0]).map { CChar(bitPattern: $0) }
  }
}

func escaped(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef")
  var text = ""
  for byte in bytes {
    if byte == UInt8(ascii: "\\") {
      text += "\\\\"
    } else if byte > 0x20 && byte < 0x7f {
      text.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      text += "\\x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
  }
  return text
}
