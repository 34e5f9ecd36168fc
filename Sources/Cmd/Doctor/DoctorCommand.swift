import ArgumentParser
import Model

/// `doctor`
struct DoctorCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Every precondition and invariant, one line each, with the cure.",
    discussion: """
      Changes nothing and meets nobody. Status 0: nothing is broken. 4: a line says FAIL.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions

  func execute(_ context: Context) throws -> Int32 {
    tell(Doctor(node: try context.here()).findings, context)
  }

  func execute(_ context: Context, without failure: any Error) throws -> Int32 {
    tell(Doctor.findings(context.settings, without: failure), context)
  }

  private func tell(_ findings: [Diagnosis], _ context: Context) -> Int32 {
    if format.isJSON {
      context.put(
        .object([
          ("schema", .string("concord.doctor/1")), ("host", .string(context.settings.hostName)),
          ("findings", .array(findings.map(\.json))),
        ]))
    } else {
      for finding in findings { context.console.out(finding.text) }
    }
    return findings.contains { $0.level == .fail } ? ExitStatus.pathsFailed : ExitStatus.done
  }
}

/// Looks at everything that concord rests on, on this host.
struct Doctor {
  let node: Node

  var settings: Settings { node.settings }

  /// All looks, in the order in which they are told: what the others rest on first.
  var findings: [Diagnosis] {
    let looks: [(String, () throws(Failure) -> [Diagnosis])] = [
      ("kernel", { () throws(Failure) in Self.kernel(settings) }),
      ("configuration", { () throws(Failure) in configuration() }),
      ("key", { () throws(Failure) in keys() }),
      ("state", { () throws(Failure) in Self.stateDirectory(settings) }),
      ("machine", { () throws(Failure) in machine() }),
      ("database", { () throws(Failure) in try database() }),
      ("identity", { () throws(Failure) in identity() }),
      ("root", { () throws(Failure) in try roots() }),
      ("journal", { () throws(Failure) in try journal() }),
      ("records", { () throws(Failure) in try records() }),
      ("contents", { () throws(Failure) in try node.contentFindings() }),
      ("serve", { () throws(Failure) in serving() }),
      ("peer", { () throws(Failure) in try peers() }),
      ("deletions", { () throws(Failure) in try collection() }),
      ("actions", { () throws(Failure) in try actions() }),
      ("open", { () throws(Failure) in try openWork() }),
    ]
    var out: [Diagnosis] = []
    for (name, look) in looks {
      do throws(Failure) { out += try look() } catch { out.append(.fail(name, error)) }
    }
    return out
  }

  /// What can be said although the configuration or the state cannot be used.
  static func findings(_ settings: Settings, without failure: any Error) -> [Diagnosis] {
    var out = kernel(settings)
    switch failure {
    case let faults as ConfigFaults:
      out += faults.faults.map {
        .fail("configuration", "\($0.position): \($0.message)", $0.remedy)
      }
    case let failure as Failure where failure.kind == .configuration:
      out.append(.fail("configuration", failure))
    case let failure as Failure:
      out += stateDirectory(settings).filter { $0.level != .ok }
      if !out.contains(where: { $0.level == .fail }) { out.append(.fail("state", failure)) }
    default: out.append(.fail("concord", "\(failure)", ""))
    }
    return out
  }
}

extension Node {
  /// What is wrong with the contents that are kept for conflicts: every byte is read.
  func contentFindings() throws(Failure) -> [Diagnosis] {
    let (count, bytes, damaged) = try real.examineContents()
    let limit = config.settings.keeping.totalBytes
    let held = "\(count) kept contents, \(byteText(bytes)) of \(byteText(limit))"
    if !damaged.isEmpty {
      return [
        .fail(
          "contents", "\(damaged.count) of \(held) are damaged",
          "stop concord and remove contents.db from the state: what conflicts need is fetched again"
        )
      ]
    }
    guard bytes <= limit else {
      return [.warn("contents", held, "settle conflicts, or give held-total more")]
    }
    return [.ok("contents", held)]
  }
}
