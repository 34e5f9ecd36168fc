import CLinux
import Glibc
import Model

/// What a look at a displaced object says.
enum Verdict: Equatable {
  case asExpected
  /// Somebody changed it, or has it open for writing.
  case changed
  case notEmpty
}

extension FileStat {
  /// Whether this, at a name, is what a scan saw there.
  ///
  /// All of a file counts, the change time too, but not the device: numbers of devices may differ
  /// after a restart. A directory's size and times move with the names in it, and the same batch
  /// may have installed some of them.
  func isStill(_ expected: FileStat) -> Bool {
    isMoved(expected) && (kind == .directory || isUnchanged(since: expected))
  }

  /// Whether this is `expected` after a rename, which set its change time.
  func isMoved(_ expected: FileStat) -> Bool {
    guard inode == expected.inode, hasAttributes(of: expected) else { return false }
    switch kind {
    case .file, .symlink: return size == expected.size && modified == expected.modified
    case .directory, .fifo, .socket, .device: return true
    }
  }
}

// What was displaced stands in staging, where nobody can reach it by a name. Those who had it open
// before still can.
extension LinuxDisk {
  /// Judges what was displaced. An empty directory is removed by it: that is the only test that
  /// nobody can overtake.
  func judge(_ area: StagingArea, _ name: Name, _ expected: FileStat) -> Verdict {
    guard let seen = try? area.stat(name), seen.isMoved(expected) else { return .changed }
    switch seen.kind {
    case .file: return judgeFile(area, name, expected)
    case .directory:
      switch cl_remove_directory(area.number, name.bytes) {
      case 0: return .asExpected
      case -ENOTEMPTY, -EEXIST: return .notEmpty
      default: return .changed
      }
    case .symlink, .fifo, .socket, .device: return .asExpected
    }
  }

  private func judgeFile(_ area: StagingArea, _ name: Name, _ expected: FileStat) -> Verdict {
    guard let file = try? Descriptor(cl_open_file(area.number, name.bytes)) else {
      return .changed
    }
    // After the question, so that whatever a writer did before it ended is seen.
    guard !isBeingWritten(file), let after = try? Sighting(file).stat, after.isMoved(expected)
    else {
      return .changed
    }
    return .asExpected
  }

  /// Whether somebody can write to the file, by a descriptor or a mapping.
  ///
  /// A process that is just being started holds copies of all its parent's descriptors until it
  /// executes its program. So the question is put again for 21 ms at most.
  private func isBeingWritten(_ file: Descriptor) -> Bool {
    // Other errors: the file system has no leases. Then the stat alone must do.
    for pause: UInt32 in [1, 4, 16] {
      if cl_check_no_writer(file.number) != -EAGAIN { return false }
      cl_pause(pause)
    }
    return cl_check_no_writer(file.number) == -EAGAIN
  }

  /// Exchanges a displaced object with ours again: nothing has happened.
  ///
  /// What comes out of the place must be ours. If it is not, somebody has put a newer object there
  /// meanwhile; that goes back, and the displaced one is what it had replaced.
  func putBack(_ area: StagingArea, _ name: Name, _ fresh: FileStat, at place: Place) {
    let directory = place.directory.descriptor.number
    for _ in 0..<8 {
      guard let there = try? place.sighting()?.stat else {
        // Ours was deleted, in ignorance of the displaced one.
        restore(area, name, to: place)
        return
      }
      guard there.inode == fresh.inode else { return }
      guard cl_exchange(area.number, name.bytes, directory, place.name.bytes) == 0 else {
        continue
      }
      guard let out = try? area.stat(name), out.inode != fresh.inode else { return }
      // Not ours came out: in again with it.
      cl_exchange(area.number, name.bytes, directory, place.name.bytes)
    }
  }

  /// Moves a displaced object back to its free place. If that is taken, a newer one stands there.
  func restore(_ area: StagingArea, _ name: Name, to place: Place) {
    cl_move(
      area.number, name.bytes, place.directory.descriptor.number, place.name.bytes)
  }
}
