import CLinux
import Glibc
import Model

/// A copy that is complete and has not got its place yet.
struct BackupDraft {
  /// In the directory of drafts.
  let name: Name
  /// The way to it from the root of this host's disk.
  let parts: [Name]
}

/// A directory of copies, for one batch of this process alone.
///
/// Below it `1/PATH` is the newest copy of a path, `2/PATH` the one before, and so on. `new` holds
/// copies under construction; what a dead run left there is removed by the next one.
final class BackupArea {
  static let drafts = Name("new")
  private static let patienceMilliseconds: UInt64 = 30_000

  let base: Descriptor
  let generations: Int
  private let draftsDirectory: Descriptor
  private var counter = 0
  /// Directories below a generation that were used last.
  private var directories: [[UInt8]: Descriptor] = [:]

  init(_ place: BackupPlace) throws(DiskTrouble) {
    base = try Self.open(place.directory)
    generations = place.generations
    try Self.lock(base)
    let base = base
    draftsDirectory = try reporting { () throws(SystemError) in
      let directory = try Self.make(Self.drafts, in: base)
      for item in try listing(directory) { try removeTree(Name(item.name), in: directory) }
      return directory
    }
  }

  /// Opens it, and makes it if only its last part is missing.
  private static func open(_ path: [UInt8]) throws(DiskTrouble) -> Descriptor {
    let parts = path.split(separator: UInt8(ascii: "/"))
    guard let last = parts.last else { throw .refused("the root directory holds everything else") }
    let above = Array(parts.dropLast().map { [UInt8(ascii: "/")] + $0 }.joined())
    let parent = try openOperatorDirectory(above)
    let made = cl_make_directory(parent.descriptor.number, Name(last).bytes)
    if made < 0, made != -EEXIST { throw SystemError(-made).trouble }
    let opened = try openOperatorDirectory(path).descriptor
    let seen = try reporting { () throws(SystemError) in try Sighting(opened).stat }
    guard seen.uid == 0 || seen.uid == cl_user() else {
      throw .refused("it belongs to user \(seen.uid)")
    }
    guard seen.mode & 0o022 == 0 else { throw .refused("others can write in it") }
    return opened
  }

  /// Other runs wait: a rotation is a row of steps.
  private static func lock(_ directory: Descriptor) throws(DiskTrouble) {
    let start = cl_milliseconds()
    while true {
      let result = cl_lock(directory.number)
      if result == 0 { return }
      guard result == -EAGAIN else { throw SystemError(-result).trouble }
      guard cl_milliseconds() - start < patienceMilliseconds else { throw .busy }
      cl_pause(10)
    }
  }

  /// Makes all that was written here durable.
  func sync() throws(DiskTrouble) {
    let result = cl_sync_system(base.number)
    if result < 0 { throw SystemError(-result).trouble }
  }

  // MARK: Drafts

  /// An empty file.
  func makeFile() throws(SystemError) -> (name: Name, file: Descriptor) {
    let name = freshName()
    return (name, try Descriptor(cl_create(draftsDirectory.number, name.bytes)))
  }

  func makeLink(to target: [UInt8]) throws(SystemError) -> (name: Name, link: Descriptor) {
    let name = freshName()
    try checked(cl_make_link(Name(target).bytes, draftsDirectory.number, name.bytes))
    return (name, try Descriptor(cl_open_path(draftsDirectory.number, name.bytes)))
  }

  func discard(_ name: Name) { cl_remove(draftsDirectory.number, name.bytes) }

  private func freshName() -> Name {
    counter += 1
    return Name("\(counter)")
  }

  // MARK: Generations

  /// The newest copy of a path; nil if there is none.
  func newest(_ parts: [Name]) throws(SystemError) -> (object: Descriptor, stat: FileStat)? {
    guard let name = parts.last, let directory = try directory(1, parts.dropLast(), makes: false)
    else { return nil }
    let opened = cl_open_path(directory.number, name.bytes)
    if opened == -ENOENT { return nil }
    let object = try Descriptor(opened)
    return (object, try Sighting(object).stat)
  }

  /// Makes a draft the newest copy; the others become one older each.
  ///
  /// The newest is at every moment the former one or the new one: the former one gets its second
  /// name before it loses its first.
  func put(_ draft: BackupDraft) throws(SystemError) {
    guard let name = draft.parts.last else { throw SystemError(EINVAL) }
    try drop(draft.parts[...], from: generations + 1)
    try giveWay(draft.parts, name)
    guard let first = try directory(1, draft.parts.dropLast(), makes: true) else {
      throw SystemError(ENOENT)
    }
    try checked(cl_put(draftsDirectory.number, draft.name.bytes, first.number, name.bytes))
  }

  private func giveWay(_ parts: [Name], _ name: Name) throws(SystemError) {
    guard let first = try directory(1, parts.dropLast(), makes: false),
      let old = try sighting(first, name)?.stat
    else { return }
    if old.kind == .directory { return try shift(parts[...], from: 1) }
    guard generations > 1 else { return }
    if let second = try directory(2, parts.dropLast(), makes: false),
      let older = try sighting(second, name)?.stat, older.inode == old.inode
    {
      // A run died between the two names.
      return
    }
    try shift(parts[...], from: 2)
    guard let second = try directory(2, parts.dropLast(), makes: true) else { return }
    let result = cl_link(first.number, name.bytes, second.number, name.bytes)
    if [-EPERM, -EOPNOTSUPP, -EMLINK, -ENOSYS].contains(result) {
      try checked(cl_put(first.number, name.bytes, second.number, name.bytes))
    } else {
      try checked(result)
    }
  }

  /// Frees a path of a generation: what is there, a file or a tree, becomes one generation older,
  /// and so do those that are in its way. The oldest is removed.
  private func shift(_ parts: ArraySlice<Name>, from generation: Int) throws(SystemError) {
    guard let name = parts.last else { return }
    var free = generation
    while free <= generations, try holds(free, parts) { free += 1 }
    guard free > generation else { return }
    if free > generations {
      free = generations
      try drop(parts, from: free, onlyOne: true)
    }
    directories = [:]
    for number in stride(from: free - 1, through: generation, by: -1) {
      guard let next = try directory(number + 1, parts.dropLast(), makes: true),
        let here = try directory(number, parts.dropLast(), makes: false)
      else { throw SystemError(ENOENT) }
      try checked(cl_put(here.number, name.bytes, next.number, name.bytes))
    }
    directories = [:]
  }

  private func holds(_ generation: Int, _ parts: ArraySlice<Name>) throws(SystemError) -> Bool {
    guard let name = parts.last,
      let directory = try directory(generation, parts.dropLast(), makes: false)
    else { return false }
    return try sighting(directory, name) != nil
  }

  private func drop(
    _ parts: ArraySlice<Name>, from generation: Int, onlyOne: Bool = false
  ) throws(SystemError) {
    guard let name = parts.last else { return }
    var number = generation
    while let directory = try directory(number, parts.dropLast(), makes: false),
      try sighting(directory, name) != nil
    {
      try removeTree(name, in: directory)
      if onlyOne { break }
      number += 1
    }
    directories = [:]
  }

  // MARK: Directories

  /// The directory of a generation that holds copies from a directory of this host's disk.
  ///
  /// - Parameter makes: Make it if it is missing; a copy of a file that stands in the way becomes
  ///   older. Otherwise nil is returned then.
  private func directory(
    _ generation: Int, _ parts: ArraySlice<Name>, makes: Bool
  ) throws(SystemError) -> Descriptor? {
    let key = Array("\(generation)/".utf8) + parts.flatMap(\.bytes)
    if let known = directories[key] { return known }
    let top = Name("\(generation)")
    var entered = try enter(top, of: base)
    if entered == nil, makes { entered = try Self.make(top, in: base) }
    guard var current = entered else { return nil }
    for (count, name) in parts.enumerated() {
      if let next = try enter(name, of: current) {
        current = next
        continue
      }
      guard makes else { return nil }
      try shift(parts.prefix(count + 1), from: generation)
      current = try Self.make(name, in: current)
    }
    if directories.count > 128 { directories = [:] }
    directories[key] = current
    return current
  }

  private static func make(_ name: Name, in directory: Descriptor) throws(SystemError) -> Descriptor
  {
    let made = cl_make_directory(directory.number, name.bytes)
    if made != -EEXIST { try checked(made) }
    return try Descriptor(cl_open_directory(directory.number, name.bytes))
  }
}

/// Opens a directory by its name; nil if there is none, or something else.
func enter(_ name: Name, of directory: Descriptor) throws(SystemError) -> Descriptor? {
  let opened = cl_open_directory(directory.number, name.bytes)
  if [-ENOENT, -ENOTDIR, -ELOOP].contains(opened) { return nil }
  return try Descriptor(opened)
}

/// Removes whatever has the name, with all that is below it.
func removeTree(_ name: Name, in directory: Descriptor) throws(SystemError) {
  if let inner = try enter(name, of: directory) {
    for item in try listing(inner) { try removeTree(Name(item.name), in: inner) }
    try checked(cl_remove_directory(directory.number, name.bytes))
  } else {
    let removed = cl_remove(directory.number, name.bytes)
    if removed != -ENOENT { try checked(removed) }
  }
}
