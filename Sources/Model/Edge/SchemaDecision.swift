extension Schema {
  /// Tables for decided conflicts.
  static let decisionTables = ""
}
