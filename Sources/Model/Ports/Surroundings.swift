/// Clock, chance and programs, from outside.
package protocol Surroundings: Sendable {
  /// Wall time. For people, for reports and to tell whether a time stamp is too fresh; never for
  /// order.
  func now() -> Timestamp
  /// How far apart two changes of a file can be and still carry one time stamp, in nanoseconds.
  /// 0 where the kernel never gives the same stamp twice to a file that was looked at in between.
  var clockTickNanoseconds: UInt64 { get }
  func randomBytes(_ count: Int) -> [UInt8]
  /// Runs the commands that look at changes before they are made.
  var programs: any ProgramRunner { get }
  func sha256(_ bytes: [UInt8]) -> Digest
}
