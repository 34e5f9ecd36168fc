/// What csync2 notes of an object, made from a look at it: for scripts that read `-L` and `-S`.
///
/// - Parameters:
///   - target: Of a symbolic link.
///   - ignored: What the configuration leaves out of comparisons.
package func csync2CheckText(
  _ stat: FileStat, target: [UInt8], ignored: Set<Settings.Ignored>
) -> String {
  var text = "v1"
  let isTimed = stat.kind != .directory && stat.kind != .symlink && !ignored.contains(.mtime)
  if isTimed { text += ":mtime=\(stat.modified.seconds)" }
  if !ignored.contains(.mod) { text += ":mode=\(stat.kind.typeBits | UInt32(stat.mode))" }
  if !ignored.contains(.uid) { text += ":uid=\(stat.uid)" }
  if !ignored.contains(.gid) { text += ":gid=\(stat.gid)" }
  switch stat.kind {
  case .file: return text + ":type=reg:size=\(stat.size)"
  case .directory: return text + ":type=dir"
  case .symlink: return text + ":type=lnk:target=\(csync2Encoded(target))"
  case .fifo: return text + ":type=fifo"
  case .socket: return text + ":type=sock"
  case .device: return text + ":type=dev"
  }
}

/// Bytes as csync2 writes them into its database: what could be mistaken there, and what is no
/// printable ASCII, as `%xx`.
func csync2Encoded(_ bytes: [UInt8]) -> String {
  let marked = Set(Array("%\"'$:|\\".utf8))
  var text = ""
  for byte in bytes {
    if byte > 0x20, byte < 0x7F, !marked.contains(byte) {
      text.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      let digits = String(byte, radix: 16)
      text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
    }
  }
  return text
}

extension FileStat.Kind {
  /// The bits of `st_mode` that say what an object is; of devices those of a character device.
  fileprivate var typeBits: UInt32 {
    switch self {
    case .file: 0o100000
    case .directory: 0o040000
    case .symlink: 0o120000
    case .fifo: 0o010000
    case .socket: 0o140000
    case .device: 0o020000
    }
  }
}
