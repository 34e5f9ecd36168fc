import Model
import ModelEdge

// The directories that are synced.
extension Doctor {
  func roots() throws(Failure) -> [Diagnosis] {
    let disk = try node.disk()
    let state = try node.real.with { store throws(Failure) in try store.replicaState() }
    let device = Probe.device(Array(settings.stateDirectory.utf8))
    var out: [Diagnosis] = []
    for root in node.roots {
      let place = escaped(root.localPath)
      switch disk.rootState(root.anchor) {
      case .present(let stat):
        out += present(root, place, stat, state, device)
      case .missing:
        out.append(.fail("root", "\(place): it is not there", "make it or mount it"))
      case .unavailable(let reason):
        out.append(.fail("root", "\(place): \(reason)", "make it or mount it"))
      }
    }
    return out
  }

  private func present(
    _ root: Root, _ place: String, _ stat: FileStat, _ state: ReplicaState, _ device: UInt64?
  ) -> [Diagnosis] {
    var out = [Self.room("root", place, stat.kind == .directory ? root.localPath : [])]
    guard stat.kind == .directory else { return out }
    if let seen = RootWitness.last(of: state.replica, at: root.localPath), seen > state.last {
      out.append(
        .fail(
          "root", "\(place): its mark knows of change \(seen), the database of \(state.last)",
          "end the daemon and run concord sync: a new identity is taken"))
    } else if !Probe.keepsMarks(root.localPath) {
      out.append(
        .warn(
          "root", "\(place): it cannot keep the mark that tells a restored state",
          "run as root on a file system with extended attributes; peers notice otherwise"))
    }
    if !Probe.keepsAccessLists(root.localPath) {
      out.append(
        .warn(
          "root", "\(place): no access lists: those of others are held here",
          "mount its file system with acl"))
    }
    if device != stat.device {
      // What the state directory can do was tried; nothing is tried in the users' own trees.
      if let reason = Probe.unnamedFiles(in: root.localPath) {
        out.append(
          .warn(
            "root", "\(place): no files without a name: \(reason)",
            "nothing: files are staged under hidden names instead"))
      }
    }
    return out
  }
}
