import CLinux
import Glibc
package import Model

/// A prepared installation of this run.
final class Pending {
  let token: Token
  /// Nil if nothing of it goes through staging.
  let area: StagingArea?
  let name: Name
  /// A complete new file that has no name yet.
  var file: Descriptor?
  /// Whether what stands in staging must stay for recovery.
  var isKept = false
  /// Whether a name in staging may be taken, by the new object or by what it displaced.
  var isStaged: Bool

  init(_ token: Token, area: StagingArea?, file: Descriptor? = nil) {
    self.token = token
    self.area = area
    self.file = file
    name = Name(token.name)
    isStaged = area != nil && file == nil
  }
}

// Who new objects belong to until they are given away.
private let ownUser = cl_user()
private let ownGroup = cl_group()

extension LinuxDisk {
  package func prepare(
    _ installations: [Installation]
  ) -> [Result<PreparedInstallation, DiskTrouble>] {
    installations.map { installation in
      Result { () throws(DiskTrouble) in try prepare(installation) }
    }
  }

  private func prepare(
    _ installation: Installation
  ) throws(DiskTrouble) -> PreparedInstallation {
    switch installation.body {
    case .nothing: return try prepareRemoval(installation)
    case .staged(let handle): return try prepareStaged(installation, handle)
    case .unchangedFile(let digest): return try prepareUnchanged(installation, digest)
    case .directory where installation.expected?.kind == .directory:
      return try prepareChange(installation, kind: .directory)
    // Another name of a FIFO may belong to somebody: it gets no rights from here.
    case .fifo where installation.expected?.kind == .fifo && installation.expected?.links == 1:
      return try prepareChange(installation, kind: .fifo)
    case .directory: return try prepareNode(installation, .directory)
    case .fifo: return try prepareNode(installation, .fifo)
    case .device: return try prepareNode(installation, .device)
    case .symlink: return try prepareNode(installation, .symlink)
    }
  }

  private func prepareRemoval(
    _ installation: Installation
  ) throws(DiskTrouble) -> PreparedInstallation {
    let move: Token.Move =
      switch installation.expected?.kind {
      case nil: .none
      case .directory: .removeDirectory
      default: .remove
      }
    let area = move == .remove ? try area(for: installation.path) : nil
    let token = makeToken(installation, move, area, staging.freshName())
    pending[Name(token.name)] = Pending(token, area: area)
    let asked = Attributes(
      mode: installation.mode, owner: installation.owner, acl: installation.acl)
    return PreparedInstallation(
      installation: installation, token: token.bytes, applied: asked, held: [])
  }

  private func prepareStaged(
    _ installation: Installation, _ handle: StageHandle
  ) throws(DiskTrouble) -> PreparedInstallation {
    guard let stage = stages[handle], stage.digest != nil else {
      throw .refused("the staged file is not finished")
    }
    let plan = try plan(installation, kind: .file, present: nil)
    let prepared = try complete(stage, installation, plan, modified: installation.modified)
    stages[handle] = nil
    return prepared
  }

  /// Gives a finished file its attributes and, if it will change places with another, its name.
  func complete(
    _ stage: Stage, _ installation: Installation, _ plan: AttributePlan, modified: Timestamp?
  ) throws(DiskTrouble) -> PreparedInstallation {
    if let lost = stage.area.lost { throw lost }
    let token = try reporting { () throws(SystemError) in
      let file: Descriptor
      if let open = stage.file {
        file = open
      } else {
        file = try Descriptor(cl_open_file(stage.area.number, stage.name.bytes))
      }
      try set(plan, modified: modified, onNew: file)
      if installation.expected != nil, !stage.isNamed {
        try checked(cl_name(file.number, stage.area.number, stage.name.bytes))
        stage.isNamed = true
      }
      var token = makeToken(
        installation, installation.expected == nil ? .create : .replace, stage.area, stage.name)
      token.fresh = try Sighting(file).stat
      stage.area.closed()
      let kept = stage.isNamed ? nil : file
      pending[stage.name] = Pending(token, area: stage.area, file: kept)
      return token
    }
    return PreparedInstallation(
      installation: installation, token: token.bytes, applied: plan.applied, held: plan.held)
  }

  /// Makes a directory, a link, a FIFO or a device in staging.
  private func prepareNode(
    _ installation: Installation, _ kind: FileStat.Kind
  ) throws(DiskTrouble) -> PreparedInstallation {
    let plan = try plan(installation, kind: kind, present: nil)
    let area = try area(for: installation.path)
    try area.reserve(0)
    let name = staging.freshName()
    do throws(SystemError) {
      area.soil()
      try make(installation.body, name, in: area)
      let handle = try Descriptor(cl_open_path(area.number, name.bytes))
      try set(plan, modified: nil, onNew: handle)
      var token = makeToken(
        installation, installation.expected == nil ? .create : .replace, area, name)
      token.fresh = try Sighting(handle).stat
      pending[name] = Pending(token, area: area)
      return PreparedInstallation(
        installation: installation, token: token.bytes, applied: plan.applied, held: plan.held)
    } catch {
      area.discard(name)
      throw error.trouble
    }
  }

  private func make(
    _ body: Installation.Body, _ name: Name, in area: StagingArea
  ) throws(SystemError) {
    switch body {
    case .symlink(let target):
      guard !target.isEmpty, target.count < 4_096, !target.contains(0) else {
        throw SystemError(EINVAL)
      }
      try checked(cl_make_link(Name(target).bytes, area.number, name.bytes))
    case .fifo: try checked(cl_make_fifo(area.number, name.bytes))
    case .device(let node):
      try checked(
        cl_make_device(
          area.number, name.bytes, node.isBlock ? 1 : 0, node.major, node.minor))
    case .directory, .staged, .unchangedFile, .nothing:
      try checked(cl_make_directory(area.number, name.bytes))
    }
  }

  /// Owner, then mode (a change of owner clears bits of it), then lists, then time.
  private func set(
    _ plan: AttributePlan, modified: Timestamp?, onNew object: Descriptor
  ) throws(SystemError) {
    if plan.uid != ownUser || plan.gid != ownGroup {
      try checked(cl_set_owner(object.number, plan.uid, plan.gid))
    }
    // A link has no mode and no lists.
    if plan.kind != .symlink {
      try checked(cl_set_mode(object.number, UInt32(plan.mode)))
    }
    if let list = plan.access?.bytes {
      try checked(cl_set_attribute(object.number, AccessBlob.accessName, list, list.count))
    }
    if let list = plan.inherited?.bytes {
      try checked(cl_set_attribute(object.number, AccessBlob.inheritedName, list, list.count))
    }
    if let modified {
      try checked(cl_set_modified(object.number, modified.seconds, modified.nanoseconds))
    }
  }

  func plan(
    _ installation: Installation, kind: FileStat.Kind, present: FileStat?
  ) throws(DiskTrouble) -> AttributePlan {
    let desired = Attributes(
      mode: installation.mode, owner: installation.owner, acl: installation.acl)
    return try plan(
      desired, at: installation.path, kind: kind, present: present,
      replaced: installation.expected, installation.taking)
  }

  func makeToken(
    _ installation: Installation, _ move: Token.Move, _ area: StagingArea?, _ name: Name
  ) -> Token {
    Token(
      move: move, area: area?.label ?? [], name: Array(name.bytes.dropLast()), fresh: nil,
      expected: installation.expected, change: nil)
  }
}
