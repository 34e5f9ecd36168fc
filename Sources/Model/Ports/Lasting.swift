/// What a store holds in memory to be fast, and what that costs.
package protocol RestingStore: AnyObject {
  /// Lets it go: nobody is served now.
  func rest() throws(Failure)
  /// About how many bytes a pass over all entries reads. Costs nothing.
  func passBytes() throws(Failure) -> UInt64
  /// Whether `entryShowing` answers without a pass over all entries.
  func knowsContents(_ group: String) -> Bool
}

extension RestingStore {
  /// Below that a pass costs less than anything that would be saved without it.
  private static var littleBytes: UInt64 { 4 << 20 }

  /// Whether finding contents is worth a pass: as a rule where so many bytes, or contents of 4 KiB,
  /// depend on it that they weigh a sixteenth of what it reads.
  package func isWorthPass(
    _ group: String, bytes: UInt64 = 0, contents: Int = 0
  ) throws(Failure) -> Bool {
    if knowsContents(group) { return true }
    let cost = try passBytes()
    let gain = bytes &+ UInt64(max(0, contents)) &* 4_096
    return cost < Self.littleBytes || gain >= cost / 16
  }
}

/// When what was written has to survive a power cut.
package protocol LastingStore: AnyObject {
  /// A transaction whose loss costs work and nothing else: it survives the end of the process, and
  /// a power cut only if a later one does. In order: what is lost is lost from the end.
  func easyTransaction<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result
  /// What easy transactions have written survives a power cut from here on.
  func makeLasting() throws(Failure)
}
