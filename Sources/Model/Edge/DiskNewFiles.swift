import CLinux
import Glibc
import Model

/// A complete file without a name, and where it will have one.
struct NewFile {
  /// Of its outcome.
  let number: Int
  let path: TreePath
  let pending: Pending
}

// New files, nearly all of a first sync: several threads name them.
extension LinuxDisk {
  /// Names new files. One outcome each, in order.
  func create(_ files: [NewFile], _ batch: inout InstallBatch) -> [InstallOutcome] {
    var places: [Result<Place, DiskTrouble>] = []
    for file in files {
      do throws(DiskTrouble) {
        if let lost = file.pending.area?.lost { throw lost }
        places.append(.success(try batch.place(file.path)))
      } catch {
        places.append(.failure(error))
      }
    }
    let outcomes = parallelMap(Array(zip(files, places))) { file, place in
      Result { () throws(DiskTrouble) in try file.pending.create(at: try place.get()) }
    }
    for (index, outcome) in outcomes.enumerated() {
      guard case .success(.installed) = outcome, let place = try? places[index].get() else {
        continue
      }
      batch.touch(place.directory, for: files[index].number)
    }
    return outcomes.map { outcome in
      switch outcome {
      case .success(let outcome): outcome
      case .failure(let trouble): .failed(trouble)
      }
    }
  }
}

extension Pending {
  /// Whether it is a complete file that has no name yet, for a place where nothing is.
  var isNewFile: Bool { token.move == .create && file != nil }

  /// Names the file at a place where nothing is.
  fileprivate func create(at place: Place) throws(DiskTrouble) -> InstallOutcome {
    guard let file, let fresh = token.fresh else { throw .vanished }
    do throws(SystemError) {
      try checked(cl_name(file.number, place.directory.descriptor.number, place.name.bytes))
      self.file = nil
      return .installed(place.stat(of: fresh))
    } catch {
      return try creationOutcome(error)
    }
  }
}

/// Why a new object has not got its name.
func creationOutcome(_ error: SystemError) throws(DiskTrouble) -> InstallOutcome {
  switch error.code {
  case EEXIST: return .overtaken
  case EXDEV: throw .refused("staging is on another file system")
  default: throw error.trouble
  }
}

extension Place {
  /// The stat of a new object that has just been moved to its place. If somebody has already
  /// replaced it there, what it had in staging: a scan then sees a difference and looks.
  func stat(of fresh: FileStat) -> FileStat {
    guard let seen = try? sighting()?.stat, seen.inode == fresh.inode,
      seen.size == fresh.size, seen.modified == fresh.modified || fresh.kind != .file
    else { return fresh }
    return seen
  }
}
