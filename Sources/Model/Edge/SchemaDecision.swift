extension Schema {
  /// What a policy has decided, beside the row of its path; a row without it costs nothing.
  static let decisionTables = "ALTER TABLE entry ADD COLUMN decided BLOB;"
}
