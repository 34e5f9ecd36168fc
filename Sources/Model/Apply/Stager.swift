/// Makes a staged file of a content that this host has already.
package enum Stager {
  /// From the store of kept contents, or from another path that shows it.
  ///
  /// - Returns: Nil if this host does not have it, or cannot stage it now.
  package static func stage(
    _ file: FileContent, for path: TreePath, group: String, store: any Store, disk: any Disk
  ) throws(Failure) -> StagedContent? {
    if let kept = try stageKept(file, for: path, store: store, disk: disk) { return kept }
    guard let source = try store.entryShowing(file.digest, group) else { return nil }
    return stage(file, for: path, from: source.path, disk: disk)
  }

  /// From a path of this disk.
  ///
  /// - Parameter source: Nil for an empty file.
  package static func stage(
    _ file: FileContent, for path: TreePath, from source: TreePath?, disk: any Disk
  ) -> StagedContent? {
    let stat = source.flatMap { try? disk.stat($0) }
    if source != nil, stat?.size != file.size { return nil }
    return stage(file, for: path, disk: disk) { offset in
      guard let source, let stat else { return nil }
      return try? disk.read(source, stat: stat, offset: offset, count: 1 << 20)
    }
  }

  /// From the store of kept contents. One that turns out to be damaged is dropped there.
  package static func stageKept(
    _ file: FileContent, for path: TreePath, store: any Store, disk: any Disk
  ) throws(Failure) -> StagedContent? {
    if file.size > 0, !(try store.hasContent(file.digest)) { return nil }
    var failure: Failure?
    var number: UInt64 = 0
    let staged = stage(file, for: path, disk: disk) { _ in
      do throws(Failure) {
        defer { number += 1 }
        return try store.contentPart(file.digest, number) ?? []
      } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    if staged == nil, file.size > 0 { _ = try store.proveContent(file.digest) }
    return staged
  }

  /// - Parameter next: The bytes from an offset on; nil if they cannot be read.
  private static func stage(
    _ file: FileContent, for path: TreePath, disk: any Disk,
    _ next: (_ offset: UInt64) -> [UInt8]?
  ) -> StagedContent? {
    guard let handle = try? disk.stage(for: path, size: file.size) else { return nil }
    var offset: UInt64 = 0
    while offset < file.size {
      guard let bytes = next(offset), !bytes.isEmpty,
        (try? disk.append(bytes, to: handle)) != nil
      else { break }
      offset += UInt64(bytes.count)
    }
    guard let done = try? disk.finish(handle), done.digest == file.digest,
      done.size == file.size
    else {
      disk.drop(handle)
      return nil
    }
    return StagedContent(handle: handle, digest: done.digest, size: done.size)
  }
}
