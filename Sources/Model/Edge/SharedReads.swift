import Model
import Synchronization

/// Small contents that were read lately, for sessions that send the same to several peers at once:
/// read for the first of them, at hand for the others.
///
/// What is given out is what the file held when it had this stat: the change time tells versions
/// apart, and whoever receives it proves the digest. Keeps nothing while fewer than two sessions
/// run.
package final class SharedReads: Sendable {
  /// The largest content that is kept, and all of them, in bytes.
  private static let most = 256 << 10
  private static let room = 16 << 20

  private struct Key: Hashable {
    var path: TreePath
    var inode: UInt64
    var size: UInt64
    var changed: Timestamp
  }

  private struct State {
    var sessions = 0
    var contents: [Key: [UInt8]] = [:]
    /// In the order in which they came.
    var order: [Key] = []
    var bytes = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// A session begins to send.
  package func begin() { state.withLock { $0.sessions += 1 } }

  /// A session sends no more.
  package func end() {
    state.withLock { state in
      state.sessions -= 1
      if state.sessions < 2 { state = State(sessions: state.sessions) }
    }
  }

  /// The whole content of a file that has this stat, if it is at hand.
  func content(_ path: TreePath, _ stat: FileStat) -> [UInt8]? {
    guard stat.size <= Self.most else { return nil }
    return state.withLock { state in
      state.sessions < 2 ? nil : state.contents[Self.key(path, stat)]
    }
  }

  /// Keeps the whole content of a file that had this stat before and after it was read.
  func keep(_ bytes: [UInt8], _ path: TreePath, _ stat: FileStat) {
    guard stat.size <= Self.most, UInt64(bytes.count) == stat.size else { return }
    state.withLock { state in
      guard state.sessions > 1 else { return }
      let key = Self.key(path, stat)
      guard state.contents.updateValue(bytes, forKey: key) == nil else { return }
      state.order.append(key)
      state.bytes += bytes.count
      if state.bytes > Self.room { Self.dropHalf(&state) }
    }
  }

  /// The older half: seldom, so that it costs nothing in the long run.
  private static func dropHalf(_ state: inout State) {
    let old = state.order.prefix(state.order.count / 2)
    for key in old { state.bytes -= state.contents.removeValue(forKey: key)?.count ?? 0 }
    state.order.removeFirst(old.count)
  }

  private static func key(_ path: TreePath, _ stat: FileStat) -> Key {
    Key(path: path, inode: stat.inode, size: stat.size, changed: stat.changed)
  }
}
