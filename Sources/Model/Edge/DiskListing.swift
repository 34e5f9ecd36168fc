import CLinux
import Glibc
import Model

/// Reads a directory as a whole: the names that `wanted` lets through, in byte order, each with its
/// stat, and whether it stands on another mount than `mount`.
///
/// The kind comes from the stat: what the directory says about kinds is a hint that some file
/// systems leave out.
func listing(
  _ directory: Descriptor, mount: UInt64? = nil,
  wanted: (ArraySlice<UInt8>) -> Bool = { _ in true }
) throws(SystemError) -> [DirectoryItem] {
  let arena = try Arena(reading: directory)
  var items: [DirectoryItem] = []
  items.reserveCapacity(arena.names.count)
  for range in arena.names where wanted(arena.bytes[range]) {
    var raw = cl_stat()
    let result = arena.bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { cl_look(directory.number, $0 + range.lowerBound, &raw) } ?? 0
    }
    // Gone since the directory was read. Any other trouble fails the whole: an entry that was
    // left out for it would look deleted.
    if result == -ENOENT { continue }
    try checked(result)
    items.append(
      DirectoryItem(
        name: Array(arena.bytes[range]), stat: Sighting(raw).stat,
        isMountPoint: mount.map { $0 != raw.mount } ?? false))
  }
  return items
}

/// The names of one directory in one block of memory, each with a 0 after it.
private struct Arena {
  private(set) var bytes: [UInt8] = []
  /// Sorted by the bytes of the names.
  private(set) var names: [Range<Int>] = []

  init(reading directory: Descriptor) throws(SystemError) {
    // The descriptor may have been read before.
    try checked(cl_rewind(directory.number))
    var block = [UInt8](repeating: 0, count: 32_768)
    while true {
      let count = try checked(cl_entries(directory.number, &block, block.count))
      if count == 0 { break }
      append(block[..<count])
    }
    sort()
  }

  /// Takes the names out of `linux_dirent64` records: the length (16 bits) at 16, the name at 19.
  private mutating func append(_ block: ArraySlice<UInt8>) {
    var start = block.startIndex
    while start + 19 < block.endIndex {
      let length = Int(block[start + 16]) | Int(block[start + 17]) << 8
      guard length > 19, start + length <= block.endIndex else { return }
      let name = block[(start + 19)..<(start + length)].prefix { $0 != 0 }
      if TreePath.isSoundName(name) {
        names.append(bytes.count..<(bytes.count + name.count))
        bytes += name
        bytes.append(0)
      }
      start += length
    }
  }

  private mutating func sort() {
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let text = UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
      // Bytes count as unsigned here, and the 0 after a name sorts before every byte.
      names.sort { strcmp(text + $0.lowerBound, text + $1.lowerBound) < 0 }
    }
  }
}
