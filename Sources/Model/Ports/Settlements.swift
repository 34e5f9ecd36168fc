/// What a store keeps of conflicts that are over.
package protocol SettlementStore: AnyObject {
  /// The latest first, at most `limit`.
  func settledConflicts(limit: Int) throws(Failure) -> [SettledConflict]
  /// Those whose identifier begins so, the latest first.
  func settledConflicts(withID prefix: String) throws(Failure) -> [SettledConflict]
  func add(_ settled: SettledConflict) throws(Failure)
  /// Forgets those settled before a moment (seconds since 1970), and all but the latest `limit`.
  func forgetSettled(before seconds: Int64, limit: Int) throws(Failure)
  /// The latest first.
  func formerConflicts() throws(Failure) -> [FormerConflict]
  /// Keeps the latest thousand.
  func add(_ former: FormerConflict) throws(Failure)
}

extension SettlementStore {
  /// Notes the conflict that an entry was in, if it is not in the same one any more.
  package func noteFormer(_ old: Entry?, _ new: Entry, _ group: String) throws(Failure) {
    guard let old, old.record.isConflict else { return }
    let dots = old.record.dots(in: old.record.conflictingFields)
    guard dots != new.record.dots(in: new.record.conflictingFields) else { return }
    try add(FormerConflict(group: group, path: new.path, dots: dots))
  }
}
