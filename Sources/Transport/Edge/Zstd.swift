import CZstd
import Transport

/// Frames made shorter. The only place that names Zstandard's functions.
enum Zstd {
  /// The bytes compressed, at the fastest level.
  static func packed(_ bytes: [UInt8]) -> [UInt8]? {
    let room = ZSTD_compressBound(bytes.count)
    var length = 0
    let out = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
      length = ZSTD_compress(buffer.baseAddress, room, bytes, bytes.count, 1)
      filled = ZSTD_isError(length) == 0 ? length : 0
    }
    return out.isEmpty ? nil : out
  }

  /// What was packed; nil if it is not just `size` bytes, or damaged. Takes no more memory than
  /// that, whatever the bytes say.
  static func unpacked(_ frame: PackedFrame) -> [UInt8]? {
    var length = 0
    let out = [UInt8](unsafeUninitializedCapacity: frame.size) { buffer, filled in
      length = ZSTD_decompress(buffer.baseAddress, frame.size, frame.bytes, frame.bytes.count)
      filled = ZSTD_isError(length) == 0 ? min(length, frame.size) : 0
    }
    return out.count == frame.size ? out : nil
  }
}
