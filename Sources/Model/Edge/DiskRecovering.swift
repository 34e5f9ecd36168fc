import CLinux
import Glibc
package import Model

// What a run that died has left. The token says what was to be done; the inodes at the place and in
// staging say how far it got.
extension LinuxDisk {
  package func recover(_ path: TreePath, token bytes: [UInt8]) -> RecoveryOutcome {
    guard let token = Token(bytes) else { return .changed }
    tree.forget()
    reader = nil
    let area = staging.area(labelled: token.area)
    var batch = InstallBatch(tree)
    do {
      let place = try batch.place(path)
      let outcome = try recover(token, area, at: place)
      batch.touch(place.directory, for: 0)
      if let failure = batch.sync()[0] { return .unavailable(failure) }
      return outcome
    } catch .vanished {
      // Its directory is gone, and the object with it.
      area?.discard(Name(token.name))
      return token.expected == nil ? .undone : .changed
    } catch {
      return .unavailable(error)
    }
  }

  package func clearStaging() { staging.clear() }

  private func recover(
    _ token: Token, _ area: StagingArea?, at place: Place
  ) throws(DiskTrouble) -> RecoveryOutcome {
    let there = try reporting { () throws(SystemError) in try place.sighting() }?.stat
    switch token.move {
    case .none: return there == nil ? .installed(nil) : .changed
    case .create: return recoverCreation(token, area, there)
    case .replace: return recoverReplacement(token, area, there, at: place)
    case .remove: return recoverRemoval(token, area, there, at: place)
    case .removeDirectory:
      guard let there else { return .installed(nil) }
      return token.expected.map(there.isMoved) == true ? .undone : .changed
    case .change: return try recoverChange(token, there, at: place)
    }
  }

  private func recoverCreation(
    _ token: Token, _ area: StagingArea?, _ there: FileStat?
  ) -> RecoveryOutcome {
    // All of it: an inode that was lost in the crash may serve a user's new file by now.
    let isOurs = token.fresh.flatMap { there?.isMoved($0) } ?? false
    // Also when it is in its place: a move by two names may have been cut in half.
    area?.discard(Name(token.name))
    if isOurs { return .installed(token.fresh) }
    return there == nil ? .undone : .changed
  }

  private func recoverReplacement(
    _ token: Token, _ area: StagingArea?, _ there: FileStat?, at place: Place
  ) -> RecoveryOutcome {
    guard let fresh = token.fresh, let expected = token.expected else { return .changed }
    let name = Name(token.name)
    defer { area?.discard(name) }
    let waiting = try? area?.stat(name)
    let isWaitingOurs = waiting.map { $0.inode == fresh.inode } ?? false
    guard let there else {
      // Ours was deleted before anybody had looked at what it displaced.
      if let area, waiting != nil, !isWaitingOurs, judge(area, name, expected) != .asExpected {
        restore(area, name, to: place)
      }
      return .changed
    }
    if there.isMoved(fresh) {
      guard let area, waiting != nil, !isWaitingOurs else { return .installed(fresh) }
      if judge(area, name, expected) == .asExpected { return .installed(fresh) }
      putBack(area, name, fresh, at: place)
      return .changed
    }
    return there.isMoved(expected) ? .undone : .changed
  }

  private func recoverRemoval(
    _ token: Token, _ area: StagingArea?, _ there: FileStat?, at place: Place
  ) -> RecoveryOutcome {
    guard let expected = token.expected else { return .changed }
    let name = Name(token.name)
    if let there, there.isMoved(expected) { return .undone }
    guard let area, (try? area.stat(name)) != nil else {
      return there == nil ? .installed(nil) : .changed
    }
    defer { area.discard(name) }
    if judge(area, name, expected) == .asExpected {
      return there == nil ? .installed(nil) : .changed
    }
    restore(area, name, to: place)
    return .changed
  }

  /// Attributes are set one after the other: a half of them is neither the old state nor the new
  /// one, so the rest is set now.
  private func recoverChange(
    _ token: Token, _ there: FileStat?, at place: Place
  ) throws(DiskTrouble) -> RecoveryOutcome {
    guard let change = token.change, let expected = token.expected, let there else {
      return .changed
    }
    if there.isStill(expected), there.changed == expected.changed { return .undone }
    let opened = try openExpected(place) { isBetween($0, expected, change) }
    guard let object = opened else { return .changed }
    try reporting { () throws(SystemError) in
      try set(change, on: object, expected)
      if expected.kind != .fifo, expected.kind != .device { try checked(cl_sync(object.number)) }
    }
    // With the old change time: a scan looks at it once more, in case it was also written to.
    var stat = expected
    stat.mode = change.mode
    stat.uid = change.uid
    stat.gid = change.gid
    if let time = change.modified, stat.kind == .file { stat.modified = time }
    return .installed(stat)
  }

  /// Whether each attribute is the old one or the new one, and the content cannot tell otherwise.
  private func isBetween(
    _ now: FileStat, _ old: FileStat, _ change: AttributeChange
  ) -> Bool {
    // A change of owner clears the set-id bits.
    let modes = [old.mode, old.mode & ~0o6000, change.mode]
    let isContentOld =
      now.size == old.size && (now.modified == old.modified || now.modified == change.modified)
    return now.kind == old.kind && now.inode == old.inode && modes.contains(now.mode)
      && [old.uid, change.uid].contains(now.uid) && [old.gid, change.gid].contains(now.gid)
      && (now.kind != .file || isContentOld)
  }
}
