import CLinux
import Glibc
import Glibc
import Model
import Synchronization

/// All disks of this process share the list of a state directory.
private let turns = Mutex(())

/// The file `staging-names` in the state directory: the paths of staging directories that stand in
/// users' trees, each ended by a 0.
///
/// A path is in it before its directory is made and until it is removed.
final class StagingList {
  private static let name = Name("staging-names")
  private static let draft = Name("staging-names.new")

  private let state: OpenDirectory
  private var known: (stat: FileStat, paths: [[UInt8]], labels: Set<[UInt8]>)?

  init(in state: OpenDirectory) { self.state = state }

  func paths() -> [[UInt8]] {
    refresh()
    return known?.paths ?? []
  }

  /// The last components of the paths.
  func labels() -> Set<[UInt8]> {
    refresh()
    return known?.labels ?? []
  }

  func add(_ path: [UInt8]) throws(SystemError) {
    try change { $0 + [path] }
  }

  func remove(_ path: [UInt8]) {
    // A path too many only costs a look: nothing stands there.
    try? change { $0.filter { $0 != path } }
  }

  private func refresh() {
    guard let seen = try? sighting(state.descriptor, Self.name)?.stat else {
      known = nil
      return
    }
    if known?.stat == seen { return }
    let paths = (try? read()) ?? []
    let slash = UInt8(ascii: "/")
    let labels = paths.map { Array($0.suffix(from: ($0.lastIndex(of: slash) ?? -1) + 1)) }
    known = (seen, paths, Set(labels))
  }

  private func read() throws(SystemError) -> [[UInt8]] {
    let opened = cl_open_file(state.descriptor.number, Self.name.bytes)
    if opened == -ENOENT { return [] }
    let file = try Descriptor(opened)
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try checked(cl_read(file.number, &block, block.count))
      if count == 0 { break }
      bytes += block[..<count]
    }
    return bytes.split(separator: 0).map(Array.init)
  }

  private func change(_ edit: ([[UInt8]]) -> [[UInt8]]) throws(SystemError) {
    let result = turns.withLock { _ in
      Result<Void, SystemError> { () throws(SystemError) in
        try write(edit(try read()))
      }
    }
    known = nil
    try result.get()
  }

  private func write(_ paths: [[UInt8]]) throws(SystemError) {
    let directory = state.descriptor.number
    cl_remove(directory, Self.draft.bytes)
    let file = try Descriptor(cl_create(directory, Self.draft.bytes))
    let bytes = Array(paths.map { $0 + [0] }.joined())
    let count = try checked(cl_write_at(file.number, bytes, bytes.count, 0))
    guard count == bytes.count else { throw SystemError(ENOSPC) }
    try checked(cl_sync(file.number))
    try checked(cl_replace(directory, Self.draft.bytes, Self.name.bytes))
    try checked(cl_sync(directory))
  }
}
