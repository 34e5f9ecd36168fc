import CLinux
import Glibc
package import Model

extension LinuxDisk {
  package func flush() throws(DiskTrouble) {
    let areas = staging.used + givenAreas
    var durable: Set<UInt64> = []
    for area in areas where area.takeDirty() && durable.insert(area.directory.device).inserted {
      let result = cl_sync_system(area.number)
      guard result < 0 else { continue }
      // The kernel tells an error once and may have dropped the pages: nothing that was written
      // there is used, and nothing more is written there.
      let trouble = SystemError(-result).trouble
      for other in areas where other.directory.device == area.directory.device {
        other.lose(trouble)
      }
      throw trouble
    }
  }

  package func install(_ prepared: [PreparedInstallation]) -> [InstallOutcome] {
    tree.forget()
    reader = nil
    var batch = InstallBatch(tree)
    var outcomes: [InstallOutcome] = []
    var newFiles: [NewFile] = []
    for (number, item) in prepared.enumerated() {
      if let pending = pending(item), pending.isNewFile {
        newFiles.append(NewFile(number: number, path: item.installation.path, pending: pending))
        outcomes.append(.failed(.vanished))
        continue
      }
      do {
        outcomes.append(try install(item, number: number, &batch))
      } catch {
        outcomes.append(.failed(error))
      }
    }
    // The directories that they stand in are there now.
    for (file, outcome) in zip(newFiles, create(newFiles, &batch)) {
      outcomes[file.number] = outcome
    }
    for (number, trouble) in batch.sync() {
      // Moved, but not known to last: what recovery needs stays.
      if case .installed = outcomes[number], let item = pending(prepared[number]) {
        item.isKept = true
      }
      outcomes[number] = .failed(trouble)
    }
    return outcomes
  }

  package func settle() {
    tree.forget()
    reader = nil
    for item in pending.values where item.isStaged && !item.isKept {
      item.area?.discard(item.name)
    }
    pending = [:]
    givenAreas = []
    staging.removeEmptyAreas()
  }

  func pending(_ item: PreparedInstallation) -> Pending? {
    pending[item.token]
  }

  private func install(
    _ item: PreparedInstallation, number: Int, _ batch: inout InstallBatch
  ) throws(DiskTrouble) -> InstallOutcome {
    guard let pending = pending(item) else {
      throw .refused("it was not prepared by this run")
    }
    if let lost = pending.area?.lost { throw lost }
    let path = item.installation.path
    let place = try batch.place(path)
    let outcome: InstallOutcome
    switch pending.token.move {
    case .none: outcome = try installNothing(place)
    case .create: outcome = try create(pending, at: place)
    case .replace: outcome = try replace(pending, at: place)
    case .remove: outcome = try remove(pending, at: place)
    case .removeDirectory: outcome = try removeDirectory(pending, at: place)
    case .change:
      outcome = try change(pending, at: place) { object, stat, isPath in
        batch.touch(object, stat, needsSystem: isPath, for: number)
      }
      return outcome
    }
    if case .installed = outcome {
      if pending.token.expected?.kind == .directory { batch.forget(path) }
      batch.touch(place.directory, for: number)
      if let area = pending.area, pending.token.move != .create {
        batch.touch(area.directory, for: number)
      }
    }
    return outcome
  }

  private func installNothing(_ place: Place) throws(DiskTrouble) -> InstallOutcome {
    let seen = try reporting { () throws(SystemError) in try place.sighting() }
    return seen == nil ? .installed(nil) : .overtaken
  }

  private func create(_ item: Pending, at place: Place) throws(DiskTrouble) -> InstallOutcome {
    guard let area = item.area, let fresh = item.token.fresh else { throw .vanished }
    let directory = place.directory.descriptor.number
    do {
      try checked(cl_move(area.number, item.name.bytes, directory, place.name.bytes))
      item.isStaged = false
      return .installed(place.stat(of: fresh))
    } catch {
      return try creationOutcome(error)
    }
  }

  private func replace(_ item: Pending, at place: Place) throws(DiskTrouble) -> InstallOutcome {
    guard let area = item.area, let fresh = item.token.fresh, let expected = item.token.expected
    else { throw .vanished }
    let before = try reporting { () throws(SystemError) in try place.sighting() }
    guard let before, before.stat.isStill(expected) else { return .overtaken }
    let directory = place.directory.descriptor.number
    do {
      try checked(cl_exchange(area.number, item.name.bytes, directory, place.name.bytes))
    } catch {
      switch error.code {
      case ENOENT: return .overtaken
      case EXDEV: throw .refused("staging is on another file system")
      case EINVAL: throw .refused("the file system cannot exchange two names")
      default: throw error.trouble
      }
    }
    let verdict = judge(area, item.name, expected)
    guard verdict != .asExpected else { return .installed(place.stat(of: fresh)) }
    putBack(area, item.name, fresh, at: place)
    return verdict == .notEmpty ? .notEmpty : .overtaken
  }

  private func remove(_ item: Pending, at place: Place) throws(DiskTrouble) -> InstallOutcome {
    guard let area = item.area, let expected = item.token.expected else { throw .vanished }
    let before = try reporting { () throws(SystemError) in try place.sighting() }
    guard let before, before.stat.isStill(expected) else { return .overtaken }
    let directory = place.directory.descriptor.number
    do {
      try checked(cl_move(directory, place.name.bytes, area.number, item.name.bytes))
    } catch {
      switch error.code {
      case ENOENT: return .overtaken
      case EXDEV: throw .refused("staging is on another file system")
      default: throw error.trouble
      }
    }
    guard judge(area, item.name, expected) != .asExpected else { return .installed(nil) }
    restore(area, item.name, to: place)
    return .overtaken
  }

  private func removeDirectory(
    _ item: Pending, at place: Place
  ) throws(DiskTrouble) -> InstallOutcome {
    guard let expected = item.token.expected else { throw .vanished }
    let before = try reporting { () throws(SystemError) in try place.sighting() }
    guard let before, before.stat.isStill(expected) else { return .overtaken }
    let directory = place.directory.descriptor.number
    switch cl_remove_directory(directory, place.name.bytes) {
    case 0: return .installed(nil)
    case -ENOTEMPTY, -EEXIST: return .notEmpty
    case -ENOENT, -ENOTDIR: return .overtaken
    case let error: throw SystemError(-error).trouble
    }
  }
}
