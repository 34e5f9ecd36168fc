// The order of twins: any total order will do, as long as every host has the same and two values
// that differ never stand side by side as equals. What a value looks like on a screen is no order:
// the superuser's number and a user named `root` read alike.

extension Content {
  package func precedes(_ other: Content) -> Bool {
    switch (self, other) {
    case (.file(let left), .file(let right)): left.precedes(right)
    case (.symlink(let left), .symlink(let right)): left.lexicographicallyPrecedes(right)
    case (.device(let left), .device(let right)): left.precedes(right)
    default: rank < other.rank
    }
  }

  private var rank: Int {
    switch self {
    case .absent: 0
    case .file: 1
    case .directory: 2
    case .symlink: 3
    case .fifo: 4
    case .device: 5
    }
  }
}

extension FileContent {
  fileprivate func precedes(_ other: FileContent) -> Bool {
    if digest != other.digest { return digest < other.digest }
    if size != other.size { return size < other.size }
    if modified != other.modified { return modified < other.modified }
    return !isBirth && other.isBirth
  }
}

extension Mode {
  package func precedes(_ other: Mode) -> Bool { bits < other.bits }
}

extension Owner {
  package func precedes(_ other: Owner) -> Bool {
    user != other.user ? user < other.user : group < other.group
  }
}

extension AccessList {
  package func precedes(_ other: AccessList) -> Bool {
    access != other.access
      ? access.lexicographicallyPrecedes(other.access)
      : inherited.lexicographicallyPrecedes(other.inherited)
  }
}
