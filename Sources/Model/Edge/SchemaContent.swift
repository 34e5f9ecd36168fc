extension Schema {
  /// Tables for kept contents.
  static let contentTables = ""
}
