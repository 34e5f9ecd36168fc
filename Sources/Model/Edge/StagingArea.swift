import CLinux
import Glibc
import Model
import Synchronization

/// A directory that only root can enter, on the file system of the places that are served from it.
final class StagingArea {
  let directory: OpenDirectory
  /// What tokens call it: empty for the one in the state directory.
  let label: [UInt8]
  /// The directory that holds it, if it stands in a user's tree.
  let holder: OpenDirectory?
  /// What two disks may touch at once: one stages, the other installs what was staged.
  private struct Shared {
    var isDirty = false
    var lost: DiskTrouble?
    var openStages = 0
  }
  private let shared = Mutex(Shared())
  private var hasUnnamedFiles = true
  /// Bytes that may be staged before the free room is asked for again.
  private var budget: Int64 = 0

  init(_ directory: OpenDirectory, label: [UInt8], holder: OpenDirectory?) {
    self.directory = directory
    self.label = label
    self.holder = holder
  }

  var number: Int32 { directory.descriptor.number }

  /// Whether a failed write-back has been reported here: nothing written before it may be used.
  var lost: DiskTrouble? { shared.withLock { $0.lost } }

  func lose(_ trouble: DiskTrouble) { shared.withLock { $0.lost = trouble } }

  /// Whether no stage is left that is not consumed yet.
  var isFree: Bool { shared.withLock { $0.openStages == 0 } }

  func opened() { shared.withLock { $0.openStages += 1 } }

  func closed() { shared.withLock { $0.openStages -= 1 } }

  /// Something has been written here, or given to another disk, that is not durable yet.
  func soil() { shared.withLock { $0.isDirty = true } }

  /// Whether something was written here since this was last asked.
  func takeDirty() -> Bool {
    shared.withLock { shared in
      defer { shared.isDirty = false }
      return shared.isDirty
    }
  }

  /// A new empty file, without a name where the file system can do that: then nothing is left of it
  /// if this process dies.
  func create(_ name: Name) throws(SystemError) -> (file: Descriptor, isNamed: Bool) {
    soil()
    if hasUnnamedFiles {
      do { return (try Descriptor(cl_create_unnamed(number)), false) } catch {
        guard [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(error.code) else { throw error }
        hasUnnamedFiles = false
      }
    }
    return (try Descriptor(cl_create(number, name.bytes)), true)
  }

  /// Throws `full` if the file system has no room for so many bytes beside a reserve.
  func reserve(_ size: UInt64) throws(DiskTrouble) {
    let wanted = Int64(clamping: size) &+ 4_096
    if budget < wanted {
      var free: UInt64 = 0
      var all: UInt64 = 0
      var hasInodes: Int32 = 1
      let result = cl_room(number, &free, &all, &hasInodes)
      if result < 0 { throw SystemError(-result).trouble }
      guard hasInodes != 0 else { throw .full("no inodes left") }
      // A full file system stops more than this program.
      let usable = Int64(clamping: free) - Int64(clamping: min(all / 64, 64 << 20))
      // Some file systems in memory report no size at all.
      guard usable >= wanted || all == 0 else { throw .full("\(free) bytes left, \(size) needed") }
      budget = max(wanted, usable / 16)
    }
    budget -= wanted
  }

  func stat(_ name: Name) throws(SystemError) -> FileStat? {
    try sighting(directory.descriptor, name)?.stat
  }

  /// Removes one of our names, whatever kind of object has it; a directory only if it is empty.
  func discard(_ name: Name) {
    let result = cl_remove(number, name.bytes)
    if result == -EISDIR || result == -EPERM { cl_remove_directory(number, name.bytes) }
  }
}
