import CLinux
import Glibc
import Model

// Who new objects belong to until they are given away.
private let ownUser = cl_user()
private let ownGroup = cl_group()

/// A staged file that gets its attributes. What `carryOut` touches is this file's alone, so that
/// several are carried out at once. It goes through many hands: a reference is cheaper than what it
/// holds.
final class Completion {
  let stage: Stage
  let installation: Installation
  let plan: AttributePlan
  let file: Descriptor
  private let modified: Timestamp?

  init(
    _ stage: Stage, _ installation: Installation, _ plan: AttributePlan, modified: Timestamp?
  ) throws(DiskTrouble) {
    if let lost = stage.area.lost { throw lost }
    self.stage = stage
    self.installation = installation
    self.plan = plan
    self.modified = modified
    if let open = stage.file {
      file = open
    } else {
      file = try reporting { () throws(SystemError) in
        try Descriptor(cl_open_file(stage.area.number, stage.name.bytes))
      }
    }
  }

  /// Sets the attributes; a file that will change places with another gets its name.
  func carryOut() -> Result<FileStat, SystemError> {
    Result { () throws(SystemError) in
      try plan.set(modified: modified, onNew: file)
      if installation.expected != nil, !stage.isNamed {
        try checked(cl_name(file.number, stage.area.number, stage.name.bytes))
        stage.isNamed = true
      }
      return try Sighting(file).stat
    }
  }
}

/// An installation on the way to being prepared.
enum Preparation {
  case whole(PreparedInstallation)
  case staged(StageHandle, Completion)
}

extension AttributePlan {
  /// Owner, then mode (a change of owner clears bits of it), then lists, then time.
  func set(modified: Timestamp?, onNew object: Descriptor) throws(SystemError) {
    if uid != ownUser || gid != ownGroup {
      try checked(cl_set_owner(object.number, uid, gid))
    }
    // A link has no mode and no lists.
    if kind != .symlink {
      try checked(cl_set_mode(object.number, UInt32(mode)))
    }
    if let list = access?.bytes {
      try checked(cl_set_attribute(object.number, AccessBlob.accessName, list, list.count))
    }
    if let list = inherited?.bytes {
      try checked(cl_set_attribute(object.number, AccessBlob.inheritedName, list, list.count))
    }
    if let modified {
      try checked(cl_set_modified(object.number, modified.seconds, modified.nanoseconds))
    }
  }
}
