/// The part of a host's state that tells which commands have to run, and how they went.
package protocol ActionStore: AnyObject {
  /// Adds names to the run of this order that waits or has failed, and makes it due; makes one if
  /// there is none. One that is running is left alone.
  func queue(_ order: ActionOrder, names: [TreePath], seconds: Int64) throws(Failure)
  /// All that are kept, by number.
  func actionRuns() throws(Failure) -> [ActionRun]
  func actionRun(_ id: Int64) throws(Failure) -> ActionRun?
  /// In path order, at most `limit`.
  func actionNames(_ id: Int64, limit: Int) throws(Failure) -> [TreePath]
  /// What the last try wrote: its first `ProgramResult.outputLimit` bytes.
  func actionOutput(_ id: Int64) throws(Failure) -> [UInt8]
  /// Replaces how a run stands; its output too if one is given.
  func put(_ run: ActionRun, output: [UInt8]?) throws(Failure)
  /// Moves the names behind `path` to a run of their own, which waits.
  func splitNames(of id: Int64, after path: TreePath, seconds: Int64) throws(Failure)
  func removeAction(_ id: Int64) throws(Failure)
  /// Drops runs that are done and names of such, but for as many as are kept.
  func forgetDoneActions() throws(Failure)
}
