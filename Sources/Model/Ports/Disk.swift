/// What the file system tells about one object without opening it.
package struct FileStat: Hashable, Sendable {
  package enum Kind: UInt8, Hashable, Sendable {
    case file = 1
    case directory = 2
    case symlink = 3
    case fifo = 4
    case socket = 5
    case device = 6
  }

  package var kind: Kind
  package var device: UInt64
  package var inode: UInt64
  /// Bytes.
  package var size: UInt64
  package var modified: Timestamp
  /// When content or metadata last changed, by the kernel's clock: nobody can set it back.
  package var changed: Timestamp
  /// The low twelve bits of `st_mode`.
  package var mode: UInt16
  package var uid: UInt32
  package var gid: UInt32
  package var links: UInt32

  package init(
    kind: Kind, device: UInt64, inode: UInt64, size: UInt64, modified: Timestamp,
    changed: Timestamp, mode: UInt16, uid: UInt32, gid: UInt32, links: UInt32
  ) {
    self.kind = kind
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
    self.changed = changed
    self.mode = mode
    self.uid = uid
    self.gid = gid
    self.links = links
  }
}

/// One object in a directory.
package struct DirectoryItem: Hashable, Sendable {
  package var name: [UInt8]
  package var stat: FileStat
  /// Whether something is mounted there.
  package var isMountPoint: Bool

  package init(name: [UInt8], stat: FileStat, isMountPoint: Bool = false) {
    self.name = name
    self.stat = stat
    self.isMountPoint = isMountPoint
  }
}

/// Why one object could not be looked at or changed; the others can.
package enum DiskTrouble: Error, Hashable, Sendable {
  /// It is not there (any more), or a directory on the way is not.
  case vanished
  /// It changed while it was being read, or somebody has it open for writing.
  case busy
  /// A directory on the way is a symbolic link, or leads out of the root.
  case notConfined
  /// It stands on another file system than its root.
  case otherFileSystem
  /// The root that it belongs to is missing or cannot be opened; with the reason.
  case rootUnavailable(String)
  /// The system's reason in words, as in `permission denied`, `input/output error`.
  case refused(String)
  /// No room, no inodes, over quota: with the system's reason.
  case full(String)
}

/// Everything about an object that a record holds, as it is on this disk.
package struct Observation: Hashable, Sendable {
  package var content: Content
  package var mode: Mode
  package var owner: Owner
  package var acl: AccessList
  /// What it was seen with.
  package var stat: FileStat

  package init(content: Content, mode: Mode, owner: Owner, acl: AccessList, stat: FileStat) {
    self.content = content
    self.mode = mode
    self.owner = owner
    self.acl = acl
    self.stat = stat
  }
}

/// What is found where a walk begins.
package enum RootState: Hashable, Sendable {
  case present(FileStat)
  /// Nothing is there, but its parent directory is.
  case missing
  /// It cannot be reached: with the reason.
  case unavailable(String)
}

/// One new state for one path, to be installed as a whole.
package struct Installation: Hashable, Sendable {
  package enum Body: Hashable, Sendable {
    /// A regular file that was staged under this handle; its digest has been checked.
    case staged(StageHandle)
    /// The regular file that is there now, with new attributes, as a fresh inode if more rights
    /// or another owner come with them, else in place. Its digest must still be this: a copy is
    /// checked, in place the stat must tell. Keeps its modification time if none is given.
    case unchangedFile(Digest)
    case directory
    case symlink(target: [UInt8])
    case fifo
    /// A device node, always as a fresh inode; nobody ever opens it.
    case device(DeviceNode)
    /// Nothing: the object is removed (a directory only if it is empty).
    case nothing
  }

  package var path: TreePath
  package var body: Body
  /// What must be there now; nil: nothing. If something else is there it stays, and the outcome is
  /// `overtaken`. All of a file's stat counts but its device and links; of a directory kind, inode,
  /// mode and owner.
  package var expected: FileStat?
  package var mode: Mode
  package var owner: Owner
  package var acl: AccessList
  /// For regular files: the modification time to set. Nil: now.
  package var modified: Timestamp?
  package var taking: Taking

  package init(
    path: TreePath, body: Body, expected: FileStat?, mode: Mode, owner: Owner, acl: AccessList,
    modified: Timestamp?, taking: Taking = Taking()
  ) {
    self.path = path
    self.body = body
    self.expected = expected
    self.mode = mode
    self.owner = owner
    self.acl = acl
    self.modified = modified
    self.taking = taking
  }
}

/// A file under construction, or complete and not yet in its place. Valid in one process.
package struct StageHandle: Hashable, Sendable {
  package let number: UInt64
  package init(number: UInt64) { self.number = number }
}

/// An installation that is complete beside its place, and what recovery needs to know of it.
///
/// `token` is opaque, made and read by the disk: where the new object is staged, its inode and what
/// was expected in its place. It goes into the journal before the object is moved.
package struct PreparedInstallation: Hashable, Sendable {
  package var installation: Installation
  package var token: [UInt8]
  /// What will be on the disk: differs from what was asked where an owner is unknown here, the file
  /// system has no access lists, or set-id bits are not taken from peers.
  package var applied: Attributes
  package var held: [Held]

  package init(installation: Installation, token: [UInt8], applied: Attributes, held: [Held]) {
    self.installation = installation
    self.token = token
    self.applied = applied
    self.held = held
  }
}

/// Mode, owner and access list.
package struct Attributes: Hashable, Sendable {
  package var mode: Mode
  package var owner: Owner
  package var acl: AccessList

  package init(mode: Mode, owner: Owner, acl: AccessList) {
    self.mode = mode
    self.owner = owner
    self.acl = acl
  }
}

/// A desired attribute that cannot be applied here for now.
package struct Held: Hashable, Sendable {
  package enum Attribute: String, Hashable, Sendable { case owner, group, acl, mode }
  package var attribute: Attribute
  /// In words, as in `user "shop" is unknown here`; escaped.
  package var reason: String

  package init(_ attribute: Attribute, _ reason: String) {
    self.attribute = attribute
    self.reason = reason
  }
}

/// How an installation ended.
package enum InstallOutcome: Hashable, Sendable {
  /// In place and durable; what a scan would now see there (nil: nothing).
  case installed(FileStat?)
  /// Something else than expected was there; it stays (or was put back) and nothing was lost.
  case overtaken
  /// A directory to be removed or replaced still has entries in it.
  case notEmpty
  /// Mostly nothing has changed. After a failed `fsync` the object may be in its place, and what it
  /// displaced in staging: keep the token and recover it.
  case failed(DiskTrouble)
}

/// What recovery found out about one prepared installation of a run that died.
package enum RecoveryOutcome: Hashable, Sendable {
  /// The new object is in its place: finish the bookkeeping. The stat is the one before the move,
  /// so that the next scan looks at the object once more.
  case installed(FileStat?)
  /// The old state is in its place; what was staged is gone.
  case undone
  /// Something else is there: a local change; what was staged is gone.
  case changed
  /// It cannot be told now, for this reason (its root is not mounted, say): nothing was touched;
  /// the
  /// token must be kept and recovered again.
  case unavailable(DiskTrouble)
}

/// This host's file system, confined to the roots that the configuration names.
///
/// Every path is resolved one component at a time from the root's descriptor and no symbolic link
/// is
/// ever followed on the way. Not thread-safe: each thread has its own.
package protocol Disk: Backups, Views, LargeFiles {
  /// What stands where a walk begins. `anchor` is one of those that the disk was made with.
  func rootState(_ anchor: TreePath) -> RootState

  /// The entries of a directory, sorted by name (bytes). Entries that vanish meanwhile are left
  /// out.
  /// A mount point is listed, so that nobody takes it for deleted; to list or to observe it throws
  /// `otherFileSystem` where mounts are not crossed. Our own staging directory is never listed.
  func list(_ directory: TreePath) throws(DiskTrouble) -> [DirectoryItem]

  /// The stat of one object; nil if nothing is there, or if a directory on the way is missing.
  func stat(_ path: TreePath) throws(DiskTrouble) -> FileStat?

  /// Looks at one object as a whole: hashes a file, reads a link, the access list and the owner's
  /// names. `busy` if it changed meanwhile or somebody has it open for writing and writes.
  /// A file is not read again if `known` holds its digest and inode, size, modification time and
  /// change time are those of `known?.stat`. Sockets are `refused`; like devices they are never
  /// opened.
  func observe(_ path: TreePath, known: Observation?) throws(DiskTrouble) -> Observation

  /// Reads a file's bytes from `offset`, at most `count`; empty at the end. `stat` is what the file
  /// must still be (`busy` otherwise).
  func read(_ path: TreePath, stat: FileStat, offset: UInt64, count: Int)
    throws(DiskTrouble) -> [UInt8]

  /// Begins a file of `size` bytes that will be installed at `path`. Fails with `full` if there is
  /// no
  /// room for it.
  func stage(for path: TreePath, size: UInt64) throws(DiskTrouble) -> StageHandle
  /// Appends to a staged file.
  func append(_ bytes: [UInt8], to stage: StageHandle) throws(DiskTrouble)
  /// Ends a staged file and says what was written. It stays until it is installed or dropped.
  func finish(_ stage: StageHandle) throws(DiskTrouble) -> (digest: Digest, size: UInt64)
  /// Reads what was written to a staged file that is finished; empty at the end.
  func read(_ stage: StageHandle, offset: UInt64, count: Int) throws(DiskTrouble) -> [UInt8]
  func drop(_ stage: StageHandle)
  /// Gives a finished stage to another disk of this process, of the same kind, which another thread
  /// will use. Neither is used by a thread meanwhile. Returns what it is called there.
  func give(_ stage: StageHandle, to other: any Disk) -> StageHandle

  /// Makes objects complete in staging, attributes set through descriptors. One result each, in
  /// order. A stage handle is used up by success only. Changes in place touch nothing yet.
  func prepare(_ installations: [Installation]) -> [Result<PreparedInstallation, DiskTrouble>]
  /// Makes everything prepared durable: one `syncfs` for each file system. Before the journal's
  /// row.
  /// After an error nothing that was prepared on that file system can be installed any more.
  func flush() throws(DiskTrouble)
  /// Moves prepared objects into their places and compares what they displaced with what was
  /// expected. One outcome each, in order. What was displaced is kept until `settle`.
  func install(_ prepared: [PreparedInstallation]) -> [InstallOutcome]
  /// After the outcomes are recorded: drops what was displaced and all that is left of the batch.
  func settle()

  /// Finishes or undoes an installation of a run that died, from its token.
  func recover(_ path: TreePath, token: [UInt8]) -> RecoveryOutcome
  /// Removes what dead runs left in staging. After all tokens are recovered. Other disks of this
  /// process keep what is theirs.
  func clearStaging()

  /// How the desired attributes would come out here now, without touching anything: what would be
  /// applied, and what would be held and why. An object that is there keeps its owner if the
  /// desired one is unknown; a new one would be root's.
  func foresee(
    _ attributes: Attributes, at path: TreePath, isSymlink: Bool, taking: Taking
  ) -> (applied: Attributes, held: [Held])
}
