import CZip

/// Bytes made shorter. The only place that names zlib's functions.
enum Zip {
  /// The bytes compressed; nil if they are few, or if that does not make them shorter by an eighth.
  static func packed(_ bytes: [UInt8]) -> [UInt8]? {
    // Packing thousands of small texts would cost a first scan more than it saves in pages.
    guard bytes.count > 4096 else { return nil }
    var length = compressBound(UInt(bytes.count))
    var out = [UInt8](repeating: 0, count: Int(length))
    // The fastest level: texts are kept by the thousand and read by the dozen.
    let code = compress2(&out, &length, bytes, UInt(bytes.count), 1)
    guard code == Z_OK, Int(length) < bytes.count - bytes.count / 8 else { return nil }
    return Array(out.prefix(Int(length)))
  }

  /// The bytes that were packed; nil if they are not `count` bytes, or damaged.
  static func unpacked(_ bytes: [UInt8], count: Int) -> [UInt8]? {
    guard count >= 0, count <= 1 << 26 else { return nil }
    var length = UInt(count)
    var out = [UInt8](repeating: 0, count: max(1, count))
    guard uncompress(&out, &length, bytes, UInt(bytes.count)) == Z_OK, Int(length) == count else {
      return nil
    }
    return Array(out.prefix(count))
  }
}
