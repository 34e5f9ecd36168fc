extension String {
  /// Itself, cut at a character so that it has at most `count` bytes.
  package func limited(to count: Int) -> String {
    var out = self
    while out.utf8.count > count { out.removeLast() }
    return out
  }
}
