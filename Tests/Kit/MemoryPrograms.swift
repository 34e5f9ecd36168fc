package import Model
import Synchronization

/// Programs that only a test knows.
package final class MemoryPrograms: ProgramRunner {
  package typealias Answer = @Sendable (Program) -> ProgramResult

  private let state = Mutex<(answer: Answer?, runs: [Program])>((nil, []))

  package init(_ answer: Answer? = nil) { state.withLock { $0.answer = answer } }

  /// What was run, in order.
  package var runs: [Program] { state.withLock { $0.runs } }

  /// From now on.
  package func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

  package func run(
    _ program: Program, isCancelled: () -> Bool, onOutput: (ArraySlice<UInt8>) -> Void
  ) -> ProgramResult {
    let answer = state.withLock { state -> Answer? in
      state.runs.append(program)
      return state.answer
    }
    return answer?(program) ?? ProgramResult(end: .exit(0))
  }
}

extension Program {
  /// The arguments, as text.
  package var names: [String] { arguments.map { String(decoding: $0, as: UTF8.self) } }
  /// The names of the standard input.
  package var inputNames: [String] {
    input.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}
