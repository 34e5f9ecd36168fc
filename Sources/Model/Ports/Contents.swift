/// How keeping a content ended.
package enum KeepResult: Hashable, Sendable {
  case kept
  /// All that may be kept is taken.
  case noRoom
  /// The bytes are not those of the digest: nothing was kept.
  case differs
}

/// Contents that are kept beside the tree, each under its digest: the versions of conflicts, and
/// former contents that merges start from.
///
/// A *tie* says which path a content is kept for. Contents are durable before the transaction that
/// needs them ends; they stand in a file of their own and may be lost without harm to the rest.
package protocol ContentStore: AnyObject {
  func hasContent(_ digest: Digest) throws(Failure) -> Bool
  /// The whole content; nil if it is not here, is damaged (it is dropped then), or is longer than
  /// `limit` bytes.
  func content(_ digest: Digest, limit: UInt64) throws(Failure) -> [UInt8]?
  /// Reads a content: whether it is here and whole. A damaged one is dropped, and asked for again.
  func proveContent(_ digest: Digest) throws(Failure) -> Bool
  /// Part `number`, counted from 0, of a content: `contentPartBytes` each, the last one shorter;
  /// nil behind the last, or if it is not here.
  func contentPart(_ digest: Digest, _ number: UInt64) throws(Failure) -> [UInt8]?
  /// Keeps a content that `next` gives piece by piece, empty at the end. What is here already is
  /// not read.
  ///
  /// - Parameter room: What all contents together may take, in bytes on this disk.
  func keepContent(
    _ digest: Digest, room: UInt64, _ next: () throws(Failure) -> [UInt8]
  ) throws(Failure) -> KeepResult
  /// Runs `body`, in which contents are kept, and makes them durable at once.
  func keepTogether(_ body: () throws(Failure) -> Void) throws(Failure)
  func dropContent(_ digest: Digest) throws(Failure)
  /// How many contents there are, and what they take, in bytes on this disk.
  func contentsHeld() throws(Failure) -> (count: Int, bytes: UInt64)

  func tie(_ digest: Digest, _ group: String, _ path: TreePath) throws(Failure)
  func untie(_ digest: Digest, _ group: String, _ path: TreePath) throws(Failure)
  func isTied(_ digest: Digest, _ group: String, _ path: TreePath) throws(Failure) -> Bool
  /// Whether the content is kept for any path.
  func isTied(_ digest: Digest) throws(Failure) -> Bool
  func tieCount(_ group: String) throws(Failure) -> Int
  /// In path order, at most `limit`, those of paths after `after`; a path's ties are never parted.
  func ties(_ group: String, after: TreePath?, limit: Int) throws(Failure) -> [ContentTie]
}

/// A content that is kept for a path.
package struct ContentTie: Hashable, Sendable {
  package var path: TreePath
  package var digest: Digest

  package init(path: TreePath, digest: Digest) {
    self.path = path
    self.digest = digest
  }
}

/// The length of all parts of a kept content but the last, in bytes.
package let contentPartBytes = 256 << 10

extension ContentStore {
  /// Notes that what a path showed is shown there no more: if it is kept, it is kept for the path.
  package func noteReplaced(_ old: Entry?, _ new: Entry, _ group: String) throws(Failure) {
    guard case .file(let former)? = old?.shown.content.value else { return }
    if case .file(let now) = new.shown.content.value, now.digest == former.digest { return }
    if try hasContent(former.digest) { try tie(former.digest, group, new.path) }
  }
}
