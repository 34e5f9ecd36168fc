extension DiskTrouble {
  /// Why, in words.
  package var reason: String {
    switch self {
    case .vanished: "it is not there any more"
    case .busy: "it changes while it is read"
    case .notConfined: "a directory on the way is a symbolic link or leads out of the root"
    case .otherFileSystem: "it is on another file system than its root"
    case .rootUnavailable(let reason): "the root cannot be opened: \(reason)"
    case .refused(let reason): reason
    case .full(let reason): reason
    }
  }

  /// What to do next; empty if the next run will do it.
  package var remedy: String {
    switch self {
    case .vanished, .busy: "the next run looks again"
    case .notConfined: "replace the link by a directory, or exclude it"
    case .otherFileSystem: "include it as a root of its own, or exclude it"
    case .rootUnavailable: "make it reachable and run again"
    case .refused: ""
    case .full: "make room and run again"
    }
  }
}
