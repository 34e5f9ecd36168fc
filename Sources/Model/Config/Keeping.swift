/// How much this host keeps beside its index; each host may say it differently.
package struct Keeping: Hashable, Sendable {
  /// The largest version of a conflict that is fetched, in bytes.
  package var versionBytes: UInt64 = 64 << 20
  /// All contents that are kept, in bytes on this disk.
  package var totalBytes: UInt64 = 1 << 30
  /// The largest text file whose former content is kept for merging, in bytes; 0: none is.
  package var ancestorBytes: UInt64 = 64 << 10
  /// Steps of history a path.
  package var steps = 50
  /// How long versions that lost can be brought back, in days.
  package var loserDays = 30

  package init() {}

  /// The most that can be asked for: bytes, steps, days.
  static let sizeLimit: UInt64 = 1 << 50
  static let stepLimit = 1_000_000
  static let dayLimit = 36_500
}

extension Keeping {
  /// The statements that say it, without those that say what holds anyway.
  var lines: [String] {
    let usual = Keeping()
    var lines: [String] = []
    func add(_ word: Keyword, _ value: UInt64, unless usual: UInt64) {
      if value != usual { lines.append("\(word.rawValue) \(value);\n") }
    }
    add(.heldSize, versionBytes, unless: usual.versionBytes)
    add(.heldTotal, totalBytes, unless: usual.totalBytes)
    add(.ancestorSize, ancestorBytes, unless: usual.ancestorBytes)
    add(.history, UInt64(max(0, steps)), unless: UInt64(usual.steps))
    add(.keepLosers, UInt64(max(0, loserDays)), unless: UInt64(usual.loserDays))
    return lines
  }
}
