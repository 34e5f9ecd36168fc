import CLinux
import Glibc
package import Model

/// What the disk's numbers mean: owners and access lists with names.
extension LinuxDisk {
  func owner(_ stat: FileStat) throws(DiskTrouble) -> Owner {
    do {
      return Owner(
        user: try names.principal(stat.uid, .user), group: try names.principal(stat.gid, .group),
        numbers: Owner.Numbers(user: stat.uid, group: stat.gid))
    } catch {
      throw .refused("names of user \(stat.uid), group \(stat.gid): \(error.reason)")
    }
  }

  /// The access list of an open object, through a descriptor of any kind.
  func accessList(_ object: Descriptor, isDirectory: Bool) throws(DiskTrouble) -> AccessList {
    let access = try blob(of: object, AccessBlob.accessName)
    let inherited = isDirectory ? try blob(of: object, AccessBlob.inheritedName) : nil
    do {
      return AccessList(
        access: try access?.recorded(names) ?? [], inherited: try inherited?.whole(names) ?? [])
    } catch {
      throw .refused("names in the access list: \(error.reason)")
    }
  }

  private func blob(of object: Descriptor, _ name: String) throws(DiskTrouble) -> AccessBlob? {
    var count = 1_024
    while true {
      var buffer = [UInt8](repeating: 0, count: count)
      let got = cl_get_attribute(object.number, name, &buffer, count)
      switch got {
      case -Int(ENODATA), -Int(EOPNOTSUPP): return nil
      // The largest extended attribute has 64 KiB.
      case -Int(ERANGE) where count < 65_536: count = 65_536
      case ..<0: throw SystemError(Int32(-got)).trouble
      default:
        guard let blob = AccessBlob(Array(buffer.prefix(got))) else {
          throw .refused("its access list is of an unknown form")
        }
        return blob
      }
    }
  }
}

/// What desired attributes come to.
extension LinuxDisk {
  package func foresee(
    _ attributes: Attributes, at path: TreePath, isSymlink: Bool, taking: Taking
  ) -> (applied: Attributes, held: [Held]) {
    let present = try? stat(path)
    let kind = isSymlink ? FileStat.Kind.symlink : present?.kind ?? .file
    do {
      let plan = try plan(
        attributes, at: path, kind: kind, present: present, replaced: present, taking)
      return (plan.applied, plan.held)
    } catch {
      return (attributes, [Held(.owner, error.reason)])
    }
  }

  /// - Parameter replaced: What is at the path now: what is ignored stays as it is there.
  func plan(
    _ desired: Attributes, at path: TreePath, kind: FileStat.Kind, present: FileStat?,
    replaced: FileStat?, _ taking: Taking
  ) throws(DiskTrouble) -> AttributePlan {
    var planner = AttributePlanner(
      names: names, kind: kind, present: present, keepsLists: try keepsLists(at: path),
      taking: taking)
    if let replaced, !taking.ignored.isEmpty {
      planner.former = try former(of: path, replaced, kind, taking)
      // What others wrote never runs with the rights that a file had here.
      if present == nil, kind == .file, !taking.setID, let mode = planner.former?.mode {
        planner.former?.mode = mode & ~0o6000
      }
    }
    do {
      return try planner.plan(desired)
    } catch {
      throw .refused("users and groups were not looked up: \(error.reason)")
    }
  }

  private func former(
    of path: TreePath, _ stat: FileStat, _ kind: FileStat.Kind, _ taking: Taking
  ) throws(DiskTrouble) -> AttributePlanner.Former {
    var former = AttributePlanner.Former(
      uid: stat.uid, gid: stat.gid, mode: nil, access: nil, inherited: nil)
    guard stat.kind == kind, kind != .symlink, taking.ignored.contains(.mod) else { return former }
    former.mode = stat.mode
    let place = try tree.place(path)
    let object = try reporting { () throws(SystemError) in
      try Descriptor(cl_open_path(place.directory.descriptor.number, place.name.bytes))
    }
    former.access = try blob(of: object, AccessBlob.accessName)
    if kind == .directory { former.inherited = try blob(of: object, AccessBlob.inheritedName) }
    return former
  }

  /// Whether the file system of a path keeps access lists.
  private func keepsLists(at path: TreePath) throws(DiskTrouble) -> Bool {
    let directory = try tree.top(for: path).directory
    if let known = listSupport[directory.mount] { return known }
    let answer = cl_get_attribute(
      directory.descriptor.number, AccessBlob.accessName, nil, 0)
    let keeps = answer >= 0 || answer == -Int(ENODATA)
    listSupport[directory.mount] = keeps
    return keeps
  }
}
