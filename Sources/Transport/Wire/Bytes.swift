/// Appends a number in network order (the most significant byte first), at its full width.
package func appendBigEndian<Number: FixedWidthInteger>(_ number: Number, to out: inout [UInt8]) {
  var shift = Number.bitWidth - 8
  while shift >= 0 {
    out.append(UInt8(truncatingIfNeeded: number >> Number(truncatingIfNeeded: shift)))
    shift -= 8
  }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
///
/// For proofs: an early exit would tell a guesser how many leading bytes were right.
package func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  var difference: UInt8 = 0
  for (a, b) in zip(left, right) { difference |= a ^ b }
  return difference == 0
}

/// Base64 with padding (RFC 4648, section 4).
package func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var out: [UInt8] = []
  out.reserveCapacity((bytes.count / 3 + 1) * 4)
  var rest = bytes[...]
  while !rest.isEmpty {
    let triple = Array(rest.prefix(3))
    rest = rest.dropFirst(3)
    var word: UInt32 = 0
    for index in 0..<3 { word = word << 8 | (index < triple.count ? UInt32(triple[index]) : 0) }
    for place in 0..<4 {
      let digit = alphabet[Int(word >> UInt32(18 - 6 * place)) & 63]
      out.append(place <= triple.count ? digit : UInt8(ascii: "="))
    }
  }
  return String(decoding: out, as: UTF8.self)
}
