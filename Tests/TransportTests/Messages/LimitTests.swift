import Model
import TestKit
import Testing
import Transport

@Suite struct `The page of limits` {
  private let code: [String: UInt64] = [
    "frameBytes": UInt64(Limits.frameBytes), "helloFrameBytes": UInt64(Limits.helloFrameBytes),
    "helloTotalBytes": UInt64(Limits.helloTotalBytes), "nameBytes": UInt64(Limits.nameBytes),
    "nonceBytes": UInt64(Limits.nonceBytes), "proofBytes": UInt64(Limits.proofBytes),
    "proofs": UInt64(Limits.proofs), "keyLines": UInt64(Limits.keyLines),
    "groups": UInt64(Limits.groups), "vectorEntries": UInt64(Limits.vectorEntries),
    "lookParts": UInt64(Limits.lookParts),
    "members": UInt64(Limits.members), "memberBytes": UInt64(Limits.memberBytes),
    "records": UInt64(Limits.records),
    "recordBytes": UInt64(Limits.recordBytes), "wants": UInt64(Limits.wants),
    "openWants": UInt64(Limits.openWants), "pieces": UInt64(Limits.pieces),
    "configurationBytes": UInt64(Limits.configurationBytes),
    "textBytes": UInt64(Limits.textBytes), "problems": UInt64(Limits.problems),
    "refusals": UInt64(Limits.refusals),
    "changes": UInt64(Limits.changes), "changeBytes": UInt64(Limits.changeBytes),
    "pathBytes": UInt64(TreePath.byteLimit), "componentBytes": UInt64(TreePath.componentLimit),
    "symlinkTarget": UInt64(ValueLimits.symlinkTarget),
    "principalName": UInt64(ValueLimits.principalName),
    "accessEntries": UInt64(ValueLimits.accessEntries), "fileSize": ValueLimits.fileSize,
    "sequence": Dot.sequenceLimit, "stepsOfPath": UInt64(HistoryLimits.stepsOfPath),
    "historyPaths": UInt64(HistoryLimits.paths), "runs": UInt64(HistoryLimits.runs),
    "replaced": UInt64(HistoryLimits.replaced),
    "reasonBytes": UInt64(HistoryLimits.reasonBytes),
    "userBytes": UInt64(HistoryLimits.userBytes),
  ]

  @Test func `says the numbers of the code`() {
    let rows = SessionPage("spec/limits.md").rows(under: "Limits")
    #expect(Set(rows.map { $0[0] }) == Set(code.keys))
    for row in rows { #expect(code[row[0]] == UInt64(row[1]), "\(row[0])") }
  }

  @Test func `names every limit of the file`() {
    let names = SessionPage("Sources/Transport/Wire/Limits.swift").text.split(separator: "\n")
      .compactMap { line in
        line.split(separator: " ").firstRange(of: ["static", "let"])
          .map { String(line.split(separator: " ")[$0.upperBound]) }
      }
    #expect(names.count > 15)
    #expect(names.filter { code[$0] == nil } == [])
  }
}
