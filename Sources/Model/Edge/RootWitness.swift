import CLinux
import Glibc
package import Model

/// A mark on the directories of a root that says how far this host's numbers had gone.
///
/// It stands outside the state directory: when that is put back from a backup as a whole, its own
/// witness comes back with it and fits; this one does not. Kept as the extended attribute
/// `trusted.concord.witness`, which only root sees; a file system without such attributes has none.
package enum RootWitness {
  private static let name = "trusted.concord.witness"

  /// The last number that the mark knows of `replica`; nil if there is no mark, or another's.
  package static func last(of replica: ReplicaID, at root: [UInt8]) -> UInt64? {
    guard let bytes = with(root, { descriptor in read(descriptor) }) ?? nil else { return nil }
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard parts.count == 2, parts[0] == hexadecimal(replica.bytes) else { return nil }
    return UInt64(parts[1])
  }

  /// Writes the mark. Says nothing if it cannot: the witness in the state directory still stands.
  package static func write(_ replica: ReplicaID, last: UInt64, at root: [UInt8]) {
    let bytes = Array("\(hexadecimal(replica.bytes)) \(last)".utf8)
    _ = with(root) { descriptor in
      bytes.withUnsafeBytes {
        cl_set_attribute(descriptor, name, $0.baseAddress, $0.count)
      }
    }
  }

  private static func read(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = buffer.withUnsafeMutableBytes {
      cl_get_attribute(descriptor, name, $0.baseAddress, $0.count)
    }
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  private static func with<Result>(_ root: [UInt8], _ body: (Int32) -> Result) -> Result? {
    let path = root.map { CChar(bitPattern: $0) } + [0]
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return body(descriptor)
  }
}
