/// What prepared installations come to, shown to a program as if they were done.
package struct DiskView: Hashable, Sendable {
  /// What the program is started with.
  package var layers: [Program.View]
  /// Tells one view of a disk from another.
  package var number: UInt64

  package init(layers: [Program.View], number: UInt64) {
    self.layers = layers
    self.number = number
  }
}

/// Changes that can be looked at before they are made.
package protocol Views: AnyObject {
  /// Puts prepared installations beside the tree in such a way that a program can be shown the tree
  /// as it will be. Nothing of the tree changes, and nobody else sees anything.
  ///
  /// - Parameter items: In the order in which they will be installed.
  func makeView(of items: [PreparedInstallation]) throws(DiskTrouble) -> DiskView
  /// Before anything of it is installed.
  func drop(_ view: DiskView)

  /// Where the path is on this host: absolute.
  func localPath(of path: TreePath) -> [UInt8]
}
