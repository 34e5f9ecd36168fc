extension Schema {
  /// Tables for the history of paths.
  static let historyTables = ""
}
