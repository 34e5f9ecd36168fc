/// One command that has to run, runs or ran, after changes of certain paths.
package struct ActionRun: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// For its turn, or for its next try.
    case waiting
    case running
    /// It was tried often enough: somebody has to look, or another change tries again.
    case failed
    case done
  }

  /// Never given out twice; 0: not kept yet.
  package var id: Int64
  package var order: ActionOrder
  package var state: State
  /// How often it was begun.
  package var attempts: Int
  /// When it may run, in seconds since 1970.
  package var due: Int64
  /// When the first of its changes was made, in seconds since 1970.
  package var queued: Int64
  /// The last try, in seconds since 1970.
  package var started: Int64?
  package var ended: Int64?
  /// How the last try ended, in words: `exit 1`; empty: there was none. Escaped.
  package var end: String
  /// How much the last try wrote in all, in bytes.
  package var outputBytes: UInt64
  /// How many paths it is about.
  package var names: Int

  package init(order: ActionOrder, seconds: Int64) {
    id = 0
    self.order = order
    state = .waiting
    attempts = 0
    due = seconds
    queued = seconds
    end = ""
    outputBytes = 0
    names = 0
  }

  /// How many runs that are done are kept, and how many names of each.
  package static let keptRuns = 100
  package static let keptNames = 1_000

  /// Whether something went wrong that is not over yet.
  package var isTrouble: Bool {
    state == .failed || state == .waiting && attempts > 0 && !end.isEmpty
  }
}

/// What a group's configuration wants to be run: runs of the same group, command and log file are
/// one.
package struct ActionOrder: Hashable, Sendable {
  package var group: String
  /// As written.
  package var command: String
  /// As written; nil: the output is kept with the run only.
  package var logFile: String?
  /// Of the action in the configuration, as in `concord.cfg:12:3`; escaped.
  package var place: String
  package var timeoutSeconds: Int
  /// How often it is tried again.
  package var retries: Int

  package init(
    group: String, command: String, logFile: String?, place: String, timeoutSeconds: Int,
    retries: Int
  ) {
    self.group = group
    self.command = command
    self.logFile = logFile
    self.place = place
    self.timeoutSeconds = timeoutSeconds
    self.retries = retries
  }

  /// Where the configuration says nothing.
  package static let defaultRetries = 10
}

extension Action {
  /// One for each of its commands.
  func orders(_ group: String) -> [ActionOrder] {
    commands.map {
      ActionOrder(
        group: group, command: $0, logFile: logFile, place: "\(position)",
        timeoutSeconds: timeoutSeconds ?? Program.defaultTimeoutSeconds,
        retries: retries ?? ActionOrder.defaultRetries)
    }
  }
}
