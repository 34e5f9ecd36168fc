/// A moment as the file system keeps it: seconds since 1970 and nanoseconds.
///
/// It travels with a content and is shown to people; no decision rests on it.
package struct Timestamp: Hashable, Sendable {
  package var seconds: Int64
  /// 0 to 999 999 999.
  package var nanoseconds: UInt32

  package init(seconds: Int64, nanoseconds: UInt32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}

extension Timestamp: Comparable {
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}
