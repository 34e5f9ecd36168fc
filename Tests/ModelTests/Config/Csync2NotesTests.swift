import Model
import Testing

@Suite struct `What a configuration of csync2 means by now` {
  private func notes(_ text: String) -> [String] {
    read(text).config.map { csync2Notes($0).map(\.head) } ?? []
  }

  @Test(arguments: [
    ("include /x;", 0), ("exclude /x/**/cache;", 0), ("exclude /x/**/*.old;", 1),
    ("exclude /x/**/a?;", 1), ("exclude /x/*/y;", 0), ("auto none;", 0), ("auto younger;", 1),
    ("host (c);", 1), ("compare /y;", 0), ("compare /y /z;", 1), ("backup-directory /b;", 1),
    ("backup-generations 3;", 0), ("backup-generations 1;", 1), ("action { exec x; }", 1),
  ])
  func `is said of each statement that means something else`(statement: String, count: Int) {
    // One is always said: owners go by name.
    #expect(notes(group("include /x; \(statement)")).count == count + 1, "\(statement)")
  }

  @Test func `is said in the order of the file, with what to do`() {
    let found = notes("tempdir /t; nossl * *; ignore uid; lock-timeout 3; " + group("include /x;"))
    #expect(found.count == 5)
    #expect(found.first?.hasPrefix("c:1:1: ") == true, "\(found)")
    #expect(found.last?.contains("; see concord status") == true, "\(found)")
  }

  @Test func `leaves out what has no meaning here`() throws {
    let config = try #require(
      read("tempdir /t; nossl * *; database /d; lock-timeout 3; " + group("include /x;")).config)
    let text = config.adopted(from: "/etc/csync2/", port: 30_866).text()
    for word in ["tempdir", "nossl", "database", "lock-timeout"] {
      #expect(!text.contains(word), "\(text)")
    }
    #expect(text.contains("key /etc/csync2/k;") && text.contains("host a@a:30866 b@b:30866;"))
    #expect(read(text).config != nil, "\(text)")
  }
}
