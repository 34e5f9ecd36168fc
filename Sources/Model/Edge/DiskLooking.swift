import CLinux
import Glibc
package import Model

/// A file that is being read piece by piece.
struct OpenReader {
  let path: TreePath
  let stat: FileStat
  let file: Descriptor
}

extension LinuxDisk {
  /// How often an object is looked at that changes under our eyes.
  private static let tries = 3

  package func observe(
    _ path: TreePath, known: Observation?
  ) throws(DiskTrouble) -> Observation {
    let place = try tree.place(path)
    for _ in 0..<Self.tries {
      let open = try openForLooking(place)
      let seen: Observation? =
        switch open.stat.kind {
        case .file: try observeFile(open, known: known)
        case .symlink: try observeLink(open)
        case .directory, .fifo, .device: try observeNode(open)
        case .socket: throw .refused("socket")
        }
      if let seen { return seen }
    }
    throw .busy
  }

  package func read(
    _ path: TreePath, stat: FileStat, offset: UInt64, count: Int
  ) throws(DiskTrouble) -> [UInt8] {
    let isWhole = offset == 0 && count >= stat.size
    if isWhole, let bytes = sharedReads?.content(path, stat) { return bytes }
    let file = try openForReading(path, stat: stat)
    let wanted = min(max(count, 0), 16 << 20)
    let bytes = try reporting { () throws(SystemError) in
      var buffer = [UInt8](repeating: 0, count: wanted)
      var filled = 0
      while filled < wanted {
        let got = buffer.withUnsafeMutableBytes { space in
          cl_read_at(
            file.number, space.baseAddress?.advanced(by: filled), wanted - filled,
            offset + UInt64(filled))
        }
        try checked(got)
        if got == 0 { break }
        filled += got
      }
      return filled == wanted ? buffer : Array(buffer.prefix(filled))
    }
    let after = try reporting { () throws(SystemError) in try Sighting(file).stat }
    guard after.isUnchanged(since: stat) else {
      reader = nil
      throw .busy
    }
    if isWhole { sharedReads?.keep(bytes, path, stat) }
    return bytes
  }

  func openForReading(
    _ path: TreePath, stat: FileStat
  ) throws(DiskTrouble) -> Descriptor {
    if let reader, reader.path == path, reader.stat == stat { return reader.file }
    reader = nil
    let open = try openForLooking(tree.place(path))
    guard open.stat.kind == .file, open.stat.isUnchanged(since: stat) else { throw .busy }
    let file = try reporting { () throws(SystemError) in
      try Descriptor(cl_reopen(open.handle.number))
    }
    reader = OpenReader(path: path, stat: stat, file: file)
    return file
  }

  /// Opens an object without touching it: a FIFO or a device notices nothing.
  private func openForLooking(
    _ place: Place
  ) throws(DiskTrouble) -> (handle: Descriptor, stat: FileStat) {
    try reporting { () throws(SystemError) in
      let directory = place.directory
      let handle = try Descriptor(
        cl_open_path(directory.descriptor.number, place.name.bytes))
      let seen = try Sighting(handle)
      guard place.isAnywhere || seen.stands(onMount: directory.mount, device: directory.device)
      else {
        throw SystemError(EXDEV)
      }
      return (handle, seen.stat)
    }
  }

  private func observeFile(
    _ open: (handle: Descriptor, stat: FileStat), known: Observation?
  ) throws(DiskTrouble) -> Observation? {
    // The same inode, whatever its name leads to by now.
    let file = try reporting { () throws(SystemError) in
      try Descriptor(cl_reopen(open.handle.number))
    }
    let before = open.stat
    let digest: Digest
    if let known, case .file(let content) = known.content, before.isUnchanged(since: known.stat) {
      digest = content.digest
    } else {
      guard
        let found = try reporting({ () throws(SystemError) in try hashAndCut(file, before.size) })
      else { return nil }
      digest = found
    }
    let acl = try accessList(file, isDirectory: false)
    let after = try reporting { () throws(SystemError) in try Sighting(file).stat }
    guard after == before else { return nil }
    let content = FileContent(
      digest: digest, size: before.size, modified: before.modified, isBirth: false)
    return try observation(.file(content), acl, before)
  }

  private func observeLink(
    _ open: (handle: Descriptor, stat: FileStat)
  ) throws(DiskTrouble) -> Observation? {
    // A link never changes: another text is another inode.
    let text = try reporting { () throws(SystemError) in try linkText(open.handle) }
    return try observation(.symlink(target: text), .none, open.stat)
  }

  private func observeNode(
    _ open: (handle: Descriptor, stat: FileStat)
  ) throws(DiskTrouble) -> Observation? {
    let isDirectory = open.stat.kind == .directory
    let acl = try accessList(open.handle, isDirectory: isDirectory)
    let after = try reporting { () throws(SystemError) in try Sighting(open.handle) }
    // A directory's times move with every name in it.
    guard after.stat.hasAttributes(of: open.stat) else { return nil }
    let node = after.node.map { Content.device($0) } ?? .fifo
    return try observation(isDirectory ? .directory : node, acl, open.stat)
  }

  private func observation(
    _ content: Content, _ acl: AccessList, _ stat: FileStat
  ) throws(DiskTrouble) -> Observation {
    let isLink = stat.kind == .symlink
    return Observation(
      content: content, mode: isLink ? .ofSymlink : Mode(bits: stat.mode),
      owner: try owner(stat), acl: acl, stat: stat)
  }

  /// As `hash`; the list of a large content is noted.
  private func hashAndCut(_ file: Descriptor, _ size: UInt64) throws(SystemError) -> Digest? {
    guard size >= ChunkList.leastContent else { return try hash(file, size) }
    let digesting = Digesting(size: size)
    var done: UInt64 = 0
    while done < size {
      let got = try digesting.take(from: file, at: done, end: size)
      guard got > 0 else { return nil }
      done += UInt64(got)
    }
    let (digest, list) = digesting.finish()
    if let list { noteChunks(list, of: digest) }
    return digest
  }

  /// The digest of a file's first `size` bytes; nil if it has fewer.
  func hash(_ file: Descriptor, _ size: UInt64) throws(SystemError) -> Digest? {
    let hasher = ContentHasher()
    var rest = size
    while rest > 0 {
      let count = Int(min(rest, UInt64(buffer.count)))
      let got = try checked(cl_read(file.number, buffer.baseAddress, count))
      guard got > 0 else { return nil }
      let part = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<got])
      hasher.update(part)
      rest -= UInt64(got)
    }
    return hasher.finish()
  }
}

extension FileStat {
  /// Whether the content must still be the same. The change time is asked too: the modification
  /// time can be set back.
  func isUnchanged(since old: FileStat) -> Bool {
    inode == old.inode && size == old.size && modified == old.modified && changed == old.changed
      && kind == old.kind
  }

  /// The same kind of object with the same mode and owner.
  func hasAttributes(of other: FileStat) -> Bool {
    kind == other.kind && mode == other.mode && uid == other.uid && gid == other.gid
  }
}
