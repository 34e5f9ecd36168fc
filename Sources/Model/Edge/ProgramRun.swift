import CLinux
import Glibc
package import Model

/// Runs programs as processes of this machine.
package struct LinuxPrograms: ProgramRunner {
  package init() {}

  package func run(
    _ program: Program, isCancelled: () -> Bool, onOutput: (ArraySlice<UInt8>) -> Void
  ) -> ProgramResult {
    do {
      var running = try RunningProgram(program)
      return running.wait(isCancelled: isCancelled, onOutput: onOutput)
    } catch {
      return ProgramResult(end: .notStarted(reason(error)))
    }
  }
}

private func reason(_ error: SystemError) -> String {
  let noView = Int32(CL_NO_VIEW)
  guard error.code > noView else { return error.reason }
  return "it cannot be shown the changes: \(SystemError(error.code - noView).reason); "
    + "overlayfs and CAP_SYS_ADMIN are needed for that"
}

/// A program from its start to its end.
private struct RunningProgram {
  /// How long what a program left in its pipe is read after its end, in milliseconds: a child that
  /// goes on writing does not keep us.
  private static let drainMilliseconds: UInt64 = 100
  /// How often somebody asks whether the program is still wanted, in milliseconds.
  private static let askMilliseconds: UInt64 = 200

  private let process: Int32
  private let handle: Descriptor
  private let reading: Descriptor
  private let timeLimit: UInt64
  private var isOpen = true
  private var result = ProgramResult(end: .timedOut)
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(_ program: Program) throws(SystemError) {
    let input = try Descriptor(cl_memory_file(program.input, program.input.count))
    var ends: (reading: Int32, writing: Int32) = (-1, -1)
    try checked(cl_pipe(&ends.reading, &ends.writing))
    reading = try Descriptor(ends.reading)
    let writing = try Descriptor(ends.writing)
    process = try Self.start(program, input, writing)
    do {
      handle = try Descriptor(cl_process_handle(process))
    } catch {
      // Nobody could watch over it.
      _ = cl_signal_group(process, SIGKILL)
      var signal: Int32 = 0
      _ = cl_take_end(process, &signal)
      throw error
    }
    let seconds = UInt64(max(1, min(program.timeoutSeconds, 1 << 30)))
    timeLimit = cl_milliseconds() + seconds * 1_000
  }

  private static func start(
    _ program: Program, _ input: Descriptor, _ output: Descriptor
  ) throws(SystemError) -> Int32 {
    let command = ["sh", "-c", "--", program.command, "concord"].map { Array($0.utf8) }
    var arguments = StringTable(command + program.arguments)
    var environment = StringTable(program.environment.map { Array("\($0.name)=\($0.value)".utf8) })
    guard arguments.isWhole, environment.isWhole else { throw SystemError(EINVAL) }
    let result = arguments.withPointers { arguments in
      environment.withPointers { environment in
        withViews(program.views[...], []) { views in
          cl_spawn(
            "/bin/sh", arguments, environment, input.number, output.number, views, views.count)
        }
      }
    }
    return try checked(result)
  }

  private static func withViews(
    _ rest: ArraySlice<Program.View>, _ done: [cl_view], _ body: ([cl_view]) -> Int32
  ) -> Int32 {
    guard let view = rest.first else { return body(done) }
    return Name(view.base).bytes.withUnsafeBufferPointer { base in
      Name(view.layer).bytes.withUnsafeBufferPointer { layer in
        let raw = cl_view(
          base: base.baseAddress, layer: layer.baseAddress,
          base_device: view.baseIdentity.device, base_inode: view.baseIdentity.inode,
          layer_device: view.layerIdentity.device, layer_inode: view.layerIdentity.inode)
        return withViews(rest.dropFirst(), done + [raw], body)
      }
    }
  }

  mutating func wait(
    isCancelled: () -> Bool, onOutput: (ArraySlice<UInt8>) -> Void
  ) -> ProgramResult {
    var hasTimedOut = false
    var killAt: UInt64?
    var hasEnded = false
    while true {
      let now = cl_milliseconds()
      if killAt == nil, !hasEnded, now >= timeLimit || isCancelled() {
        hasTimedOut = now >= timeLimit
        killAt = now + UInt64(Program.graceSeconds) * 1_000
        _ = cl_signal_group(process, SIGTERM)
      }
      // After its time: who still writes has until KILL, also when the first process is gone.
      if hasEnded, killAt == nil || !isOpen { break }
      if let killAt, now >= killAt { break }
      let next = min(killAt ?? timeLimit, now + Self.askMilliseconds)
      hasEnded = poll(milliseconds: next > now ? next - now : 1, watchesEnd: !hasEnded) || hasEnded
      if isOpen { read(until: cl_milliseconds() + Self.drainMilliseconds, onOutput) }
    }
    // The process is not taken yet: its number, and so that of the group, is nobody else's.
    if killAt != nil { _ = cl_signal_group(process, SIGKILL) }
    if !hasEnded {
      // One that sleeps in the kernel can outlive KILL: it must not keep us.
      let grace = UInt64(Program.graceSeconds) * 1_000
      isOpen = false
      guard poll(milliseconds: grace, watchesEnd: true) else { return result }
    }
    let end = takeEnd()
    if isOpen { read(until: cl_milliseconds() + Self.drainMilliseconds, onOutput) }
    result.end = hasTimedOut ? .timedOut : end
    return result
  }

  private func takeEnd() -> ProgramResult.End {
    var signal: Int32 = 0
    let status = cl_take_end(process, &signal)
    if status < 0 { return .notStarted(SystemError(-status).reason) }
    return signal == 0 ? .exit(status) : .signal(signal)
  }

  /// Waits for output or for the end; true at the end.
  private func poll(milliseconds: UInt64, watchesEnd: Bool) -> Bool {
    // A negative descriptor is passed over.
    var watched = [
      pollfd(fd: watchesEnd ? handle.number : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isOpen ? reading.number : -1, events: Int16(POLLIN), revents: 0),
    ]
    guard Glibc.poll(&watched, nfds_t(watched.count), Int32(clamping: milliseconds)) > 0 else {
      return false
    }
    return watched[0].revents != 0
  }

  /// Reads what is there now, and never waits for more.
  private mutating func read(until limit: UInt64, _ onOutput: (ArraySlice<UInt8>) -> Void) {
    let room = buffer.count
    repeat {
      let count = cl_read(reading.number, &buffer, room)
      if count == -Int(EAGAIN) { return }
      guard count > 0 else {
        isOpen = false
        return
      }
      let piece = buffer[..<count]
      result.outputBytes += UInt64(count)
      result.output += piece.prefix(ProgramResult.outputLimit - result.output.count)
      onOutput(piece)
    } while cl_milliseconds() < limit
  }
}

/// Strings as `execve` takes them: pointers into one run of bytes, and a null behind the last.
private struct StringTable {
  private var bytes: [CChar] = []
  private var offsets: [Int] = []
  /// Whether no string is cut short by a zero byte in it.
  private(set) var isWhole = true

  init(_ strings: [[UInt8]]) {
    for string in strings {
      offsets.append(bytes.count)
      if string.contains(0) { isWhole = false }
      bytes += string.map { CChar(bitPattern: $0) }
      bytes.append(0)
    }
    bytes.append(0)
  }

  mutating func withPointers<Result>(
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let offsets = offsets
    return bytes.withUnsafeMutableBufferPointer { buffer in
      body(offsets.map { offset in buffer.baseAddress.map { $0 + offset } } + [nil])
    }
  }
}
