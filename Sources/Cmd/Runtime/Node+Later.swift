import Glibc
import Model
import ModelEdge
import Transport
import TransportEdge
import Threads

/// What runs leave for later, worked off while nothing else is to be done.
extension Node {
  /// Something may have been left.
  func noteLater() { later.change { $0 = true } }

  /// Works off what is left, a piece at a time, whenever nobody is served. Does not return.
  ///
  /// - Parameter isIdle: Whether nobody is served now.
  func workLater(_ console: any Console, isIdle: () -> Bool) {
    while true {
      _ = later.wait { isAsked -> Bool? in
        defer { isAsked = false }
        return isAsked ? true : nil
      }
      do throws(Failure) {
        var isLeft = true
        while isLeft {
          // Nobody waits long for the state, and whoever comes has it first.
          usleep(isIdle() ? 20_000 : 500_000)
          if isIdle() { isLeft = try goOnKeeping() }
        }
        try rest()
      } catch {
        console.say("\(error)")
      }
    }
  }

  /// Gives memory back that only a session needs.
  private func rest() throws(Failure) {
    try real.with { store throws(Failure) in try store.rest() }
    releaseMemory()
  }

  /// Keeps the texts that a scan has found; what is too much is left for later.
  func keepTexts(
    _ report: ScanReport, _ group: Group, _ store: any Store, _ disk: any Disk, isWhole: Bool
  ) throws(Failure) {
    let keeper = Keeper(
      group: group.name, store: store, disk: disk, limits: config.settings.keeping)
    guard !report.changes.isEmpty else {
      // Where no daemon does it.
      if isWhole { _ = try keeper.goOn() }
      return
    }
    var budget = Keeper.atOnce
    try keeper.keepTexts(
      report.changes.filter { !$0.isDeletion }.map(\.path), group, budget: &budget)
    noteLater()
  }

  /// A piece of the texts that were left. Returns whether some still are.
  private func goOnKeeping() throws(Failure) -> Bool {
    let disk = try disk()
    let limits = config.settings.keeping
    var isMore = false
    for group in sessionGroups {
      let isLeft = try real.with { store throws(Failure) in
        try Keeper(group: group.name, store: store, disk: disk, limits: limits).goOn()
      }
      isMore = isMore || isLeft
    }
    return isMore
  }
}
