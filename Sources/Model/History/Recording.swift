/// How events of this host are written down beside what they did.
package struct Recording: Hashable, Sendable {
  /// Seconds since 1970; nil: no time is written down.
  package var seconds: Int64?
  /// The user on whose command; empty: nobody's, or not known.
  package var user: String
  /// How many steps a path keeps.
  package var steps: Int

  package init(seconds: Int64? = nil, user: String = "", steps: Int = Keeping().steps) {
    self.seconds = seconds
    self.user = user
    self.steps = steps
  }
}

/// The steps of one path, in the order of their dots, as hosts tell each other.
package struct PathSteps: Hashable, Sendable {
  package var path: TreePath
  package var steps: [HistoryStep]

  package init(path: TreePath, steps: [HistoryStep]) {
    self.path = path
    self.steps = steps
  }
}

/// How much history is kept, and how much of it one step can hold.
package enum HistoryLimits {
  /// Steps of one path, whatever the configuration says.
  package static let stepsOfPath = 1_024
  /// Paths with steps, in all groups of a host.
  package static let paths = 100_000
  /// Stamps of a group; as many arrivals.
  package static let runs = 10_000
  /// Contents that one step replaced.
  package static let replaced = 64
  /// A reason, in bytes.
  package static let reasonBytes = 1_000
  /// The name of a user, in bytes.
  package static let userBytes = 255
}
