import CLinux
import Glibc
import Model

/// What the kernel and a file system can do, found out without changing anything that is kept.
package enum Probe {
  /// Why directories cannot be opened safely; nil if they can.
  package static func safeOpening() -> String? {
    let root = cl_open_root()
    defer { cl_close(root) }
    let below = cl_open_beneath(root, Name(".").bytes, 1)
    guard below >= 0 else { return SystemError(-below).reason }
    cl_close(below)
    return nil
  }

  /// Why files without a name cannot be made in a directory; nil if they can.
  package static func unnamedFiles(in directory: [UInt8]) -> String? {
    attempt(directory) { number in
      let file = cl_create_unnamed(number)
      guard file >= 0 else { return SystemError(-file).reason }
      cl_close(file)
      return nil
    }
  }

  /// Why two names in a directory of ours cannot change places in one step; nil if they can.
  package static func exchange(in directory: [UInt8]) -> String? {
    attempt(directory) { number in
      let names = [Name("probe-1"), Name("probe-2")]
      defer { for name in names { cl_remove(number, name.bytes) } }
      for name in names {
        let file = cl_create(number, name.bytes)
        guard file >= 0 || file == -EEXIST else { return SystemError(-file).reason }
        if file >= 0 { cl_close(file) }
      }
      let result = cl_exchange(number, names[0].bytes, number, names[1].bytes)
      return result < 0 ? SystemError(-result).reason : nil
    }
  }

  /// Whether the file system of a directory keeps access lists.
  package static func keepsAccessLists(_ directory: [UInt8]) -> Bool {
    attempt(directory) { number in
      attribute("system.posix_acl_access", number) == -Int(EOPNOTSUPP) ? "no" : nil
    } == nil
  }

  /// Whether the mark of `RootWitness` can stand on a directory.
  package static func keepsMarks(_ directory: [UInt8]) -> Bool {
    attempt(directory) { number in
      attribute("trusted.concord.witness", number) == -Int(EOPNOTSUPP) ? "no" : nil
    } == nil && cl_user() == 0
  }

  /// Free and all bytes of the file system of a directory; nil if they cannot be told.
  package static func room(_ directory: [UInt8]) -> (free: UInt64, all: UInt64)? {
    var free: UInt64 = 0
    var all: UInt64 = 0
    var hasInodes: Int32 = 1
    let reason = attempt(directory) { number in
      cl_room(number, &free, &all, &hasInodes) < 0 ? "not told" : nil
    }
    guard reason == nil, all > 0 else { return nil }
    return (hasInodes == 0 ? 0 : free, all)
  }

  /// The device of a directory; nil if it cannot be opened.
  package static func device(_ directory: [UInt8]) -> UInt64? {
    var raw = cl_stat()
    let reason = attempt(directory) { number in
      cl_look(number, Name.itself.bytes, &raw) < 0 ? "not seen" : nil
    }
    return reason == nil ? raw.device : nil
  }

  private static func attribute(_ name: String, _ number: Int32) -> Int {
    var buffer = [UInt8](repeating: 0, count: 1)
    return Int(cl_get_attribute(number, name, &buffer, buffer.count))
  }

  private static func attempt(
    _ directory: [UInt8], _ body: (Int32) -> String?
  ) -> String? {
    let path = directory.map { CChar(bitPattern: $0) } + [0]
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return SystemError(errno).reason }
    defer { close(descriptor) }
    return body(descriptor)
  }
}
