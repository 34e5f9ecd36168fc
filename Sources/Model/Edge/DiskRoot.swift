import CLinux
import Glibc
import Model

/// One root, with a descriptor of the directory that its object stands in.
final class OpenRoot {
  let anchor: TreePath
  /// The directory that holds the object, and the object's name there.
  let parentPath: [UInt8]
  let name: Name
  let localPath: [UInt8]
  private var openParent: OpenDirectory?

  init(_ root: Root) {
    anchor = root.anchor
    localPath = root.localPath
    let parts = root.localPath.split(separator: UInt8(ascii: "/"))
    name = parts.last.map { Name($0) } ?? Name(".")
    parentPath = Array(parts.dropLast().map { [UInt8(ascii: "/")] + $0 }.joined())
  }

  /// The directory that holds the root's object. Resolved once, until `reset`.
  func parent() throws(DiskTrouble) -> OpenDirectory {
    if let openParent { return openParent }
    let opened = try openOperatorDirectory(parentPath)
    openParent = opened
    return opened
  }

  /// Resolves the parent anew next time: something may have been mounted meanwhile.
  func reset() { openParent = nil }

  /// The root's object as a directory. It may be a mount point; what is below it may not.
  func open() throws(DiskTrouble) -> OpenDirectory {
    let parent = try parent()
    do {
      let number = cl_open_beneath(parent.descriptor.number, name.bytes, 0)
      return try OpenDirectory(Descriptor(number))
    } catch {
      switch error.code {
      case ELOOP: throw .notConfined
      case ENOTDIR: throw .vanished
      default: throw .rootUnavailable("\(escaped(localPath)): \(error.reason)")
      }
    }
  }

  /// The way from the root's object to a directory below it, in pieces that the kernel takes.
  func parts(of directory: TreePath) -> [Name] {
    var parts: [Name] = []
    var piece: [UInt8] = []
    for component in directory.components(below: anchor) ?? [] {
      // PATH_MAX is 4096 with the 0.
      if piece.count + component.count > 4_000 {
        parts.append(Name(piece))
        piece = []
      }
      if !piece.isEmpty { piece.append(UInt8(ascii: "/")) }
      piece += component
    }
    return piece.isEmpty ? parts : parts + [Name(piece)]
  }
}

/// Opens a directory whose path the operator wrote. Symbolic links on the way are followed only if
/// root (or the user that runs this) owns them: nobody else may choose where we work.
func openOperatorDirectory(_ path: [UInt8]) throws(DiskTrouble) -> OpenDirectory {
  do {
    return try walk(path)
  } catch let error as SystemError {
    throw .rootUnavailable("\(escaped(path)): \(error.reason)")
  } catch let error as ForeignLink {
    let text = "\(escaped(path)): the link \(escaped(error.name)) belongs to user \(error.uid)"
    throw .rootUnavailable(text)
  } catch {
    throw .rootUnavailable(escaped(path))
  }
}

private struct ForeignLink: Error {
  var name: [UInt8]
  var uid: UInt32
}

private func walk(_ path: [UInt8]) throws -> OpenDirectory {
  let slash = UInt8(ascii: "/")
  var ahead = Array(path.split(separator: slash).map(Array.init).reversed())
  var current = try Descriptor(cl_open_root())
  var links = 0
  while let name = ahead.popLast() {
    let next = try Descriptor(cl_open_path(current.number, Name(name).bytes))
    let seen = try Sighting(next).stat
    guard seen.kind == .symlink else {
      guard seen.kind == .directory else { throw SystemError(ENOTDIR) }
      current = next
      continue
    }
    guard seen.uid == 0 || seen.uid == cl_user() else {
      throw ForeignLink(name: name, uid: seen.uid)
    }
    links += 1
    guard links <= 40 else { throw SystemError(ELOOP) }
    let text = try linkText(next)
    if text.first == slash { current = try Descriptor(cl_open_root()) }
    ahead += text.split(separator: slash).map(Array.init).reversed()
  }
  return try OpenDirectory(Descriptor(cl_open_directory(current.number, Name(".").bytes)))
}

/// The text of an open symbolic link, byte for byte.
func linkText(_ link: Descriptor) throws(SystemError) -> [UInt8] {
  var buffer = [UInt8](repeating: 0, count: 4_096)
  let count = try checked(cl_read_link(link.number, &buffer, buffer.count))
  return Array(buffer.prefix(count))
}

/// The paths below roots under which directories of this host's disk are met there, by the names
/// that the operator wrote and by those that the kernel knows.
func closedPaths(_ directories: [[UInt8]], below roots: [Root]) -> Set<TreePath> {
  var found: Set<TreePath> = []
  let slash = UInt8(ascii: "/")
  for directory in Set(directories.flatMap { [$0, kernelPath($0)] }) {
    for root in roots {
      for local in [root.localPath, kernelPath(root.localPath)] {
        let (all, above) = (directory.split(separator: slash), local.split(separator: slash))
        guard all.starts(with: above) else { continue }
        var path: TreePath? = root.anchor
        for part in all.dropFirst(above.count) { path = path?.child(part) }
        if let path { found.insert(path) }
      }
    }
  }
  return found
}

/// Without symbolic links; as it is given if it cannot be opened.
private func kernelPath(_ path: [UInt8]) -> [UInt8] {
  guard let open = try? openOperatorDirectory(path) else { return path }
  var bytes = [UInt8](repeating: 0, count: 4_096)
  let count = cl_path_of(open.descriptor.number, &bytes, bytes.count)
  return count > 0 && count < bytes.count ? Array(bytes.prefix(count)) : path
}
