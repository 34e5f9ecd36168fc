package struct Group: Sendable { package var name: String }
package struct Selection: Sendable {
  package var anchors: [TreePath]; package func includes(_ p: TreePath) -> Bool { true };
  package func descends(into p: TreePath) -> Bool { true }
}
