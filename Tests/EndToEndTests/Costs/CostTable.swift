import Foundation

/// The table of counted costs in `spec/cost.md`: one row for each work and kind, today's count and
/// the limit.
///
/// A row is `| work | kind | today | limit |`, told from the page's other tables by its numbers and
/// its kind.
struct CostTable {
  static let page: String = {
    var folder = #filePath as NSString
    for _ in 0..<4 { folder = folder.deletingLastPathComponent as NSString }
    return "\(folder)/spec/cost.md"
  }()

  /// With `UPDATE=1` the tests write what they count instead of holding it against the limits.
  static let isUpdating = ProcessInfo.processInfo.environment["UPDATE"] == "1"

  private var lines: [String]

  init() throws {
    lines = try String(contentsOfFile: CostTable.page, encoding: .utf8).components(
      separatedBy: "\n")
  }

  /// What a work may cost, or nil if the table has no such row.
  func limit(_ work: String, _ kind: String) -> Double? {
    guard let row = row(work, kind) else { return nil }
    return Double(CostTable.cells(lines[row])[3])
  }

  /// Writes today's count, and a tenth more as the limit, into the row, which has to be there.
  mutating func write(_ work: String, _ kind: String, _ value: Double) throws {
    guard let row = row(work, kind) else {
      throw LabFailure("\(CostTable.page): no row \(work), \(kind)")
    }
    lines[row] = "| \(work) | \(kind) | \(shown(value)) | \(shown(limit(of: value))) |"
    try lines.joined(separator: "\n").write(
      toFile: CostTable.page, atomically: true, encoding: .utf8)
  }

  /// Where the row with four cells stands that begins so.
  private func row(_ work: String, _ kind: String) -> Int? {
    lines.firstIndex { line in
      let cells = CostTable.cells(line)
      return cells.count == 4 && cells[0] == work && cells[1] == kind
    }
  }

  private static func cells(_ line: String) -> [String] {
    guard line.hasPrefix("| ") else { return [] }
    return line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Whole numbers as such, others with two digits.
  private func shown(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : String(format: "%.2f", value)
  }

  /// A tenth more, whole where the count is whole; never so little that chance can reach it.
  private func limit(of value: Double) -> Double {
    let scale = value == value.rounded() ? 1.0 : 100.0
    return (max(value * 1.1, value + 0.02) * scale).rounded(.up) / scale
  }
}
