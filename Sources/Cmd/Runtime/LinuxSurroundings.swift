import Glibc
import Model
import ModelEdge

/// The clock, the chance and the programs of this machine.
struct LinuxSurroundings: Surroundings {
  let clockTickNanoseconds: UInt64
  let programs: any ProgramRunner = LinuxPrograms()

  init() { clockTickNanoseconds = Self.tick() }

  func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: UInt32(clamping: time.tv_nsec))
  }

  func randomBytes(_ count: Int) -> [UInt8] { ModelEdge.randomBytes(count) }
  func sha256(_ bytes: [UInt8]) -> Digest { ModelEdge.sha256(bytes) }

  /// From Linux 6.13 on a file that was looked at gets a finer stamp with its next change; before,
  /// stamps move once a tick of at most 10 ms.
  private static func tick() -> UInt64 {
    var names = utsname()
    guard uname(&names) == 0 else { return 10_000_000 }
    let release = withUnsafeBytes(of: &names.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    guard numbers.count == 2 else { return 10_000_000 }
    return (numbers[0], numbers[1]) >= (6, 13) ? 0 : 20_000_000
  }
}

/// Seconds that only go forward, for how long something took.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
