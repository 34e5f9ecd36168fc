/// A content as history remembers it: enough to find its bytes and to name it.
package enum ContentMark: Hashable, Sendable {
  case absent
  /// The size in bytes.
  case file(Digest, size: UInt64)
  case directory
  case symlink
  case fifo
  case device(DeviceNode)
}

extension Content {
  /// The same as history remembers it.
  package var mark: ContentMark {
    switch self {
    case .absent: .absent
    case .file(let file): .file(file.digest, size: file.size)
    case .directory: .directory
    case .symlink: .symlink
    case .fifo: .fifo
    case .device(let node): .device(node)
    }
  }
}

extension ContentMark {
  /// `absent`, `file`, `directory`, `symlink`, `fifo` or `device`.
  package var kindName: String {
    switch self {
    case .absent: "absent"
    case .file: "file"
    case .directory: "directory"
    case .symlink: "symlink"
    case .fifo: "fifo"
    case .device: "device"
    }
  }
}
