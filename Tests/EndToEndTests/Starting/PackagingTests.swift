import Foundation
import Testing

@Suite struct `The packaging` {
  private let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    + "/packaging"

  @Test(arguments: ["concord.service", "concord.socket"])
  func `has units that systemd understands`(unit: String) throws {
    let lab = try Lab(["a"])
    // The program stands elsewhere here than after an installation.
    for name in ["concord.service", "concord.socket"] {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      try lab.put(
        text.replacingOccurrences(of: "/usr/local/sbin/concord", with: lab.binary),
        in: "\(lab.folder)/\(name)")
    }
    let outcome = try Child(
      ["systemd-analyze", "verify", "--man=no", "\(lab.folder)/\(unit)"], scratch: lab.scratch
    ).wait()
    #expect(outcome.status == 0 && !outcome.err.contains(unit), "\(outcome)")
  }

  @Test func `has a page of the manual that reads without complaint`() throws {
    let lab = try Lab(["a"])
    let outcome = try Child(
      ["groff", "-man", "-ww", "-Tascii", "-P-c", "-P-b", "-P-u", "\(folder)/concord.8"],
      scratch: lab.scratch
    ).wait()
    #expect(outcome.status == 0 && outcome.stderr.isEmpty, "\(outcome)")
    for word in ["adopt", "SIGHUP", "CONCORD_STATE"] {
      #expect(outcome.out.contains(word), "\(word)")
    }
  }
}
