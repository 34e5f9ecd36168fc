import CLinux
import Glibc
import Model

// Attributes of objects where they stand.
extension LinuxDisk {
  /// Sets attributes on the expected object, and tells `touched` what is to be made durable.
  func change(
    _ item: Pending, at place: Place,
    touched: (_ object: Descriptor, _ stat: FileStat, _ isPathOnly: Bool) -> Void
  ) throws(DiskTrouble) -> InstallOutcome {
    guard let change = item.token.change, let expected = item.token.expected else {
      throw .vanished
    }
    let opened = try openExpected(place) { $0.isStill(expected) }
    guard let object = opened else { return .overtaken }
    let after = try reporting { () throws(SystemError) in
      try set(change, on: object, expected)
      return try Sighting(object).stat
    }
    touched(object, after, after.kind == .fifo || after.kind == .device)
    // Written meanwhile: then the stat does not belong to the content that was recorded.
    let time = change.modified ?? expected.modified
    guard after.kind != .file || after.size == expected.size && after.modified == time else {
      return .overtaken
    }
    return .installed(after)
  }

  /// Opens what stands at a place if `isWanted` says so, otherwise nil. Reading descriptors for
  /// files and directories, a path-only one for the rest.
  func openExpected(
    _ place: Place, _ isWanted: (FileStat) -> Bool
  ) throws(DiskTrouble) -> Descriptor? {
    do {
      let directory = place.directory.descriptor.number
      let handle = try Descriptor(cl_open_path(directory, place.name.bytes))
      let seen = try Sighting(handle).stat
      guard isWanted(seen) else { return nil }
      switch seen.kind {
      case .file: return try Descriptor(cl_reopen(handle.number))
      case .directory: return try Descriptor(cl_open_directory(handle.number, Name(".").bytes))
      case .symlink, .fifo, .socket, .device: return handle
      }
    } catch {
      guard !error.isAbsence else { return nil }
      throw error.trouble
    }
  }

  /// The steps may be repeated: recovery goes through them again.
  func set(
    _ change: AttributeChange, on object: Descriptor, _ old: FileStat
  ) throws(SystemError) {
    if change.uid != old.uid || change.gid != old.gid {
      try checked(cl_set_owner(object.number, change.uid, change.gid))
    }
    try checked(cl_set_mode(object.number, UInt32(change.mode)))
    // A file whose list differs comes as a new inode; its mask has just been set with the mode.
    if old.kind != .file { try set(change.access, AccessBlob.accessName, on: object) }
    if old.kind == .directory {
      try set(change.inherited, AccessBlob.inheritedName, on: object)
    }
    if old.kind == .file, let time = change.modified {
      try checked(cl_set_modified(object.number, time.seconds, time.nanoseconds))
    }
  }

  private func set(
    _ list: [UInt8]?, _ name: String, on object: Descriptor
  ) throws(SystemError) {
    guard let list else {
      let result = cl_remove_attribute(object.number, name)
      if result != -ENODATA, result != -EOPNOTSUPP { try checked(result) }
      // Removing a list leaves its mask as the group's digit, which is what the mode says.
      return
    }
    try checked(cl_set_attribute(object.number, name, list, list.count))
  }
}
