import Glibc
import Synchronization

/// Where a command speaks: this terminal, or the one at the other end of the control socket.
protocol Console: AnyObject, Sendable {
  /// Data: standard output.
  func out(_ text: String)
  /// Words about the work: standard error, one line.
  func say(_ line: String)
  /// Asks a person; nil if there is none.
  func ask(_ question: String) -> Bool?
}

/// The descriptors of this process.
final class ProcessConsole: Console {
  private let isTerminal: Bool
  private let failed = Atomic<Bool>(false)

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  /// Whether output could not be written: said by the exit status.
  var hasFailed: Bool { failed.load(ordering: .relaxed) }

  func out(_ text: String) { write(1, text) }
  func say(_ line: String) { write(2, line + "\n") }

  func ask(_ question: String) -> Bool? {
    guard isTerminal else { return nil }
    write(2, question + " [y/N] ")
    guard let answer = readLine(strippingNewline: true) else { return false }
    return ["y", "yes"].contains(answer.lowercased())
  }

  private func write(_ descriptor: Int32, _ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        if descriptor == 1 { failed.store(true, ordering: .relaxed) }
        return
      }
      rest = rest.dropFirst(count)
    }
  }
}
