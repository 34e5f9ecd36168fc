import Model

/// Exit statuses, as in `spec/cli.md`. Of several the highest counts.
enum ExitStatus {
  static let done: Int32 = 0
  static let conflicts: Int32 = 1
  static let notInSync: Int32 = 2
  static let pathsFailed: Int32 = 4

  static func of(_ kind: Failure.Kind) -> Int32 {
    switch kind {
    case .usage: 64
    case .badData: 65
    case .noInput: 66
    case .unavailable: 69
    case .internalFault: 70
    case .system: 71
    case .cannotCreate: 73
    case .inputOutput: 74
    case .busy: 75
    case .protocolFault: 76
    case .permission: 77
    case .configuration: 78
    }
  }

  /// For a session: a host that is not there is a reason to be out of sync, not an error.
  static func ofSession(_ failure: Failure) -> Int32 {
    failure.kind == .unavailable ? notInSync : of(failure.kind)
  }
}
