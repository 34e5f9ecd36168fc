import Glibc
import Model
import Synchronization

/// A console that does with words and data what csync2's options ask for: time stamps, a copy in a
/// file, syslog, and directories to a descriptor.
final class ShortConsole: Console {
  private let inner: any Console
  private let isStamped: Bool
  /// Takes the words in place of the console, if it is there.
  private let log: SystemLog?
  /// -1: none.
  private let file: Int32
  private let directories: Int32
  private let turn = Mutex<Void>(())

  /// The console itself, if nothing is asked for.
  static func wrapping(_ console: any Console, _ line: ShortLine) throws(Failure) -> any Console {
    guard
      line.isStamped || line.stampFile != nil || line.usesSyslog || line.directoryDescriptor != nil
    else { return console }
    var file: Int32 = -1
    if let name = line.stampFile {
      file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
      guard file >= 0 else {
        throw Failure(
          .cannotCreate, escaped(name), "not run: messages could not be written there",
          String(cString: strerror(errno)), remedy: "name a file that can be written with -s")
      }
    }
    let descriptor = line.directoryDescriptor ?? -1
    guard descriptor < 0 || fcntl(descriptor, F_GETFD) >= 0 else {
      throw Failure(
        .usage, "-W \(descriptor)", "not run", "this descriptor is not open",
        remedy: "open it in the shell: \(descriptor)>FILE")
    }
    return ShortConsole(
      console, isStamped: line.isStamped, log: line.usesSyslog ? SystemLog() : nil, file: file,
      directories: descriptor)
  }

  private init(
    _ inner: any Console, isStamped: Bool, log: SystemLog?, file: Int32, directories: Int32
  ) {
    self.inner = inner
    self.isStamped = isStamped
    self.log = log
    self.file = file
    self.directories = directories
  }

  // MARK: Directories

  /// A directory on its way to the descriptor of `-W`, through a console that knows only text.
  static func marked(_ directory: [UInt8]) -> String { "\u{0}" + hexadecimal(directory) + "\n" }

  func out(_ text: String) {
    guard text.utf8.first == 0 else { return inner.out(text) }
    guard directories >= 0 else { return }
    for mark in text.split(separator: "\n") {
      let digits = Array(mark.utf8.dropFirst())
      var bytes: [UInt8] = []
      for place in stride(from: 0, to: digits.count - 1, by: 2) {
        let pair = String(decoding: digits[place...(place + 1)], as: UTF8.self)
        bytes.append(UInt8(pair, radix: 16) ?? 0x3F)
      }
      write(directories, bytes + [0])
    }
  }

  // MARK: Words

  func say(_ line: String) {
    let stamped = Self.stamp() + line
    turn.withLock { _ in
      if file >= 0 { write(file, Array((stamped + "\n").utf8)) }
    }
    if let log { log.say(line) } else { inner.say(isStamped ? stamped : line) }
  }

  func ask(_ question: String) -> Bool? { log == nil ? inner.ask(question) : nil }

  /// `2026-11-22 07:41:00 `, by this host's clock.
  private static func stamp() -> String {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) "
  }

  private func write(_ descriptor: Int32, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
