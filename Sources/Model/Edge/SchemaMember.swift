extension Schema {
  /// Tables for members that left.
  static let memberTables = ""
}
