/// A place where somebody has seen a change: looked at by the next run that works hints off.
package struct Hint: Hashable, Sendable {
  /// Never given out twice: a hint that is given again meanwhile is another one.
  package var number: Int64
  /// Absolute, on this host's disk; `/` is everything.
  package var path: [UInt8]
  /// Whether all below it is meant, too.
  package var isRecursive: Bool

  package init(number: Int64, path: [UInt8], isRecursive: Bool) {
    self.number = number
    self.path = path
    self.isRecursive = isRecursive
  }
}

/// The part of a host's state that keeps hints.
package protocol HintStore: AnyObject {
  /// In the order of their numbers.
  func hints() throws(Failure) -> [Hint]
  /// Keeps a hint under a new number, in place of one for the same path; recursive if either was.
  func addHint(_ path: [UInt8], isRecursive: Bool) throws(Failure)
  /// Removes the hints of these numbers and no other.
  func removeHints(_ numbers: [Int64]) throws(Failure)
}
