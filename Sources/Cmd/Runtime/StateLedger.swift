import Glibc
import Model
import ModelEdge
import Transport
import TransportEdge
import Threads

/// The state of this host for all threads of this process: one at a time inside.
final class StateLedger: Ledger, @unchecked Sendable {
  // `store` is only touched by who holds `lock`; a thread never takes it twice.
  private let store: SQLiteStore
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let claims = Signal(Claims())
  /// A copy to be thrown away at the end; empty for the real one.
  private let temporaryFile: String

  init(_ store: SQLiteStore, temporaryFile: String = "") {
    self.store = store
    self.temporaryFile = temporaryFile
    pthread_mutex_init(lock, nil)
  }

  deinit {
    store.close()
    pthread_mutex_destroy(lock)
    lock.deallocate()
    if !temporaryFile.isEmpty { unlink(temporaryFile) }
  }

  func with<Result>(_ body: (any Store) throws(Failure) -> Result) throws(Failure) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(store)
  }

  func claim(_ group: String, _ path: TreePath) -> Bool {
    claims.change { $0.open.insert(Claim(group: group, path: path)).inserted }
  }

  var releases: Int { claims.change { $0.releases } }

  func release(_ group: String, _ path: TreePath) {
    claims.change { claims in
      claims.open.remove(Claim(group: group, path: path))
      claims.releases += 1
    }
  }

  func awaitRelease(after releases: Int) -> Bool {
    claims.wait(seconds: 1) { $0.releases > releases ? true : nil } ?? false
  }

  private struct Claims {
    var open: Set<Claim> = []
    var releases = 0
  }

  /// A path whose content one session has taken upon itself.
  private struct Claim: Hashable {
    var group: String
    var path: TreePath

    // Paths of different groups may be alike, but hardly ever are at the same time.
    func hash(into hasher: inout Hasher) { hasher.combine(path) }
  }

  /// A close look at the database.
  func examine() throws(Failure) -> DatabaseFacts {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try store.examine()
  }

  /// The kept contents as they are on this disk, every byte read.
  func examineContents() throws(Failure) -> (count: Int, bytes: UInt64, damaged: [Digest]) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try store.examineContents()
  }

  /// A copy of the state as it is now, which ends with the value.
  func copy(in directory: String) throws(Failure) -> StateLedger {
    let file = directory + "/look-" + hexadecimal(randomBytes(8))
    try with { store throws(Failure) in try store.copy(to: file) }
    do {
      return StateLedger(try SQLiteStore.open(copy: file), temporaryFile: file)
    } catch {
      unlink(file)
      throw error
    }
  }

  /// Writes the log back into the database and closes it.
  func end() {
    pthread_mutex_lock(lock)
    try? store.checkpoint()
    pthread_mutex_unlock(lock)
  }
}
