/// Work that goes on beside a session: one piece at a time, in a thread where there is one for it.
package protocol Sideline: AnyObject {
  /// Whether a piece is still being worked on.
  var isBusy: Bool { get }
  /// Begins a piece. Only when the one before it was waited for. Whatever it touches is left alone
  /// until `wait` has returned.
  func begin(_ piece: @escaping () -> Void)
  /// Waits until nothing is being worked on.
  func wait()
}

/// No thread beside: each piece is done before `begin` returns.
package final class OwnLine: Sideline {
  package init() {}
  package var isBusy: Bool { false }
  package func begin(_ piece: @escaping () -> Void) { piece() }
  package func wait() {}
}
