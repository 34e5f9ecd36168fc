/// What a finished command left behind.
struct Outcome: CustomStringConvertible {
  let command: String
  /// The exit status, or minus the number of the signal that ended it.
  let status: Int32
  let stdout: [UInt8]
  let stderr: [UInt8]

  var out: String { String(decoding: stdout, as: UTF8.self) }
  var err: String { String(decoding: stderr, as: UTF8.self) }

  /// The lines of standard error that say something.
  var complaints: [String] {
    err.split(separator: "\n").map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
  }

  var silent: Bool { stdout.isEmpty && stderr.isEmpty }

  var description: String {
    "\(command)\nexit \(status)\nstdout: \(out)\nstderr: \(err)"
  }
}
