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
}
