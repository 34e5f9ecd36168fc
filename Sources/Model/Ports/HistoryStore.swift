/// What a host keeps to explain how its paths came to be. Nothing here decides anything: a row that
/// is lost costs an answer.
///
/// Bounded by `HistoryLimits`. Writing happens in a transaction, as with `Store`.
package protocol HistoryStore: AnyObject {
  /// The steps of a path, in the order of their dots.
  func steps(_ group: String, _ path: TreePath) throws(Failure) -> [HistoryStep]
  /// Adds those whose dots are not known yet, and keeps the newest `limit` of the path.
  func add(
    _ steps: [HistoryStep], _ group: String, _ path: TreePath, limit: Int
  ) throws(Failure)
  func removeSteps(_ group: String, _ path: TreePath) throws(Failure)
  /// Whether any path has steps.
  func hasSteps(_ group: String) throws(Failure) -> Bool
  /// The paths that got a step last, the latest first, with all their steps.
  func recentSteps(_ group: String, limit: Int) throws(Failure) -> [PathSteps]

  /// By replica and number; none overlaps another.
  func stamps(_ group: String) throws(Failure) -> [Stamp]
  /// Adds what is not known yet of the events; the oldest rows go first.
  func add(_ stamps: [Stamp], _ group: String) throws(Failure)
  func stamp(of dot: Dot, _ group: String) throws(Failure) -> Stamp?

  /// By replica and number; none overlaps another.
  func arrivals(_ group: String) throws(Failure) -> [Arrival]
  /// Adds what is not known yet of the events; the oldest rows go first.
  func add(_ arrivals: [Arrival], _ group: String) throws(Failure)
  func arrival(of dot: Dot, _ group: String) throws(Failure) -> Arrival?
}

extension HistoryStore {
  /// The same for one run.
  package func add(_ stamp: Stamp, _ group: String) throws(Failure) { try add([stamp], group) }
  package func add(_ arrival: Arrival, _ group: String) throws(Failure) {
    try add([arrival], group)
  }
}
