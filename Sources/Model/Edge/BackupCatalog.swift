import CLinux
import Glibc
package import Model

/// One copy in a directory of copies.
package struct BackupCopy: Sendable {
  /// What it is a copy of: absolute, on this host's disk.
  package var path: [UInt8]
  /// 1: the newest.
  package var generation: Int
  /// The kind, the size and the attributes of the copy are those of what it was made of.
  package var stat: FileStat
  package var owner: Owner
  /// When the copy was made, as far as its file system keeps that.
  package var replaced: Timestamp?
}

/// What a directory of copies holds.
package enum BackupCatalog {
  /// All copies of the given paths and of what was below them (none given: all), by path, then by
  /// generation.
  package static func copies(
    in directory: [UInt8], of paths: [[UInt8]], names: Names
  ) throws(Failure) -> [BackupCopy] {
    var out: [BackupCopy] = []
    do throws(DiskTrouble) {
      let base = try openOperatorDirectory(directory).descriptor
      let walk = Walk(paths: paths, names: names)
      for item in try reporting({ () throws(SystemError) in try listing(base) }) {
        let text = String(decoding: item.name, as: UTF8.self)
        guard let generation = Int(text), generation > 0, "\(generation)" == text,
          let top = try reporting({ () throws(SystemError) in
            try enter(Name(item.name), of: base)
          })
        else { continue }
        try walk.go(through: top, [], generation, &out)
      }
    } catch {
      throw Failure(
        .inputOutput, escaped(directory), "backups not listed", error.reason,
        remedy: "nothing is kept there before something has been replaced")
    }
    return out.sorted {
      $0.path == $1.path
        ? $0.generation < $1.generation : $0.path.lexicographicallyPrecedes($1.path)
    }
  }
}

private struct Walk {
  let paths: [[UInt8]]
  let names: Names

  func go(
    through directory: Descriptor, _ path: [UInt8], _ generation: Int, _ out: inout [BackupCopy]
  ) throws(DiskTrouble) {
    let items = try reporting { () throws(SystemError) in try listing(directory) }
    for item in items {
      let below = path + [UInt8(ascii: "/")] + item.name
      let isWanted = paths.isEmpty || paths.contains { Self.leads($0, to: below) }
      if item.stat.kind == .directory {
        guard isWanted || paths.contains(where: { Self.leads(below, to: $0) }),
          let inner = try reporting({ () throws(SystemError) in
            try enter(Name(item.name), of: directory)
          })
        else { continue }
        try go(through: inner, below, generation, &out)
      } else if isWanted {
        out.append(
          BackupCopy(
            path: below, generation: generation, stat: item.stat, owner: owner(item.stat),
            replaced: birth(item.name, directory)))
      }
    }
  }

  /// Numbers stand for names that are not told.
  private func owner(_ stat: FileStat) -> Owner {
    Owner(
      user: (try? names.principal(stat.uid, .user)) ?? .number(stat.uid),
      group: (try? names.principal(stat.gid, .group)) ?? .number(stat.gid))
  }

  private func birth(_ name: [UInt8], _ directory: Descriptor) -> Timestamp? {
    var seconds: Int64 = 0
    var nanoseconds: UInt32 = 0
    let told = cl_birth(directory.number, Name(name).bytes, &seconds, &nanoseconds)
    return told == 1 ? Timestamp(seconds: seconds, nanoseconds: nanoseconds) : nil
  }

  private static func leads(_ path: [UInt8], to other: [UInt8]) -> Bool {
    other.starts(with: path)
      && (other.count == path.count || path.isEmpty || other[path.count] == UInt8(ascii: "/"))
  }
}
