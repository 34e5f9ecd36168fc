/// When what was written has to survive a power cut.
package protocol LastingStore: AnyObject {
  /// A transaction whose loss costs work and nothing else: it survives the end of the process, and
  /// a power cut only if a later one does. In order: what is lost is lost from the end.
  func easyTransaction<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result
  /// What easy transactions have written survives a power cut from here on.
  func makeLasting() throws(Failure)
}
