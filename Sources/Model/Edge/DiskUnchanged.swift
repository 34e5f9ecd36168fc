import CLinux
import Glibc
import Model

// New attributes for an object whose content stays.
extension LinuxDisk {
  /// A directory or a FIFO gets its attributes where it stands, when it is installed.
  func prepareChange(
    _ installation: Installation, kind: FileStat.Kind
  ) throws(DiskTrouble) -> PreparedInstallation {
    let plan = try plan(installation, kind: kind, present: installation.expected)
    return noteChange(installation, plan, modified: nil)
  }

  func prepareUnchanged(
    _ installation: Installation, _ digest: Digest
  ) throws(DiskTrouble) -> PreparedInstallation {
    guard let expected = installation.expected, expected.kind == .file else {
      throw .refused("no regular file is expected there")
    }
    let place = try tree.place(installation.path)
    let (source, links) = try reporting { () throws(SystemError) in
      let handle = try Descriptor(
        cl_open_path(place.directory.descriptor.number, place.name.bytes))
      let seen = try Sighting(handle).stat
      guard seen.isStill(expected) else { throw SystemError(EAGAIN) }
      return (try Descriptor(cl_reopen(handle.number)), seen.links)
    }
    let plan = try plan(installation, kind: .file, present: expected)
    let acl = try accessList(source, isDirectory: false)
    let isSafeInPlace =
      plan.uid == expected.uid && plan.gid == expected.gid && links == 1
      && plan.mode & ~expected.mode == 0 && plan.applied.acl == acl
    if isSafeInPlace { return noteChange(installation, plan, modified: installation.modified) }
    return try prepareCopy(of: source, digest, installation, plan)
  }

  private func noteChange(
    _ installation: Installation, _ plan: AttributePlan, modified: Timestamp?
  ) -> PreparedInstallation {
    var token = makeToken(installation, .change, nil, staging.freshName())
    token.change = AttributeChange(
      uid: plan.uid, gid: plan.gid, mode: plan.mode, access: plan.access?.bytes,
      inherited: plan.inherited?.bytes, modified: modified)
    return keep(Pending(token, area: nil), installation, plan)
  }

  /// Whoever has the old inode open or mapped for writing, or linked elsewhere, gets nothing of the
  /// new rights: they come with an inode of our own.
  private func prepareCopy(
    of source: Descriptor, _ digest: Digest, _ installation: Installation, _ plan: AttributePlan
  ) throws(DiskTrouble) -> PreparedInstallation {
    guard let expected = installation.expected else { throw .vanished }
    let area = try area(for: installation.path)
    try area.reserve(expected.size)
    let stage = try reporting { () throws(SystemError) in
      try Stage(area: area, name: staging.freshName(), size: expected.size)
    }
    do throws(DiskTrouble) {
      let found = try reporting { () throws(SystemError) in
        try copy(source, to: stage, size: expected.size)
      }
      let after = try reporting { () throws(SystemError) in try Sighting(source).stat }
      guard let found, after.isStill(expected) else { throw .busy }
      guard found == digest else {
        throw .refused("its content is not the one that was recorded")
      }
      let modified = installation.modified ?? expected.modified
      return try complete(stage, installation, plan, modified: modified)
    } catch {
      stage.discard()
      throw error
    }
  }

  /// Copies (or shares) `size` bytes and says what they were; nil if there are fewer.
  private func copy(
    _ source: Descriptor, to stage: Stage, size: UInt64
  ) throws(SystemError) -> Digest? {
    guard let file = stage.file else { throw SystemError(EBADF) }
    if cl_clone(file.number, source.number) == 0 { return try hash(file, size) }
    var done: UInt64 = 0
    while done < size {
      let got = try stage.digesting.take(size - done) { room throws(SystemError) in
        let got = try checked(cl_read(source.number, room.baseAddress, room.count))
        try write(UnsafeRawBufferPointer(rebasing: room.prefix(got)), to: file, at: done)
        return got
      }
      guard got > 0 else { return nil }
      done += UInt64(got)
    }
    try checked(cl_set_size(file.number, size))
    return stage.digesting.finish().digest
  }
}
