import Glibc
import Model
import ModelEdge
import Transport
import TransportEdge

// The kernel, the configuration, keys, the state directory.
extension Doctor {
  static func kernel(_ settings: Settings) -> [Diagnosis] {
    var out: [Diagnosis] = []
    if let reason = Probe.safeOpening() {
      out.append(
        .fail(
          "kernel", "openat2 cannot be used: \(reason)",
          "use Linux 5.6 or newer, and no filter that forbids openat2"))
    } else {
      out.append(.ok("kernel", "opens paths without following links"))
    }
    return out
  }

  func configuration() -> [Diagnosis] {
    let file = escaped(settings.configFile)
    let names = node.sessionGroups.map { escaped($0.name) }.joined(separator: ", ")
    return [.ok("configuration", "\(file): this host is \(escaped(node.name)), in \(names)")]
  }

  func keys() -> [Diagnosis] {
    node.sessionGroups.map { group in
      let what = "key of \(escaped(group.name))"
      if let broken = node.brokenGroups[group.name] { return .fail(what, broken) }
      let file = Node.keyFile(group.group, settings)
      // The daemon has read the file when it began: it may have changed since.
      do throws(Failure) { _ = try readGroupKey(file: file) } catch { return .fail(what, error) }
      return .ok(what, escaped(file))
    }
  }

  func identity() -> [Diagnosis] {
    let file = settings.stateDirectory + "/identity"
    var status = stat()
    guard lstat(file, &status) == 0 else {
      return [
        .fail(
          "identity", "\(escaped(file)): \(String(cString: strerror(errno)))",
          "put it back; with a new one each peer must run concord host accept")
      ]
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
      return [
        .fail("identity", "\(escaped(file)): others have access", "chmod 600 \(escaped(file))")
      ]
    }
    return [.ok("identity", node.identity.fingerprint)]
  }

  static func stateDirectory(_ settings: Settings) -> [Diagnosis] {
    let (place, path) = (escaped(settings.stateDirectory), Array(settings.stateDirectory.utf8))
    var status = stat()
    guard lstat(settings.stateDirectory, &status) == 0 else {
      return [.fail("state", "\(place): \(String(cString: strerror(errno)))", "make it, mode 0700")]
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      return [.fail("state", "\(place): it is no directory", "name the directory itself")]
    }
    guard status.st_mode & 0o077 == 0 else {
      return [.fail("state", "\(place): others have access", "chmod 700 \(place)")]
    }
    guard status.st_uid == geteuid() else {
      return [
        .fail("state", "\(place): it belongs to user #\(status.st_uid)", "run as its owner")
      ]
    }
    var out = [room("state", place, path)]
    let lacks = [
      ("files without a name", Probe.unnamedFiles(in: path)),
      ("exchanging two names", Probe.exchange(in: path)),
    ]
    for (what, reason) in lacks {
      guard let reason else { continue }
      out.append(
        .warn(
          "state", "\(place): no \(what): \(reason)",
          "use a file system such as ext4, XFS, Btrfs or tmpfs"))
    }
    return out
  }

  static func room(_ what: String, _ place: String, _ path: [UInt8]) -> Diagnosis {
    guard let (free, all) = Probe.room(path) else { return .ok(what, place) }
    let detail = "\(place): \(byteText(free)) free of \(byteText(all))"
    if free < min(all / 64, 64 << 20) {
      return .fail(what, detail, "free space or inodes on its file system")
    }
    return .ok(what, detail)
  }

  func machine() -> [Diagnosis] {
    Machine.hasIdentity
      ? [.ok("machine", "the state is bound to this machine")]
      : [
        .warn(
          "machine", "/etc/machine-id cannot be used: a copied state is not noticed at once",
          "make one with systemd-machine-id-setup")
      ]
  }
}
