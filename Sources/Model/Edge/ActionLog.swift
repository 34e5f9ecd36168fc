import CLinux
import Glibc
package import Model

/// The log file of an action, to which one run appends: a line that says what runs, what it wrote,
/// and a line that says how it ended.
///
/// Nothing that could be somebody else's trap is written to: no symbolic link at the end of the
/// path, none but root's on the way, no device or FIFO, no file that has a second name.
package final class ActionLog {
  /// How much of one run's output is written, in bytes as they stand in the log.
  package static let outputLimit = 1 << 20

  private let file: Descriptor
  private var room = ActionLog.outputLimit
  /// Bytes that may be the beginning of a character.
  private var rest: [UInt8] = []
  private var endsLine = true
  /// The first trouble in writing; the run goes on without its log.
  package private(set) var trouble: String?

  /// - Throws: with the reason, as in `it is a symbolic link`.
  package init(_ path: [UInt8]) throws(Failure) {
    func refuse(_ reason: String) -> Failure {
      Failure(
        .permission, escaped(path), "log file not opened", reason,
        remedy: "name a regular file in a directory of root")
    }
    guard path.first == UInt8(ascii: "/") else { throw refuse("its path is not absolute") }
    do throws(SystemError) {
      var walk = LogWalk(path)
      let (directory, name) = try walk.parent()
      file = try Descriptor(cl_open_append(directory.number, name.bytes, 0o640))
      let stat = try Sighting(file).stat
      guard stat.kind == .file else { throw SystemError(ENXIO) }
      guard stat.links == 1 else { throw SystemError(EMLINK) }
    } catch {
      switch error.code {
      case LogWalk.foreignLink: throw refuse("a symbolic link on the way is not root's")
      case ELOOP: throw refuse("it is a symbolic link")
      case ENXIO, EISDIR: throw refuse("it is no regular file")
      case EMLINK: throw refuse("the file has another name too")
      default: throw refuse(error.reason)
      }
    }
  }

  /// Writes a line of our own, which stands alone.
  package func say(_ line: String) {
    flush()
    put(Array(((endsLine ? "" : "\n") + line + "\n").utf8))
    endsLine = true
  }

  /// Writes what the program wrote; control bytes come out as text.
  package func add(_ piece: ArraySlice<UInt8>) {
    guard room > 0 else { return }
    var bytes = rest + piece
    let open = Self.openTail(bytes)
    rest = Array(bytes.suffix(open))
    bytes.removeLast(open)
    write(bytes)
  }

  private func flush() {
    let bytes = rest
    rest = []
    if room > 0 { write(bytes) }
  }

  private func write(_ bytes: [UInt8]) {
    var text = Array(escapedLog(bytes).utf8)
    let isCut = text.count > room
    if isCut {
      text = Array(text.prefix(room))
      // Not in the middle of a character.
      while let last = text.last, last >= 0x80 { text.removeLast() }
    }
    guard let last = text.last else { return }
    room -= text.count
    endsLine = last == UInt8(ascii: "\n")
    put(text)
    if isCut {
      room = 0
      say("(more was written, and is not kept here)")
    }
  }

  /// How many bytes at the end are a character of which more has to come.
  private static func openTail(_ bytes: [UInt8]) -> Int {
    for (index, byte) in bytes.suffix(3).reversed().enumerated() {
      if byte & 0xC0 == 0x80 { continue }
      let length = byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 1
      return length > index + 1 ? index + 1 : 0
    }
    return 0
  }

  private func put(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty, trouble == nil {
      let count = rest.withUnsafeBytes { cl_write(file.number, $0.baseAddress, $0.count) }
      if count <= 0 {
        trouble = count < 0 ? SystemError(Int32(-count)).reason : "nothing was written"
      } else {
        rest = rest.dropFirst(count)
      }
    }
  }
}

/// The way to a log file, one component at a time.
private struct LogWalk {
  private static let linkLimit = 40
  /// No number of the kernel's: a link on the way is not root's.
  static let foreignLink: Int32 = -1

  /// Components that are still to be gone, the next one last.
  private var names: [ArraySlice<UInt8>]
  private var links = 0

  init(_ path: [UInt8]) {
    names = path.split(separator: UInt8(ascii: "/")).reversed()
  }

  /// The directory in which the last component stands, and that.
  mutating func parent() throws(SystemError) -> (Descriptor, Name) {
    guard let last = names.first else { throw SystemError(EISDIR) }
    names.removeFirst()
    var way = [try Descriptor(cl_open_root())]
    while let name = names.popLast() {
      guard let here = way.last else { throw SystemError(ENOENT) }
      if name == [UInt8(ascii: ".")] { continue }
      if name == Array("..".utf8)[...] {
        if way.count > 1 { way.removeLast() }
        continue
      }
      let next = try Descriptor(cl_open_path(here.number, Name(name).bytes))
      let stat = try Sighting(next).stat
      guard stat.kind == .symlink else {
        way.append(next)
        continue
      }
      guard stat.uid == 0 else { throw SystemError(Self.foreignLink) }
      try follow(next, &way)
    }
    guard let here = way.last else { throw SystemError(ENOENT) }
    return (here, Name(last))
  }

  private mutating func follow(
    _ link: Descriptor, _ way: inout [Descriptor]
  ) throws(SystemError) {
    links += 1
    guard links <= Self.linkLimit else { throw SystemError(ELOOP) }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let room = buffer.count
    let count = try checked(cl_read_link(link.number, &buffer, room))
    let target = buffer.prefix(count)
    if target.first == UInt8(ascii: "/") { way = Array(way.prefix(1)) }
    names += target.split(separator: UInt8(ascii: "/")).reversed().map { ArraySlice($0) }
  }
}
