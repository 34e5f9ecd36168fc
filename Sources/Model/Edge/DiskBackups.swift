import CLinux
import Glibc
package import Model

extension LinuxDisk {
  package func backUp(
    _ items: [PreparedInstallation], in place: BackupPlace
  ) -> [DiskTrouble?] {
    let area: BackupArea
    do { area = try BackupArea(place) } catch { return items.map { _ in error } }
    var answers = [DiskTrouble?](repeating: nil, count: items.count)
    var drafts: [(index: Int, draft: BackupDraft)] = []
    for (index, item) in items.enumerated() {
      do {
        if let draft = try draft(item.installation, area) { drafts.append((index, draft)) }
      } catch {
        answers[index] = error
      }
    }
    // The bytes are durable before their names are, and the names before anything is replaced.
    do { try area.sync() } catch { return fail(answers, error) }
    guard !drafts.isEmpty else { return answers }
    for (index, draft) in drafts {
      do { try area.put(draft) } catch {
        answers[index] = error.trouble
        area.discard(draft.name)
      }
    }
    do { try area.sync() } catch { return fail(answers, error) }
    return answers
  }

  private func fail(_ answers: [DiskTrouble?], _ trouble: DiskTrouble) -> [DiskTrouble?] {
    answers.map { $0 ?? trouble }
  }

  /// A complete copy; nil if none is needed: the newest one is just like it, or something else
  /// stands there by now.
  private func draft(
    _ installation: Installation, _ area: BackupArea
  ) throws(DiskTrouble) -> BackupDraft? {
    guard let expected = installation.expected, installation.destroys else { return nil }
    let place: Place
    do { place = try tree.place(installation.path) } catch .vanished { return nil }
    let parts = try localParts(of: installation.path)
    return try reporting { () throws(SystemError) in
      let opened = cl_open_path(place.directory.descriptor.number, place.name.bytes)
      if opened == -ENOENT { return nil }
      let object = try Descriptor(opened)
      guard try Sighting(object).stat.isStill(expected) else { return nil }
      let (name, copy) = try copied(object, expected, area)
      do throws(SystemError) {
        if try Sighting(object).stat.isStill(expected), !(try isNewest(copy, parts, area)) {
          return BackupDraft(name: name, parts: parts)
        }
      } catch {
        area.discard(name)
        throw error
      }
      area.discard(name)
      return nil
    }
  }

  func localParts(of path: TreePath) throws(DiskTrouble) -> [Name] {
    let root = try tree.root(of: path)
    let above = root.localPath.split(separator: UInt8(ascii: "/"))
    return (above + (path.components(below: root.anchor) ?? [])).map { Name($0) }
  }

  private func copied(
    _ object: Descriptor, _ stat: FileStat, _ area: BackupArea
  ) throws(SystemError) -> (Name, Descriptor) {
    if stat.kind == .symlink {
      let (name, link) = try area.makeLink(to: try linkText(object))
      try finish(name, area) { () throws(SystemError) in try dress(link, stat, nil) }
      return (name, link)
    }
    let source = try Descriptor(cl_reopen(object.number))
    let (name, file) = try area.makeFile()
    try finish(name, area) { () throws(SystemError) in
      try copy(source, to: file, size: stat.size)
      try dress(file, stat, source)
    }
    return (name, file)
  }

  private func finish(
    _ name: Name, _ area: BackupArea, _ body: () throws(SystemError) -> Void
  ) throws(SystemError) {
    do { try body() } catch {
      area.discard(name)
      throw error
    }
  }

  /// Shares or copies `size` bytes; holes stay holes.
  func copy(
    _ source: Descriptor, to file: Descriptor, size: UInt64
  ) throws(SystemError) {
    if cl_clone(file.number, source.number) == 0 { return }
    var done: UInt64 = 0
    while done < size {
      let count = Int(min(size - done, UInt64(buffer.count)))
      let got = try checked(cl_read(source.number, buffer.baseAddress, count))
      if got == 0 { break }
      try write(
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<got]), to: file, at: done
      )
      done += UInt64(got)
    }
    try checked(cl_set_size(file.number, done))
  }

  /// Gives a copy the attributes of what it was made of, without set-id bits. Where its file system
  /// cannot keep them it comes out as the owner's alone.
  private func dress(
    _ copy: Descriptor, _ stat: FileStat, _ source: Descriptor?
  ) throws(SystemError) {
    var mode = stat.mode & 0o1777
    let owned = cl_set_owner(copy.number, stat.uid, stat.gid)
    let isOwned = ![-EPERM, -EINVAL, -EOPNOTSUPP].contains(owned)
    if isOwned { try checked(owned) } else { mode &= 0o1700 }
    if let source {
      let list = isOwned ? try rawList(of: source) : nil
      try checked(cl_set_mode(copy.number, UInt32(mode)))
      if let list {
        let result = cl_set_attribute(copy.number, AccessBlob.accessName, list, list.count)
        if result == -EOPNOTSUPP {
          try checked(cl_set_mode(copy.number, UInt32(mode & 0o1700)))
        } else {
          try checked(result)
        }
      }
    }
    let time = stat.modified
    try checked(cl_set_modified(copy.number, time.seconds, time.nanoseconds))
  }

  /// Whether the newest copy is just like this one: an attempt that failed later leaves one, and
  /// attempts that go on failing must not push the older ones out.
  private func isNewest(
    _ copy: Descriptor, _ parts: [Name], _ area: BackupArea
  ) throws(SystemError) -> Bool {
    guard let (old, oldStat) = try area.newest(parts) else { return false }
    let stat = try Sighting(copy).stat
    guard stat.kind == oldStat.kind, stat.size == oldStat.size, stat.mode == oldStat.mode,
      stat.uid == oldStat.uid, stat.gid == oldStat.gid, stat.modified == oldStat.modified
    else { return false }
    if stat.kind == .symlink { return try linkText(copy) == linkText(old) }
    let files = (try Descriptor(cl_reopen(copy.number)), try Descriptor(cl_reopen(old.number)))
    guard try rawList(of: files.0) == rawList(of: files.1) else { return false }
    return try hash(files.0, stat.size) == hash(files.1, stat.size)
  }
}

// The way back.
extension LinuxDisk {
  package func stageBackup(
    of path: TreePath, generation: Int, in place: BackupPlace
  ) throws(DiskTrouble) -> StagedBackup? {
    let base = try openOperatorDirectory(place.directory).descriptor
    let names = [Name("\(generation)")] + (try localParts(of: path))
    guard let object = try reporting({ () throws(SystemError) in try find(names, below: base) })
    else { return nil }
    let stat = try reporting { () throws(SystemError) in try Sighting(object).stat }
    let isLink = stat.kind == .symlink
    guard isLink || stat.kind == .file else { return nil }
    var seen = Observation(
      content: .absent, mode: isLink ? .ofSymlink : Mode(bits: stat.mode), owner: try owner(stat),
      acl: .none, stat: stat)
    if isLink {
      seen.content = .symlink(
        target: try reporting { () throws(SystemError) in try linkText(object) })
      return StagedBackup(observation: seen)
    }
    let file = try reporting { () throws(SystemError) in try Descriptor(cl_reopen(object.number)) }
    seen.acl = try accessList(file, isDirectory: false)
    let handle = try stage(for: path, size: stat.size)
    do throws(DiskTrouble) {
      try fill(handle, from: file)
      let done = try finish(handle)
      seen.content = .file(
        FileContent(
          digest: done.digest, size: done.size, modified: stat.modified, isBirth: false))
    } catch {
      drop(handle)
      throw error
    }
    return StagedBackup(observation: seen, stage: handle)
  }

  private func fill(_ handle: StageHandle, from file: Descriptor) throws(DiskTrouble) {
    while true {
      let part = try reporting { () throws(SystemError) in
        let got = try checked(cl_read(file.number, buffer.baseAddress, buffer.count))
        return Array(UnsafeRawBufferPointer(buffer).prefix(got))
      }
      if part.isEmpty { return }
      try append(part, to: handle)
    }
  }

  /// The object at the end of a way; nil if there is none.
  private func find(
    _ names: [Name], below base: Descriptor
  ) throws(SystemError) -> Descriptor? {
    guard let last = names.last else { return nil }
    var current = base
    for name in names.dropLast() {
      guard let next = try enter(name, of: current) else { return nil }
      current = next
    }
    let opened = cl_open_path(current.number, last.bytes)
    return opened == -ENOENT ? nil : try Descriptor(opened)
  }

  package func keepsBackups(at path: TreePath) -> Bool {
    tree.closed.contains { path == $0 || path.isBelow($0) }
  }
}

/// The access list of an open object, as the kernel gives it.
func rawList(of object: Descriptor) throws(SystemError) -> [UInt8]? {
  // The largest extended attribute has 64 KiB.
  var bytes = [UInt8](repeating: 0, count: 65_536)
  let got = cl_get_attribute(object.number, AccessBlob.accessName, &bytes, bytes.count)
  if got == -Int(ENODATA) || got == -Int(EOPNOTSUPP) { return nil }
  return Array(bytes.prefix(Int(try checked(got))))
}
