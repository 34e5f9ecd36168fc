import Glibc

/// The lab itself could not do what a test asked for: never a verdict about the binary.
struct LabFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// The failure of a C call, with the reason in `errno`.
  static func call(_ name: String, _ subject: String = "") -> LabFailure {
    LabFailure("\(name) \(subject): \(String(cString: strerror(errno)))")
  }
}
