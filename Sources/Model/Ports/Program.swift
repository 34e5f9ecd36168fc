/// A command of the operator, as it is run: nothing else of this process reaches it.
package struct Program: Hashable, Sendable {
  /// One variable of the environment.
  package struct Variable: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A directory as this program alone sees it: its own content under that of another directory,
  /// and nothing can be written there.
  package struct View: Hashable, Sendable {
    /// The directory that is seen otherwise: absolute.
    package var base: [UInt8]
    /// What lies over it: absolute, on any file system.
    package var layer: [UInt8]
    /// What both have to be, by device and inode, when the program starts.
    package var baseIdentity: Identity
    package var layerIdentity: Identity

    package struct Identity: Hashable, Sendable {
      package var device: UInt64
      package var inode: UInt64

      package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
      }
    }

    package init(
      base: [UInt8], layer: [UInt8], baseIdentity: Identity, layerIdentity: Identity
    ) {
      self.base = base
      self.layer = layer
      self.baseIdentity = baseIdentity
      self.layerIdentity = layerIdentity
    }
  }

  /// What `/bin/sh -c` runs. Names never stand in it: `"$@"` are the arguments, `$0` is `concord`.
  package var command: String
  /// Bytes as they are, without a zero byte.
  package var arguments: [[UInt8]]
  /// Standard input, whole.
  package var input: [UInt8]
  /// All of it: nothing is inherited.
  package var environment: [Variable]
  /// How long it may run. After that its process group is ended: TERM, then KILL.
  package var timeoutSeconds: Int
  /// Where it sees something else than everybody. It does not run if that cannot be had.
  package var views: [View]

  package init(
    command: String, arguments: [[UInt8]] = [], input: [UInt8] = [], environment: [Variable] = [],
    timeoutSeconds: Int = Program.defaultTimeoutSeconds, views: [View] = []
  ) {
    self.command = command
    self.arguments = arguments
    self.input = input
    self.environment = environment
    self.timeoutSeconds = timeoutSeconds
    self.views = views
  }

  /// Where the configuration gives no time.
  package static let defaultTimeoutSeconds = 300
  /// Between TERM and KILL.
  package static let graceSeconds = 5
}

/// How a program ended and what it wrote.
package struct ProgramResult: Hashable, Sendable {
  package enum End: Hashable, Sendable {
    /// By itself, with this status.
    case exit(Int32)
    /// By a signal that was not the end of its time.
    case signal(Int32)
    /// Its time was over and it was ended.
    case timedOut
    /// It never ran, for this reason; escaped.
    case notStarted(String)
  }

  package var end: End
  /// Standard output and standard error in the order of their coming: the first bytes.
  package var output: [UInt8]
  /// How much it wrote in all.
  package var outputBytes: UInt64

  package init(end: End, output: [UInt8] = [], outputBytes: UInt64 = 0) {
    self.end = end
    self.output = output
    self.outputBytes = outputBytes
  }

  /// How much of the output is kept.
  package static let outputLimit = 64 << 10

  package var isSuccess: Bool { end == .exit(0) }
}

extension ProgramResult.End: CustomStringConvertible {
  /// As in `exit 1`, `signal 9`, `stopped: its time was over`, `not started: out of memory`.
  package var description: String {
    switch self {
    case .exit(let status): "exit \(status)"
    case .signal(let number): "signal \(number)"
    case .timedOut: "stopped: its time was over"
    case .notStarted(let reason): "not started: \(reason)"
    }
  }
}

/// Runs programs of the operator.
package protocol ProgramRunner: Sendable {
  /// Runs a program and returns when its first process has ended, whatever that one left running.
  ///
  /// - Parameters:
  ///   - isCancelled: Asked several times a second: when true the program is ended as if its time
  ///     were over, and its end is what became of it.
  ///   - onOutput: Gets all that it writes, as it comes, also what is not kept.
  func run(
    _ program: Program, isCancelled: () -> Bool, onOutput: (ArraySlice<UInt8>) -> Void
  ) -> ProgramResult
}

extension ProgramRunner {
  /// The same, to its end and without looking on.
  package func run(_ program: Program) -> ProgramResult {
    run(program, isCancelled: { false }, onOutput: { _ in })
  }
}
