import Glibc
import Model
import Synchronization
import Transport

@testable import TransportEdge

/// A function on a thread of its own: the calls under test block.
///
/// `@unchecked`: the thread alone writes `result`, and it is read after `pthread_join` only.
final class Worker<Value: Sendable>: @unchecked Sendable {
  private let body: @Sendable () -> Value
  private var result: Value?
  private var thread = pthread_t()

  init(_ body: @escaping @Sendable () -> Value) {
    self.body = body
    let code = pthread_create(&thread, nil, startWorker, Unmanaged.passRetained(self).toOpaque())
    precondition(code == 0, "pthread_create: \(code)")
  }

  /// Waits for the end of the function. To be asked once.
  var value: Value {
    pthread_join(thread, nil)
    return result!
  }

  fileprivate func run() { result = body() }
}

private protocol Runnable: AnyObject {
  func run()
}

extension Worker: Runnable {}

private func startWorker(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let pointer else { return nil }
  let worker = Unmanaged<AnyObject>.fromOpaque(pointer).takeRetainedValue()
  (worker as? any Runnable)?.run()
  return nil
}

final class MemoryPins: Pins {
  private let pins: Mutex<[String: String]>
  private let refusesNew: Bool

  init(_ pins: [String: String] = [:], refusesNew: Bool = false) {
    self.pins = Mutex(pins)
    self.refusesNew = refusesNew
  }

  var all: [String: String] { pins.withLock { $0 } }

  func pin(for name: String) -> String? { pins.withLock { $0[name] } }

  func name(pinnedTo fingerprint: String) -> String? {
    pins.withLock { $0.first { $0.value == fingerprint }?.key }
  }

  func record(name: String, fingerprint: String) throws(Failure) {
    if refusesNew { throw Failure(.permission, name, "not pinned", "the operator must agree") }
    pins.withLock { $0[name] = fingerprint }
  }
}

/// A directory that is gone, with all in it, when the test ends.
final class Scratch {
  let path: String

  init() {
    var template = Array("/tmp/concord-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { unlink(path + "/" + name) }
      }
      closedir(directory)
    }
    rmdir(path)
  }

  /// Writes a file below it and returns its path.
  func file(_ name: String, _ text: String, mode: mode_t = 0o600) -> String {
    let file = path + "/" + name
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, mode)
    _ = text.utf8CString.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count - 1) }
    fchmod(descriptor, mode)
    close(descriptor)
    return file
  }

  func identity() throws -> Identity { try Identity.load(directory: path) }
}

let groupKey = Array("a key of more than twenty-two letters".utf8)
let otherGroupKey = Array("another key of more than 22 letters".utf8)

func secret(_ name: String, _ members: Set<String>, _ keys: [UInt8]...) -> GroupSecret {
  GroupSecret(name: name, members: members, keys: keys)
}

let webSecret = secret("web", ["h1", "h2"], groupKey)

let short = Deadlines(connectSeconds: 0.2, authenticateSeconds: 0.2, idleSeconds: 0.2)
let ample = Deadlines(connectSeconds: 30, authenticateSeconds: 30, idleSeconds: 30)

func party(
  _ name: String, secrets: [GroupSecret] = [webSecret], pins: MemoryPins = MemoryPins()
) throws -> Party {
  Party(ownName: name, identity: try Scratch().identity(), secrets: secrets, pins: pins)
}

/// Both ends of a meeting over a real socket.
struct Meeting {
  let client: Result<Channel, Failure>
  let server: Result<Channel, Failure>

  init(_ client: Party, _ server: Party, to name: String = "h2") throws {
    let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
    let answering = Worker { answer(listener, server) }
    let port = listener.port
    self.client = Result { () throws(Failure) in
      try connect(to: name, address: "127.0.0.1", port: port, party: client, deadlines: ample)
    }
    // A client that refuses to call at all leaves the server waiting.
    listener.close()
    self.server = answering.value
  }
}

func answer(
  _ listener: Listener, _ party: Party, _ deadlines: Deadlines = ample
) -> Result<Channel, Failure> {
  Result { () throws(Failure) in
    guard let socket = try listener.next() else {
      throw Failure(.unavailable, "listener", "no connection", "closed")
    }
    return try accept(
      readDescriptor: socket, writeDescriptor: socket, party: party, deadlines: deadlines)
  }
}

extension Result where Failure == Model.Failure {
  var failure: Model.Failure? {
    if case .failure(let failure) = self { return failure }
    return nil
  }
}

/// A plain connection to a port of this machine, with blocking reads.
func dial(_ port: UInt16) -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let code = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  precondition(code == 0, "connect: \(errno)")
  return descriptor
}

/// A client that speaks TLS as it should and, inside it, whatever a test wants.
final class RawClient {
  let socket: Int32
  let tls: TLSSession
  let party: Party
  private(set) var bytesIn = 0

  init(port: UInt16, party: Party) throws {
    socket = dial(port)
    self.party = party
    tls = try TLSSession(.client, credentials: party.identity.credentials)
    while try !tls.handshake() {
      flush()
      read()
    }
    flush()
  }

  deinit { close(socket) }

  func hello(to name: String = "h2") throws -> ClientHello {
    try party.trust.clientHello(to: name, exporter: exporter())
  }

  func exporter() throws -> [UInt8] {
    let context = Trust.exporterContext(
      clientKey: party.identity.publicKey, serverKey: tls.peerKey() ?? [],
      sealing: GnuTLSSealing())
    return try tls.exporter(label: Trust.exporterLabel, context: context, count: 32)
  }

  func send(_ plain: [UInt8]) throws {
    try plain.withUnsafeBytes { try tls.encrypt($0) }
    flush()
  }

  func sendFrame(_ payload: [UInt8]) throws {
    var out: [UInt8] = []
    Frame.appendHeader(payload.count, to: &out)
    try send(out + payload)
  }

  /// Everything until the end, and the number of the error at the end.
  func rest() -> (plain: [UInt8], code: Int32) {
    var plain: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      do {
        switch try buffer.withUnsafeMutableBytes({ try tls.decrypt(into: $0) }) {
        case .bytes(let count): plain += buffer[..<count]
        case .hungry: read()
        case .closed: return (plain, 0)
        }
      } catch {
        return (plain, (error as? TLSFault)?.code ?? -1)
      }
    }
  }

  private func flush() {
    var out: [UInt8] = []
    tls.takeOutput(&out)
    _ = Glibc.send(socket, out, out.count, Int32(MSG_NOSIGNAL))
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count <= 0 {
      tls.feedEnd()
    } else {
      bytesIn += count
      tls.feed(&buffer, count: count)
    }
  }
}
