/// What is not as it should be today. Take entries out; put none in without a reason.
enum Exceptions {
  /// Files of more than 300 lines, and how many they may have.
  static let lines: [String: Int] = [:]

  /// Files with lines of more than 100 columns, and how many.
  static let longLines: [String: Int] = [
    "Tests/EndToEndTests/Lab/JSON.swift": 1,
    "Tests/EndToEndTests/Lab/Tree.swift": 1,
  ]

  /// Declarations without words, as `path: line`.
  static let undocumented: Set<String> = []
}
