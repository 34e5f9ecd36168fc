import Foundation
import Glibc
import Synchronization

/// A command in a process group of its own, its output in files, never with a terminal.
///
/// Whatever is left of the group dies with the value.
final class Child {
  let command: String
  let pid: pid_t
  private let stdoutFile: String
  private let stderrFile: String
  private var ended: Int32?

  private static let serial = Mutex(0)

  /// `posix_spawn_file_actions_addclosefrom_np`, which Glibc as Swift imports it lacks.
  private static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
    unsafeBitCast(
      $0,
      to: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32).self)
  }

  /// - Parameters:
  ///   - words: the program, found through PATH, and its arguments.
  ///   - scratch: a folder for the output files.
  ///   - environment: added to a small fixed environment; nothing is inherited but PATH.
  init(_ words: [String], scratch: String, environment: [String: String] = [:]) throws {
    let number = Child.serial.withLock {
      $0 += 1
      return $0
    }
    command = words.joined(separator: " ")
    stdoutFile = "\(scratch)/\(number).out"
    stderrFile = "\(scratch)/\(number).err"

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let create = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, stdoutFile, create, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, stderrFile, create, 0o600)
    // Other tests spawn at the same time: without this their pipes and sockets would stay open.
    _ = Child.closeFrom?(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    posix_spawnattr_setpgroup(&attributes, 0)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)

    let arguments = words.map { strdup($0) } + [nil]
    let settings = Child.environment(environment).map { strdup($0) } + [nil]
    defer { for pointer in arguments + settings { free(pointer) } }
    var pid: pid_t = 0
    let failure = posix_spawnp(&pid, words[0], &actions, &attributes, arguments, settings)
    guard failure == 0 else {
      throw LabFailure("\(command): not started: \(String(cString: strerror(failure)))")
    }
    self.pid = pid
  }

  deinit {
    guard ended == nil else { return }
    Glibc.kill(-pid, SIGKILL)
    waitpid(pid, nil, 0)
  }

  private static func environment(_ added: [String: String]) -> [String] {
    var all = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    all["HOME"] = "/root"
    all["LANG"] = "C.UTF-8"
    all["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
    all.merge(added) { $1 }
    return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  /// To every process of the group: a wrapper such as strace holds the real one.
  func signal(_ number: Int32) { if ended == nil { Glibc.kill(-pid, number) } }

  /// The status if the command has ended: its exit code, or minus the signal.
  func poll() -> Int32? {
    if let ended { return ended }
    var news = siginfo_t()
    guard waitid(P_PID, id_t(pid), &news, WEXITED | WNOHANG | WNOWAIT) == 0, news.si_signo != 0
    else { return nil }
    // The last moment at which the group's number is surely ours: once the leader is reaped,
    // the number may belong to strangers.
    Glibc.kill(-pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    let signal = status & 0x7f
    ended = signal == 0 ? (status >> 8) & 0xff : -signal
    return ended
  }

  /// Waits for the end; after `seconds` the group is killed and the test fails.
  func wait(seconds: Int = 90) throws -> Outcome {
    guard until(seconds: seconds, { self.poll() != nil }) else {
      signal(SIGKILL)
      waitpid(pid, nil, 0)
      ended = -SIGKILL
      throw LabFailure("no end after \(seconds) s\n\(outcome(-SIGKILL))")
    }
    return outcome(ended ?? 0)
  }

  /// Waits until no process of the group runs: under a wrapper the real one may die a little later,
  /// and until then it holds its port and its locks.
  func waitForGroup() throws {
    let gone = until(seconds: 30) { ProcessGroup(id: pid).running.isEmpty }
    guard gone else { throw LabFailure("still running: \(command)") }
  }

  var errorsSoFar: String { String(decoding: contents(stderrFile), as: UTF8.self) }

  private func outcome(_ status: Int32) -> Outcome {
    Outcome(
      command: command, status: status, stdout: contents(stdoutFile), stderr: contents(stderrFile))
  }

  private func contents(_ file: String) -> [UInt8] {
    FileManager.default.contents(atPath: file).map(Array.init) ?? []
  }
}

/// Asks again and again until `ready` or until the time is over; says whether it became ready.
func until(seconds: Int, _ ready: () throws -> Bool) rethrows -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  var pause: UInt32 = 1_000
  while true {
    if try ready() { return true }
    guard ContinuousClock.now < end else { return false }
    usleep(pause)
    pause = min(pause * 2, 20_000)
  }
}
