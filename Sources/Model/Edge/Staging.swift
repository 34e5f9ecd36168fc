import CLinux
import Glibc
import Model
import Synchronization

/// The runs of this process whose names in staging must stay when dead runs' names are removed.
private let livingRuns = Mutex<Set<[UInt8]>>([])

/// The staging areas of one disk: in the state directory if that is on the same mount as the place
/// to be served, else a hidden directory in the root itself.
final class Staging {
  private static let hiddenPrefix = Array(".concord-".utf8)

  private let stateArea: StagingArea
  private let list: StagingList
  private let run: [UInt8]
  private var areas: [StagingArea]
  private var counter: UInt64 = 0

  init(stateDirectory: [UInt8]) throws(DiskTrouble) {
    let state = try openOperatorDirectory(stateDirectory)
    let open = try reporting { () throws(SystemError) in
      let name = Name("staging")
      let result = cl_make_directory(state.descriptor.number, name.bytes)
      if result != -EEXIST { try checked(result) }
      return try OpenDirectory(Descriptor(cl_open_directory(state.descriptor.number, name.bytes)))
    }
    let seen = try reporting { () throws(SystemError) in try Sighting(open.descriptor).stat }
    guard seen.uid == cl_user(), seen.mode & 0o077 == 0 else {
      throw .refused("\(escaped(stateDirectory))/staging can be entered by others")
    }
    stateArea = StagingArea(open, label: [], holder: nil)
    list = StagingList(in: state)
    run = Array(hexadecimal(randomBytes(8)).utf8)
    areas = [stateArea]
    livingRuns.withLock { [run] in _ = $0.insert(run) }
  }

  deinit {
    removeEmptyAreas()
    livingRuns.withLock { [run] in _ = $0.remove(run) }
  }

  /// At the end of the names of trees that are only looked at.
  private static let viewSuffix = Array("-view".utf8)

  /// A name for a tree that is only looked at: of a run that is over it goes with all in it.
  func freshViewName() -> Name { Name(freshName().bytes.dropLast() + Self.viewSuffix) }

  /// A name that nothing in staging has or had.
  func freshName() -> Name {
    counter += 1
    return Name(run + Array("-\(counter)".utf8))
  }

  /// The area for places in the mount of `holder`, a directory at `path` of this host.
  func area(for holder: OpenDirectory, path: [UInt8]) throws(DiskTrouble) -> StagingArea {
    let fitting = areas.first {
      $0.lost == nil && $0.directory.mount == holder.mount && $0.directory.device == holder.device
    }
    if let fitting { return fitting }
    let isState =
      stateArea.directory.mount == holder.mount && stateArea.directory.device == holder.device
    let area = isState ? try reopenState() : try makeHidden(in: holder, path: path)
    areas.append(area)
    return area
  }

  /// The area that a token of an earlier run names; nil if it is not there any more.
  func area(labelled label: [UInt8]) -> StagingArea? {
    if let known = areas.first(where: { $0.label == label }) { return known }
    guard let path = list.paths().first(where: { $0.suffix(label.count).elementsEqual(label) })
    else { return nil }
    return openHidden(path)
  }

  /// Whether a directory's entry is a staging area of ours, of this run or of another.
  func hides(_ item: DirectoryItem) -> Bool {
    guard item.name.starts(with: Self.hiddenPrefix), item.stat.kind == .directory,
      item.stat.uid == cl_user(), item.stat.mode & 0o077 == 0
    else { return false }
    return list.labels().contains(item.name)
  }

  /// The areas that this disk has used, and none that others left.
  var used: [StagingArea] { areas }

  /// Removes areas in users' trees that nothing stands in.
  func removeEmptyAreas() {
    for area in areas where area.isFree { remove(area) }
  }

  /// Removes everything that runs which are over have left.
  func clear() {
    let living = livingRuns.withLock { $0 }
    for path in [[]] + list.paths() {
      guard let area = path.isEmpty ? stateArea : openHidden(path) else {
        list.remove(path)
        continue
      }
      let left = (try? listing(area.directory.descriptor)) ?? []
      for item in left where !living.contains(Array(item.name.prefix(run.count))) {
        if PartName.isFresh(item) { continue }
        if item.name.suffix(Self.viewSuffix.count).elementsEqual(Self.viewSuffix) {
          try? removeTree(Name(item.name), in: area.directory.descriptor)
        } else {
          area.discard(Name(item.name))
        }
      }
      if !areas.contains(where: { $0.label == area.label }) { remove(area, path: path) }
    }
  }

  private func reopenState() throws(DiskTrouble) -> StagingArea {
    // After a failed write-back: errors are told once a descriptor, so a new one it must be.
    let open = try reporting { () throws(SystemError) in
      let number = cl_open_directory(stateArea.number, Name(".").bytes)
      return try OpenDirectory(Descriptor(number))
    }
    return StagingArea(open, label: [], holder: nil)
  }

  private func makeHidden(
    in holder: OpenDirectory, path: [UInt8]
  ) throws(DiskTrouble) -> StagingArea {
    let label = Self.hiddenPrefix + Array(hexadecimal(randomBytes(8)).utf8)
    // The name is on disk before the directory: a scan never meets one that it does not know.
    try reporting { () throws(SystemError) in
      try list.add(path + [UInt8(ascii: "/")] + label)
    }
    return try reporting { () throws(SystemError) in
      let name = Name(label)
      try checked(cl_make_directory(holder.descriptor.number, name.bytes))
      let number = cl_open_directory(holder.descriptor.number, name.bytes)
      let descriptor = try Descriptor(number)
      // A root may give new directories its group and its default list.
      for list in [AccessBlob.inheritedName, AccessBlob.accessName] {
        let result = cl_remove_attribute(descriptor.number, list)
        if result != -ENODATA, result != -EOPNOTSUPP { try checked(result) }
      }
      try checked(cl_set_owner(descriptor.number, cl_user(), cl_group()))
      try checked(cl_set_mode(descriptor.number, 0o700))
      return StagingArea(try OpenDirectory(descriptor), label: label, holder: holder)
    }
  }

  private func openHidden(_ path: [UInt8]) -> StagingArea? {
    let cut = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
    let label = Array(path[(cut + 1)...])
    guard let holder = try? openOperatorDirectory(Array(path[..<cut])),
      let number = try? Descriptor(
        cl_open_directory(holder.descriptor.number, Name(label).bytes)),
      let directory = try? OpenDirectory(number),
      let seen = try? Sighting(number).stat, seen.uid == cl_user(), seen.mode & 0o077 == 0
    else { return nil }
    return StagingArea(directory, label: label, holder: holder)
  }

  private func remove(_ area: StagingArea, path: [UInt8]? = nil) {
    guard let holder = area.holder,
      cl_remove_directory(holder.descriptor.number, Name(area.label).bytes) == 0
    else { return }
    areas.removeAll { $0 === area }
    let known = path ?? list.paths().first { $0.suffix(area.label.count).elementsEqual(area.label) }
    if let known { list.remove(known) }
  }
}
