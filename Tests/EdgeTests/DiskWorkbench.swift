import Glibc
import Model
import ModelEdge
import Synchronization
import Testing

/// Users and groups that exist in tests only.
final class FakeNames: NameSource {
  private let users = Mutex<[[UInt8]: UInt32]>([:])
  private let silent = Mutex(false)

  init(_ users: [String: UInt32]) {
    self.users.withLock {
      $0 = Dictionary(uniqueKeysWithValues: users.map { (Array($0.utf8), $1) })
    }
  }

  /// From now on no question is answered.
  func fallSilent() { silent.withLock { $0 = true } }

  func name(of id: UInt32, _ kind: Names.Kind) throws(Names.LookupFailure) -> [UInt8]? {
    try answer()
    return users.withLock { $0.first { $0.value == id }?.key }
  }

  func id(of name: [UInt8], _ kind: Names.Kind) throws(Names.LookupFailure) -> UInt32? {
    try answer()
    return users.withLock { $0[name] }
  }

  func stamp() -> [Timestamp] { [] }

  private func answer() throws(Names.LookupFailure) {
    if silent.withLock({ $0 }) { throw Names.LookupFailure(reason: "connection refused") }
  }
}

/// A root and a state directory in a fresh temporary directory.
final class Workbench {
  let base: String
  let state: String
  let root: String
  let anchor: TreePath
  let names = FakeNames(["shop": 5001, "alice": 5002, "zero": 0])

  /// With `mount`, the root is a file system in memory: kind and options as `mount` takes them.
  init(mount options: String? = nil) throws {
    var template = Array("/tmp/concord-disk-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    base = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    state = base + "/state"
    root = base + "/root"
    anchor = try #require(TreePath("%web%"))
    mkdir(state, 0o700)
    mkdir(root, 0o755)
    if let options { shell("mount -t \(options) none \(root)") }
  }

  deinit {
    while system("mountpoint -q \(root) && umount -l \(root)") == 0 {}
    system("rm -rf \(base)")
  }

  func disk(
    crossesMounts: Bool = false, sharing sharedReads: SharedReads? = nil
  ) throws -> LinuxDisk {
    try LinuxDisk(
      roots: [
        Root(anchor: anchor, localPath: Array(root.utf8), crossesMounts: crossesMounts)
      ], stateDirectory: Array(state.utf8),
      names: Names(source: names), sharedReads: sharedReads)
  }

  func path(_ name: String) throws -> TreePath { try #require(TreePath("%web%/" + name)) }

  func shell(_ command: String) {
    #expect(system("cd \(root) && " + command) == 0, "\(command)")
  }

  /// The bytes of a file below the root, or nil if it cannot be opened.
  func text(_ name: String) -> String? {
    guard let file = fopen(root + "/" + name, "r") else { return nil }
    defer { fclose(file) }
    var out: [UInt8] = []
    while case let byte = getc(file), byte != EOF { out.append(UInt8(byte)) }
    return String(decoding: out, as: UTF8.self)
  }

  /// Entries of a directory of this bench, as `ls -A` lists them.
  func entries(_ directory: String) -> [String] {
    guard let open = opendir(directory) else { return [] }
    defer { closedir(open) }
    var out: [String] = []
    while let entry = readdir(open) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { out.append(name) }
    }
    return out.sorted()
  }

  var staged: [String] { entries(state + "/staging") }
}

extension Installation {
  /// An installation by root with mode 644 or 755.
  init(
    _ path: TreePath, _ body: Body, over expected: FileStat? = nil, mode: UInt16? = nil,
    owner: Owner = .root, acl: AccessList = .none, modified: Timestamp? = nil
  ) {
    let usual: UInt16 =
      switch body {
      case .directory: 0o755
      case .symlink: 0o777
      default: 0o644
      }
    self.init(
      path: path, body: body, expected: expected, mode: Mode(bits: mode ?? usual), owner: owner,
      acl: acl, modified: modified)
  }
}

extension Owner {
  static let root = Owner(user: .number(0), group: .number(0))

  init(_ user: String, _ group: String) {
    self.init(user: .name(Array(user.utf8)), group: .name(Array(group.utf8)))
  }
}

extension LinuxDisk {
  /// A finished file with that text.
  func staged(_ text: String, for path: TreePath) throws -> Installation.Body {
    let handle = try stage(for: path, size: UInt64(text.utf8.count))
    try append(Array(text.utf8), to: handle)
    let (digest, size) = try finish(handle)
    #expect(digest == sha256(Array(text.utf8)))
    #expect(size == UInt64(text.utf8.count))
    return .staged(handle)
  }

  func prepared(_ installation: Installation) throws -> PreparedInstallation {
    let results = prepare([installation])
    try flush()
    return try results[0].get()
  }

  /// Prepares, installs and settles.
  @discardableResult
  func put(_ installation: Installation) throws -> InstallOutcome {
    let outcome = install([try prepared(installation)])[0]
    settle()
    return outcome
  }

  /// Prepares, installs and checks that a look finds what was promised.
  func putAndCompare(_ installation: Installation) throws -> PreparedInstallation {
    let item = try prepared(installation)
    let outcome = install([item])[0]
    let seen = try observe(installation.path, known: nil)
    #expect(outcome == .installed(seen.stat))
    #expect(seen.attributes == item.applied)
    settle()
    return item
  }
}

extension Observation {
  var attributes: Attributes { Attributes(mode: mode, owner: owner, acl: acl) }
}
