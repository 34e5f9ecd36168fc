import CLinux
import Model

/// A stretch of objects in path order, in memory that is used again and again.
struct Stretch {
  struct Object {
    /// Where the key stands among all keys.
    var start: Int
    var count: Int
    var stat: cl_stat
    var role: Role
  }

  enum Role {
    /// The group holds it.
    case held
    /// The rules leave it out: it is as if it was not there.
    case leftOut
    /// Not an object, but a mark after its directory: what is below was not listed.
    case unlisted(DiskTrouble)
    case tooLong
  }

  private(set) var keys: [UInt8] = []
  private(set) var objects: [Object] = []

  mutating func add(_ key: [UInt8], _ stat: cl_stat, _ role: Role) {
    objects.append(Object(start: keys.count, count: key.count, stat: stat, role: role))
    keys.append(contentsOf: key)
  }

  /// Adds `directory`, 0, `name`.
  mutating func add(
    _ directory: [UInt8], _ name: UnsafeBufferPointer<UInt8>, _ stat: cl_stat, _ role: Role
  ) {
    objects.append(
      Object(
        start: keys.count, count: directory.count + 1 + name.count, stat: stat, role: role))
    keys.append(contentsOf: directory)
    keys.append(0)
    keys.append(contentsOf: name)
  }

  func key(_ object: Object) -> ArraySlice<UInt8> {
    keys[object.start..<(object.start + object.count)]
  }

  mutating func clear() {
    keys.removeAll(keepingCapacity: true)
    objects.removeAll(keepingCapacity: true)
  }
}

/// The listing of one directory; its memory is used again by the next.
final class Listing {
  private var raw = cl_listing()

  deinit { cl_list_free(&raw) }

  var count: Int { raw.count }

  func read(_ directory: OpenDirectory) throws(SystemError) {
    try checked(cl_list(directory.descriptor.number, &raw))
  }

  /// The name, which is valid until the next `read`, and the stat; `index` is below `count`.
  subscript(index: Int) -> (name: UnsafeBufferPointer<UInt8>, stat: cl_stat) {
    let item = raw.items[index]
    return (
      UnsafeBufferPointer(start: raw.names + Int(item.start), count: Int(item.length)), item.stat
    )
  }
}

/// Walks a subtree in path order into a stretch.
struct SurveyWalk {
  let disk: LinuxDisk
  let selection: Selection
  /// Called when the stretch is long enough: it empties it.
  private let isFull: (inout Stretch) throws(Failure) -> Void
  private var stretch: Stretch
  /// One for each depth.
  private var listings: [Listing] = []

  /// So many objects are handed over at a time.
  private static let length = 8_192

  init(
    _ disk: LinuxDisk, _ selection: Selection, stretch: Stretch,
    isFull: @escaping (inout Stretch) throws(Failure) -> Void
  ) {
    (self.disk, self.selection, self.stretch, self.isFull) = (disk, selection, stretch, isFull)
  }

  /// Gives the memory back.
  consuming func end() -> Stretch { stretch }

  mutating func add(_ object: ListedObject) {
    stretch.add(object.key, object.stat, object.role)
  }

  /// Everything below a directory.
  mutating func walk(below key: [UInt8], _ below: SelectionBelow) throws(Failure) {
    guard let path = TreePath(key: key) else { return }
    let directory: OpenDirectory
    do { directory = try disk.tree.directory(path) } catch {
      return stretch.add(key, cl_stat(), .unlisted(error))
    }
    try walk(directory, key, below, depth: 0)
  }

  private mutating func walk(
    _ directory: OpenDirectory, _ key: [UInt8], _ below: SelectionBelow, depth: Int
  ) throws(Failure) {
    if depth == listings.count { listings.append(Listing()) }
    let listing = listings[depth]
    do { try listing.read(directory) } catch {
      return stretch.add(key, cl_stat(), .unlisted(error.trouble))
    }
    for index in 0..<listing.count {
      let (name, stat) = listing[index]
      guard let (role, descends) = judge(name, stat, in: key, below) else { continue }
      if case .tooLong = role {
        stretch.add(key, cl_stat(), .tooLong)
        continue
      }
      stretch.add(key, name, stat, role)
      if stretch.objects.count >= Self.length { try isFull(&stretch) }
      guard descends else { continue }
      let child = key + [0] + name
      do {
        let open = try directory.open(Name(name), crossing: false)
        try walk(open, child, below, depth: depth + 1)
      } catch let error as SystemError {
        stretch.add(child, cl_stat(), .unlisted(error.trouble))
      } catch let error as Failure {
        throw error
      } catch {
        return
      }
    }
  }

  /// What an entry of a directory is to the group, and whether its own entries matter; nil: nothing
  /// that anybody must see.
  private func judge(
    _ name: UnsafeBufferPointer<UInt8>, _ stat: cl_stat, in key: [UInt8], _ below: SelectionBelow
  ) -> (role: Stretch.Role, descends: Bool)? {
    disk.judge(name, stat, in: key, below, selection)
  }
}

/// One object of a directory that was listed beforehand.
struct ListedObject {
  var key: [UInt8]
  var stat: cl_stat
  var role: Stretch.Role
  var descends: Bool
}

extension LinuxDisk {
  func judge(
    _ name: UnsafeBufferPointer<UInt8>, _ stat: cl_stat, in key: [UInt8],
    _ below: SelectionBelow, _ selection: Selection
  ) -> (role: Stretch.Role, descends: Bool)? {
    guard key.count + 1 + name.count <= TreePath.byteLimit else { return (.tooLong, false) }
    let isDirectory = stat.mode & 0o170000 == 0o040000
    if isDirectory, name.first == UInt8(ascii: "."),
      staging.hides(DirectoryItem(name: Array(name), stat: Sighting(stat).stat))
    {
      return nil
    }
    if !tree.closed.isEmpty, let directory = TreePath(key: key),
      tree.isClosed(Array(name), in: directory)
    {
      return nil
    }
    switch below {
    case .everything: return (.held, isDirectory)
    case .names:
      let isLeftOut = selection.leavesOut(name: Array(name)[...])
      return (isLeftOut ? .leftOut : .held, isDirectory && !isLeftOut)
    case .paths:
      guard let path = TreePath(key: key + [0] + Array(name)) else { return nil }
      return (
        selection.includes(path) ? .held : .leftOut,
        isDirectory && selection.descends(into: path)
      )
    }
  }
}
