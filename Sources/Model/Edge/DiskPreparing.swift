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

extension LinuxDisk {
  package func prepare(
    _ installations: [Installation]
  ) -> [Result<PreparedInstallation, DiskTrouble>] {
    var results: [Result<PreparedInstallation, DiskTrouble>] = []
    var staged: [(index: Int, handle: StageHandle, completion: Completion)] = []
    for installation in installations {
      do throws(DiskTrouble) {
        switch try prepare(installation) {
        case .whole(let prepared): results.append(.success(prepared))
        case .staged(let handle, let completion):
          staged.append((results.count, handle, completion))
          results.append(.failure(.vanished))
        }
      } catch {
        results.append(.failure(error))
      }
    }
    // What the kernel does for staged files, nearly all of a batch, is done by several threads.
    for (item, fresh) in zip(staged, parallelMap(staged) { $0.completion.carryOut() }) {
      results[item.index] = fresh.mapError(\.trouble).map { finished(item.completion, $0) }
      if case .success = fresh { stages[item.handle] = nil }
    }
    return results
  }

  private func prepare(_ installation: Installation) throws(DiskTrouble) -> Preparation {
    guard case .staged(let handle) = installation.body else {
      return .whole(try prepareOther(installation))
    }
    guard let stage = stages[handle], stage.digest != nil else {
      throw .refused("the staged file is not finished")
    }
    let plan = try plan(installation, kind: .file, present: nil)
    let completion = try Completion(stage, installation, plan, modified: installation.modified)
    return .staged(handle, completion)
  }

  private func prepareOther(
    _ installation: Installation
  ) throws(DiskTrouble) -> PreparedInstallation {
    switch installation.body {
    case .staged: throw .refused("the staged file is not finished")
    case .nothing: return try prepareRemoval(installation)
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
    let item = Pending(
      makeToken(installation, move, area, staging.freshName()), area: area)
    let token = item.token.bytes
    pending[token] = item
    let asked = Attributes(
      mode: installation.mode, owner: installation.owner, acl: installation.acl)
    return PreparedInstallation(
      installation: installation, token: token, applied: asked, held: [])
  }

  /// Gives a finished file its attributes and, if it will change places with another, its name.
  func complete(
    _ stage: Stage, _ installation: Installation, _ plan: AttributePlan, modified: Timestamp?
  ) throws(DiskTrouble) -> PreparedInstallation {
    let completion = try Completion(stage, installation, plan, modified: modified)
    return finished(
      completion, try reporting { () throws(SystemError) in try completion.carryOut().get() })
  }

  /// Enters a file that is complete.
  private func finished(
    _ completion: Completion, _ fresh: FileStat
  ) -> PreparedInstallation {
    let (stage, installation) = (completion.stage, completion.installation)
    var token = makeToken(
      installation, installation.expected == nil ? .create : .replace, stage.area, stage.name)
    token.fresh = fresh
    stage.area.closed()
    let kept = stage.isNamed ? nil : completion.file
    return keep(Pending(token, area: stage.area, file: kept), installation, completion.plan)
  }

  func keep(
    _ item: Pending, _ installation: Installation, _ plan: AttributePlan
  ) -> PreparedInstallation {
    let token = item.token.bytes
    pending[token] = item
    return PreparedInstallation(
      installation: installation, token: token, applied: plan.applied, held: plan.held)
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
      try plan.set(modified: nil, onNew: handle)
      var token = makeToken(
        installation, installation.expected == nil ? .create : .replace, area, name)
      token.fresh = try Sighting(handle).stat
      return keep(Pending(token, area: area), installation, plan)
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
