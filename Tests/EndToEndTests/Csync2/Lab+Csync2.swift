import Foundation
import Testing

/// csync2's set-up: one directory for the system, one `csync2.cfg` for all hosts, and this program
/// under csync2's name.
extension Lab {
  var system: String { "\(folder)/system" }
  private var link: String { "\(folder)/bin/csync2" }

  /// Three hosts that have it, `a.lab`, `b.lab` and `c.lab`, if none are named.
  static func csync2(
    _ hosts: [String] = ["a.lab", "b.lab", "c.lab"], more: String = ""
  ) throws -> Lab {
    let lab = try Lab(hosts)
    for folder in [lab.system, "\(lab.folder)/bin"] { mkdir(folder, 0o755) }
    symlink(lab.binary, lab.link)
    try FileManager.default.copyItem(atPath: lab.key, toPath: "\(lab.system)/web.key")
    try lab.configureCsync2(more: more)
    return lab
  }

  /// Writes `csync2.cfg`, or another one beside it.
  ///
  /// - Parameters:
  ///   - members: The hosts as the group lists them; else all.
  ///   - more: Further statements of the group.
  func configureCsync2(
    _ name: String = "csync2.cfg", members: [String]? = nil, more: String = ""
  ) throws {
    let places = hosts.map { "  on \($0): \(root($0));\n" }.joined()
    let members = try members ?? hosts.map(member)
    let text = """
      # the same file on every host
      group web {
        host \(members.joined(separator: " "));
        key web.key;
        include %d%;
        exclude *.swp;
        \(more)
      }
      prefix d {
      \(places)}

      """
    try put(text, in: "\(system)/\(name)")
    for host in hosts { configurations[host] = "\(system)/csync2.cfg" }
  }

  /// A host as a group lists it.
  func member(_ host: String) throws -> String { "\(host)@127.0.0.1:\(try port(host).number)" }

  /// Starts csync2 on a host and does not wait for it.
  func startCsync2(_ host: String, _ words: [String]) throws -> Child {
    try Child(
      [link, "-N", host, "-D", state(host)] + words, scratch: scratch,
      environment: ["CSYNC2_SYSTEM_DIR": system])
  }

  /// Runs csync2 on a host and says what came of it.
  func csync2(_ host: String, _ words: String...) throws -> Outcome {
    try startCsync2(host, words).wait()
  }

  /// The same with an expectation of its status: csync2's.
  @discardableResult
  func csync2(
    _ host: String, _ words: String..., exits: Int32, at place: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try startCsync2(host, words).wait()
    expect(outcome, [exits], at: place)
    return outcome
  }

  /// Runs a script as cron does on a host: csync2 is found through PATH, and nothing else says how
  /// it is called here.
  func cron(_ host: String, _ script: String) throws -> Outcome {
    try Child(
      ["/bin/sh", "-c", script], scratch: scratch,
      environment: [
        "PATH": "\(folder)/bin:/usr/bin:/bin", "CSYNC2_SYSTEM_DIR": system,
        "CONCORD_HOSTNAME": host, "CONCORD_STATE": state(host), "ROOT": root(host),
      ]
    ).wait()
  }

  /// What everybody is told to run at the end: both ways, twice.
  func cronRuns(exits: Int32 = 0, at place: SourceLocation = #_sourceLocation) throws {
    for host in hosts { _ = try csync2(host, "-x") }
    for host in hosts { expect(try csync2(host, "-x"), [exits], at: place) }
  }
}
