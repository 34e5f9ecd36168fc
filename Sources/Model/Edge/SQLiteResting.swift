package import Model

// What is held in memory.
extension SQLiteStore {
  package func rest() throws(Failure) {
    contents = [:]
    try database.script("PRAGMA shrink_memory")
    try kept?.rest()
  }

  package func passBytes() throws(Failure) -> UInt64 {
    let pages = try database.first("PRAGMA page_count") { row throws(Failure) in row.integer(0) }
    return UInt64(max(0, pages ?? 0)) * 4_096
  }

  package func knowsContents(_ group: String) -> Bool { contents[group] != nil }
}
