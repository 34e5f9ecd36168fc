import Testing

@Suite struct `The sources` {
  private let sources = SourceTree.sources
  private let all = SourceTree.sources + SourceTree.tests

  @Test func `are found`() {
    #expect(sources.count > 100)
    #expect(SourceTree.tests.contains { $0.path.hasSuffix("TidyTests.swift") })
  }

  @Test func `have at most 300 lines a file`() {
    let long = all.filter { $0.lines.count > max(300, Exceptions.lines[$0.path] ?? 0) }
    #expect(long.map(\.path) == [])
  }

  @Test func `have at most 100 columns a line`() {
    for file in all {
      let long = file.lines.enumerated().filter { $1.count > 100 }.map { $0.offset + 1 }
      #expect(
        long.count <= Exceptions.longLines[file.path] ?? 0, "\(file.path): lines \(long)")
    }
  }

  @Test func `have no exception that nothing needs`() {
    for (path, limit) in Exceptions.lines {
      #expect((all.first { $0.path == path }?.lines.count ?? 0) <= limit, "\(path)")
      #expect(SourceTree.exists(path), "\(path)")
    }
    for path in Exceptions.longLines.keys { #expect(SourceTree.exists(path), "\(path)") }
  }

  @Test func `import Foundation only where the binary is driven from outside`() {
    let users = all.filter { $0.imports.contains("Foundation") }.map(\.path)
    #expect(users.filter { !$0.hasPrefix("Tests/EndToEndTests/") } == [])
  }

  @Test func `keep the core pure`() {
    let allowed: [(folder: String, modules: Set<String>)] = [
      ("Sources/Model/Edge/", ["Model", "CLinux", "CSQLite", "CHash", "CACL", "CZip", "Threads"]),
      ("Sources/Model/", []),
      ("Sources/Transport/Edge/", ["Model", "Transport", "CGnuTLS", "CZstd", "Threads"]),
      ("Sources/Transport/", ["Model"]),
      (
        "Sources/Cmd/",
        [
          "Model", "ModelEdge", "Transport", "TransportEdge", "Threads", "ArgumentParser",
          "Logging",
        ]
      ),
    ]
    for file in sources {
      guard let rule = allowed.first(where: { file.path.hasPrefix($0.folder) }) else {
        Issue.record("\(file.path) stands in no known folder")
        continue
      }
      let isCore = !file.path.contains("/Edge/") && !file.path.hasPrefix("Sources/Cmd/")
      let system: Set<String> = isCore ? [] : ["Glibc", "Synchronization"]
      let other = file.imports.filter { !rule.modules.contains($0) && !system.contains($0) }
      #expect(other == [], "\(file.path)")
    }
  }

  @Test func `name each library's functions in few files`() {
    func users(_ prefix: String) -> [String] {
      sources.filter { !$0.places(of: prefix).isEmpty }.map(\.path)
    }
    #expect(users("compress2(") == ["Sources/Model/Edge/Zip.swift"])
    #expect(users("sqlite3_") == ["Sources/Model/Edge/SQLiteConnection.swift"])
    #expect(
      users("gnutls_") == [
        "Sources/Model/Edge/Hashing.swift", "Sources/Transport/Edge/Crypto.swift",
        "Sources/Transport/Edge/TLSSession.swift",
      ])
  }

  @Test(arguments: [
    // Words that the sources must not hold, so that they are named here and nowhere else.
    (word: "fatalError(", why: "it ends the process on what may come from a peer"),
    (word: "try!", why: "it ends the process where a failure has to be told"),
    (word: " as! ", why: "it ends the process on a value of another type"),
    (word: "import XCTest", why: "tests are written with Testing"),
    (word: "print(\"DEBUG", why: "it was left behind by somebody who looked for a fault"),
  ])
  func `never say`(_ banned: (word: String, why: String)) {
    #expect(sources.flatMap { $0.places(of: banned.word) } == [], "\(banned.why)")
  }

  @Test(arguments: [
    "Date()", "getenv(", "CommandLine", "SystemRandomNumberGenerator", "randomElement()",
  ])
  func `in the core, never ask for`(_ ambient: String) {
    let core = sources.filter {
      !$0.path.contains("/Edge/") && !$0.path.hasPrefix("Sources/Cmd/")
    }
    #expect(core.flatMap { $0.places(of: ambient) } == [])
  }

  @Test(arguments: ["@unchecked Sendable", "nonisolated(unsafe)"])
  func `say why it is safe where the compiler is told to trust`(_ mark: String) {
    for file in sources {
      for (number, line) in file.lines.enumerated() where line.contains(mark) {
        let near = file.lines[max(0, number - 2)...min(number + 2, file.lines.count - 1)]
        #expect(near.contains { $0.contains("//") }, "\(file.path):\(number + 1)")
      }
    }
  }

  @Test func `explain every type and function that other modules see`() {
    for file in sources {
      for (number, line) in file.lines.enumerated() where declares(line) {
        let before = file.lines[..<number].last { !$0.hasPrefix("@") && !$0.hasPrefix("  @") }
        let isExplained = before.map { $0.hasPrefix("///") } ?? false
        let name = "\(file.path): \(line)"
        #expect(isExplained || Exceptions.undocumented.contains(name), "\(name)")
      }
    }
  }

  /// Only what stands at the left margin: members speak through their type's words.
  private func declares(_ line: String) -> Bool {
    let words = line.split(separator: " ").map { String($0) }
    guard words.first == "package", line.hasPrefix("package") else { return false }
    let kinds: Set<String> = ["struct", "enum", "class", "protocol", "func", "typealias"]
    return words.dropFirst().prefix(3).contains { kinds.contains($0) }
  }

  @Test func `use within Model only what stands before in the line of folders`() {
    // A type belongs to the folder that declares it; only the names that are surely unique count.
    let later: [(folder: String, words: [String])] = [
      ("Terms", ["VersionVector", "Register<", "Record(", "Config(", "Entry(path", "any Store"]),
      ("Text", ["VersionVector", "Register<", "Record(", "Config(", "Entry(path", "any Store"]),
      ("Version", ["Config(", "Selection(", "Entry(path", "any Store", "any Disk"]),
      ("History", ["Config(", "Selection(", "Entry(path", "any Store", "any Disk"]),
      ("Config", ["VersionVector", "Record(", "Entry(path", "any Store", "any Disk"]),
      ("Index", ["Scanner", "Applier", " Conflict("]),
      ("Ports", ["Scanner", "Applier", "Verdict", " Conflict("]),
      ("Scan", ["Applier", "Verdict", " Conflict("]),
      ("Plan", ["Applier", "Scanner", " Conflict(", "any Disk", "any Store"]),
      ("Apply", ["Scanner", " Conflict("]),
    ]
    for (folder, words) in later {
      for file in sources where file.path.hasPrefix("Sources/Model/\(folder)/") {
        for word in words { #expect(file.places(of: word) == [], "\(word)") }
      }
    }
    for file in sources where file.path.hasPrefix("Sources/Transport/Wire/") {
      for word in ["Inbound", "Outbound", "Ledger", "any Store", "any Disk"] {
        #expect(file.places(of: word) == [], "\(word)")
      }
    }
  }
}

@Suite struct `The specification` {
  @Test func `names only files that exist`() {
    for page in SourceTree.files(below: "spec") where page.hasSuffix(".md") {
      let text = SourceTree.read(page) ?? ""
      for word in text.split(whereSeparator: { " \n`|()[],;".contains($0) }) {
        let name = word.hasSuffix(":") || word.hasSuffix(".") ? word.dropLast() : word
        guard name.hasPrefix("Sources/") || name.hasPrefix("Tests/"), !name.contains("*"),
          !name.contains("{"), !name.contains("…")
        else { continue }
        #expect(SourceTree.exists(String(name)), "\(page): \(name)")
      }
    }
  }

  @Test(arguments: ["spec/wire.md", "spec/reconcile.md", "spec/limits.md"])
  func `says which sources carry a page out and which tests hold it`(_ page: String) {
    let text = SourceTree.read(page) ?? ""
    #expect(text.contains("Sources/"), "\(page)")
    #expect(text.contains("Tests/"), "\(page)")
  }

  static let pages = ["spec/situations.md", "spec/csync2-features.md"]

  /// A row of a page that names tests: number, situation, outcome, and the tests that hold it.
  private func situations(_ page: String) -> [[String]] {
    (SourceTree.read(page) ?? "").split(separator: "\n")
      .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| Number ") }
      .map { line in
        line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
          .map { cell in String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
      }
  }

  @Test(arguments: zip(pages, [60, 20]))
  func `numbers each situation once`(_ page: String, _ count: Int) {
    let rows = situations(page)
    #expect(rows.count > count)
    for row in rows { #expect(row.count == 4 && !row.contains(""), "\(row)") }
    #expect(Set(rows.map { $0.first }).count == rows.count)
  }

  @Test(arguments: pages)
  func `names for each situation a test that is there`(_ page: String) {
    for row in situations(page) {
      // A file below Tests, then its test in backticks; several are told apart by commas.
      let parts = (row.last ?? "").split(separator: "`").map { String($0) }
      let files = parts.indices.filter { $0 % 2 == 0 }.map { index in
        String(parts[index].drop { $0 == "," || $0 == " " }.prefix { $0 != " " })
      }
      let names = parts.indices.filter { $0 % 2 == 1 }.map { parts[$0] }
      #expect(!names.isEmpty && files.count == names.count, "\(row)")
      for (file, name) in zip(files, names) {
        let text = SourceTree.read("Tests/\(file)") ?? ""
        #expect(text.contains("func `\(name)`"), "\(row[0]): \(file): \(name)")
      }
    }
  }
}
