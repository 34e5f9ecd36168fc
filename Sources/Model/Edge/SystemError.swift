import CLinux
import Glibc
import Model

/// What the kernel answered: an error number that is not 0.
struct SystemError: Error, Hashable {
  let code: Int32

  init(_ code: Int32) { self.code = code }

  static let notFound = SystemError(ENOENT)

  /// As in `permission denied`.
  var reason: String { String(cString: strerror(code)).lowercased() }

  /// Whether nothing stands at the name, or a directory on the way is none.
  var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// For an object that is looked at or written, on the way of which no link may stand.
  var trouble: DiskTrouble {
    switch code {
    case ENOENT, ENOTDIR: .vanished
    case ELOOP: .notConfined
    case EXDEV: .otherFileSystem
    case EAGAIN, ETXTBSY: .busy
    case ENOSPC, EDQUOT: .full(reason)
    default: .refused(reason)
    }
  }
}

/// The answer of a `CLinux` function, or its error.
@discardableResult
func checked<Number: SignedInteger>(_ result: Number) throws(SystemError) -> Number {
  guard result >= 0 else { throw SystemError(Int32(-result)) }
  return result
}

/// Runs `body` and turns the kernel's errors into the port's.
func reporting<Value>(
  _ body: () throws(SystemError) -> Value
) throws(DiskTrouble) -> Value {
  do { return try body() } catch { throw error.trouble }
}

/// An open descriptor, closed with its last owner.
final class Descriptor {
  let number: Int32

  init(_ result: Int32) throws(SystemError) { number = try checked(result) }

  deinit { cl_close(number) }
}

/// A name or a path as the kernel wants it: with a 0 at its end.
struct Name: Hashable {
  let bytes: [UInt8]

  init(_ bytes: some Collection<UInt8>) {
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count + 1)
    copy.append(contentsOf: bytes)
    copy.append(0)
    self.bytes = copy
  }

  init(_ text: String) { self.init(text.utf8) }

  /// The descriptor itself, wherever a name is taken.
  static let itself = Name([])
}

/// Stat with the mount that the object stands on.
struct Sighting {
  let stat: FileStat
  let mount: UInt64
  /// Of a device.
  let node: DeviceNode?

  /// The object of that name in a directory; the directory itself for `Name.itself`.
  init(_ directory: Descriptor, _ name: Name = .itself) throws(SystemError) {
    var raw = cl_stat()
    try checked(cl_look(directory.number, name.bytes, &raw))
    self.init(raw)
  }

  init(_ raw: cl_stat) {
    mount = raw.mount
    let isBlock = raw.mode & 0o170000 == 0o060000
    let isDevice = Self.kind(raw.mode) == .device
    node =
      isDevice
      ? DeviceNode(isBlock: isBlock, major: raw.node_major, minor: raw.node_minor) : nil
    stat = FileStat(
      kind: Self.kind(raw.mode), device: raw.device, inode: raw.inode, size: raw.size,
      modified: Timestamp(seconds: raw.modified_seconds, nanoseconds: raw.modified_nanoseconds),
      changed: Timestamp(seconds: raw.changed_seconds, nanoseconds: raw.changed_nanoseconds),
      mode: UInt16(raw.mode & 0o7777), uid: raw.uid, gid: raw.gid, links: raw.links)
  }

  private static func kind(_ mode: UInt32) -> FileStat.Kind {
    switch mode & 0o170000 {
    case 0o100000: .file
    case 0o040000: .directory
    case 0o120000: .symlink
    case 0o010000: .fifo
    case 0o140000: .socket
    default: .device
    }
  }

  /// Whether it belongs to the file system of a directory on `mount` and `device`.
  ///
  /// The mount tells, also for a bind mount of the same file system. The device is asked for
  /// directories only: overlays give files numbers of their own, subvolumes differ in theirs.
  func stands(onMount mount: UInt64, device: UInt64) -> Bool {
    self.mount == mount && (stat.kind != .directory || stat.device == device)
  }
}

/// The object of that name, or nil if there is none.
func sighting(_ directory: Descriptor, _ name: Name) throws(SystemError) -> Sighting? {
  do { return try Sighting(directory, name) } catch {
    guard error.isAbsence else { throw error }
    return nil
  }
}
