import Glibc
import Model
import Synchronization
import Transport
import TransportEdge
import Threads

/// Takes commands of this host on the control socket, each in a thread of its own.
final class ControlListener: Sendable {
  private let node: Node
  private let console: any Console
  private let descriptor: Int32
  private let isClosed = Atomic<Bool>(false)
  private let running = Signal(0)

  init(node: Node, console: any Console) throws(Failure) {
    self.node = node
    self.console = console
    descriptor = try ControlSocket.listen(node.settings.stateDirectory)
  }

  func start() throws(Failure) {
    let thread = OwnThread { [self] in
      while !isClosed.load(ordering: .relaxed) {
        let connection = accept(descriptor, nil, nil)
        if connection < 0 {
          if errno == EINTR || errno == ECONNABORTED { continue }
          if isClosed.load(ordering: .relaxed) { return }
          // Out of descriptors: those in use will end.
          usleep(50_000)
          continue
        }
        running.change { $0 += 1 }
        let thread = OwnThread { [self] in
          serve(connection)
          running.change { $0 -= 1 }
        }
        if thread == nil {
          Glibc.close(connection)
          running.change { $0 -= 1 }
        }
      }
    }
    if thread == nil {
      throw Failure(.system, "control socket", "not served", "the system has no room for a thread")
    }
  }

  func close() {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return }
    unlink(ControlSocket.path(node.settings.stateDirectory))
    shutdown(descriptor, Int32(SHUT_RDWR))
    Glibc.close(descriptor)
  }

  /// Waits until no command runs, at most so long.
  func awaitIdle(seconds: Double) { _ = running.wait(seconds: seconds) { $0 == 0 ? true : nil } }

  private func serve(_ connection: Int32) {
    defer { Glibc.close(connection) }
    guard isOwner(connection), let frame = ControlFrame.read(from: connection),
      frame.kind == .command, let request = ControlRequest(bytes: frame.bytes)
    else { return }
    let remote = RemoteConsole(connection, isTerminal: request.isTerminal)
    let status = Dispatch.run(request.arguments, remote, node: node, from: request)
    _ = ControlFrame(kind: .end, bytes: [UInt8(clamping: status)]).write(to: connection)
  }

  /// Only who runs the daemon, and root. The socket's mode says the same; this says it again.
  private func isOwner(_ connection: Int32) -> Bool {
    var credentials = (pid: Int32(0), uid: UInt32(0), gid: UInt32(0))
    var size = socklen_t(MemoryLayout.size(ofValue: credentials))
    let soPeerCred: Int32 = 17
    guard getsockopt(connection, SOL_SOCKET, soPeerCred, &credentials, &size) == 0 else {
      return false
    }
    return credentials.uid == 0 || credentials.uid == geteuid()
  }
}

/// The terminal at the other end of a control connection.
private final class RemoteConsole: Console {
  private let connection: Int32
  private let isTerminal: Bool
  private let turn = Mutex<Void>(())

  init(_ connection: Int32, isTerminal: Bool) {
    self.connection = connection
    self.isTerminal = isTerminal
  }

  func out(_ text: String) { write(.out, text) }
  func say(_ line: String) { write(.say, line) }

  func ask(_ question: String) -> Bool? {
    guard isTerminal else { return nil }
    return turn.withLock { _ in
      guard ControlFrame(kind: .ask, bytes: Array(question.utf8)).write(to: connection),
        let answer = ControlFrame.read(from: connection), answer.kind == .answer
      else { return nil }
      return answer.bytes == [1]
    }
  }

  private func write(_ kind: ControlFrame.Kind, _ text: String) {
    turn.withLock { _ in
      var rest = Array(text.utf8)[...]
      repeat {
        let piece = rest.prefix(Self.pieceLength(rest))
        guard ControlFrame(kind: kind, bytes: Array(piece)).write(to: connection) else { return }
        rest = rest.dropFirst(piece.count)
      } while !rest.isEmpty && kind == .out
    }
  }

  /// Great outputs go in pieces, each of whole characters: a frame has a limit.
  private static func pieceLength(_ bytes: ArraySlice<UInt8>) -> Int {
    let limit = 1 << 20
    guard bytes.count > limit else { return bytes.count }
    let tail = bytes.prefix(limit).reversed().prefix { $0 & 0xC0 == 0x80 }.count
    // The byte before the tail leads a character that may go on behind the cut.
    return tail == 0 && (bytes.prefix(limit).last ?? 0) < 0x80 ? limit : limit - tail - 1
  }
}
