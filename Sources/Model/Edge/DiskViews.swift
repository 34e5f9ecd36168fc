import CLinux
import Glibc
package import Model

extension LinuxDisk {
  package func makeView(of items: [PreparedInstallation]) throws(DiskTrouble) -> DiskView {
    tree.forget()
    var trees: [[UInt8]: ViewTree] = [:]
    do throws(DiskTrouble) {
      let places = try viewPlaces(items)
      for (item, place) in zip(items, places) {
        let view = try viewTree(place, item.installation.path, &trees)
        guard let pending = pending(item) else { throw DiskTrouble.vanished }
        try reporting { () throws(SystemError) in try show(pending, place.parts, in: view) }
      }
      let layers = try reporting { () throws(SystemError) in
        try trees.values.map { tree throws(SystemError) in try tree.layer() }
      }
      lastView += 1
      views[lastView] = Array(trees.values)
      return DiskView(layers: layers.sorted { $0.base.count < $1.base.count }, number: lastView)
    } catch {
      for tree in trees.values { tree.remove() }
      throw error
    }
  }

  package func drop(_ view: DiskView) {
    for tree in views.removeValue(forKey: view.number) ?? [] { tree.remove() }
  }

  package func localPath(of path: TreePath) -> [UInt8] {
    guard let parts = try? localParts(of: path) else { return path.text }
    return parts.reduce(into: []) { $0 += [UInt8(ascii: "/")] + $1.bytes.dropLast() }
  }

  // MARK: Where to show it

  /// A directory that will be covered, and the way from there.
  private struct ViewPlace {
    var base: OpenDirectory
    var basePath: [UInt8]
    var parts: [Name]
  }

  private func viewPlaces(
    _ items: [PreparedInstallation]
  ) throws(DiskTrouble) -> [ViewPlace] {
    var places: [ViewPlace] = []
    for item in items { places.append(try viewPlace(item)) }
    // One directory within another is covered with it: an overlay shows no mounts below it.
    let bases = Dictionary(places.map { ($0.basePath, $0.base) }) { first, _ in first }
    let slash = UInt8(ascii: "/")
    return places.map { place in
      let above = bases.keys.filter { path in
        path.count < place.basePath.count && place.basePath.starts(with: path)
          && (path.last == slash || place.basePath[path.count] == slash)
      }.min { $0.count < $1.count }
      guard let above, let base = bases[above] else { return place }
      let between = place.basePath.dropFirst(above.count).split(separator: slash)
      return ViewPlace(
        base: base, basePath: above, parts: between.map { Name($0) } + place.parts)
    }
  }

  private func viewPlace(_ item: PreparedInstallation) throws(DiskTrouble) -> ViewPlace {
    let path = item.installation.path
    let root = try tree.root(of: path)
    let parts = (path.components(below: root.anchor) ?? []).map { Name($0) }
    let isInPlace = pending(item)?.token.move == .change
    if !parts.isEmpty || isInPlace, let open = try? root.open() {
      return ViewPlace(base: open, basePath: root.localPath, parts: parts)
    }
    let parent = root.parentPath.isEmpty ? [UInt8(ascii: "/")] : root.parentPath
    return ViewPlace(base: try root.parent(), basePath: parent, parts: [root.name] + parts)
  }

  private func viewTree(
    _ place: ViewPlace, _ path: TreePath, _ trees: inout [[UInt8]: ViewTree]
  ) throws(DiskTrouble) -> ViewTree {
    if let known = trees[place.basePath] { return known }
    let area = try staging.area(for: place.base, path: place.basePath)
    let made = try reporting { () throws(SystemError) in
      try ViewTree(over: place.base, place.basePath, in: area, staging.freshViewName())
    }
    trees[place.basePath] = made
    return made
  }

  // MARK: What to show

  private func show(
    _ item: Pending, _ parts: [Name], in view: ViewTree
  ) throws(SystemError) {
    guard let name = parts.last else {
      // The base itself: only its attributes can change here.
      return try change(item, view.top)
    }
    guard let directory = try view.directory(parts.dropLast()) else { return }
    switch item.token.move {
    case .none: return
    case .remove, .removeDirectory:
      try removeTree(name, in: directory)
      try checked(cl_make_whiteout(directory.number, name.bytes))
    case .create, .replace:
      try removeTree(name, in: directory)
      try showNew(item, name, in: directory)
    case .change: try showChanged(item, parts, in: view, directory)
    }
  }

  private func showNew(
    _ item: Pending, _ name: Name, in directory: Descriptor
  ) throws(SystemError) {
    guard let area = item.area, let fresh = item.token.fresh else { throw SystemError(ENOENT) }
    if fresh.kind == .directory {
      let staged = try Descriptor(cl_open_path(area.number, item.name.bytes))
      try checked(cl_make_directory(directory.number, name.bytes))
      return try dress(
        Descriptor(cl_open_directory(directory.number, name.bytes)), like: staged)
    }
    if let file = item.file {
      // Its second name will be taken away again, and then it could not get another one.
      try checked(cl_name(file.number, area.number, item.name.bytes))
      item.file = nil
      item.isStaged = true
    }
    try checked(cl_link(area.number, item.name.bytes, directory.number, name.bytes))
  }

  private func showChanged(
    _ item: Pending, _ parts: [Name], in view: ViewTree, _ directory: Descriptor
  ) throws(SystemError) {
    guard let name = parts.last, let expected = item.token.expected else { return }
    switch expected.kind {
    case .directory:
      guard let shown = try view.directory(parts[...]) else { return }
      try change(item, shown)
    case .fifo:
      try checked(cl_make_fifo(directory.number, name.bytes))
      try change(item, Descriptor(cl_open_path(directory.number, name.bytes)))
    default:
      let way = parts.map { $0.bytes.dropLast() }.joined(separator: [UInt8(ascii: "/")])
      let real = try Descriptor(cl_open_below(view.base.descriptor.number, Name(Array(way)).bytes))
      guard try Sighting(real).stat.isStill(expected) else { throw SystemError(EAGAIN) }
      let copied = try Descriptor(cl_create(directory.number, name.bytes))
      try copy(Descriptor(cl_reopen(real.number)), to: copied, size: expected.size)
      try change(item, copied)
      let time = item.token.change?.modified ?? expected.modified
      try checked(cl_set_modified(copied.number, time.seconds, time.nanoseconds))
    }
  }

  private func change(_ item: Pending, _ object: Descriptor) throws(SystemError) {
    guard let change = item.token.change else { return }
    cl_remove_attribute(object.number, AccessBlob.accessName)
    try dress(object, change.uid, change.gid, change.mode, change.access)
  }
}
