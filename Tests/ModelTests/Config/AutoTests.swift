import Model
import Testing

@Suite struct `The methods of a group` {
  private func method(_ statements: String, _ path: String) -> AutoMethod? {
    guard let path = TreePath(path) else { return nil }
    return read(group("include /x %p%; \(statements)")).config?.groups.first?
      .autoMethod(for: path)
  }

  @Test(arguments: [
    ("", "/x/f", AutoMethod.manual), ("auto younger;", "/x/f", .younger),
    ("auto younger; auto left;", "/x/f", .left), ("auto left; auto none /x/y;", "/x/y/f", .manual),
    ("auto left; auto none /x/y;", "/x/yy", .left), ("auto left /x/y; auto right;", "/x/y", .right),
    ("auto merge *.conf;", "/x/a.conf", .merge), ("auto merge *.conf;", "/x/a.conf/f", .manual),
    ("auto merge *.conf /x/m;", "/x/m/f", .merge), ("auto first /x/**/z;", "/x/a/b/z", .first),
    ("auto older %p%/a;", "%p%/a/b", .older), ("auto older %p%/a;", "/p/a/b", .manual),
    ("auto bigger *;", "%p%", .manual), ("auto bigger *;", "%p%/f", .bigger),
  ])
  func `are those of the last statement that matches`(
    statements: String, path: String, expected: AutoMethod
  ) {
    #expect(method(statements, path) == expected)
  }
}

@Suite struct `What a host keeps` {
  private func keeping(_ text: String) -> Keeping? {
    read(text + " " + group("include /x;")).config?.settings.keeping
  }

  @Test func `is what the configuration says`() {
    #expect(keeping("") == Keeping())
    var keeping = Keeping()
    keeping.versionBytes = 3 << 20
    keeping.totalBytes = 2 << 30
    keeping.ancestorBytes = 0
    keeping.steps = 7
    keeping.loserDays = 0
    #expect(
      self.keeping("held-size 3M; held-total 2G; ancestor-size 0; history 7; keep-losers 0;")
        == keeping)
    #expect(self.keeping("held-size 1023;")?.versionBytes == 1023)
    #expect(self.keeping("held-size 5K;")?.versionBytes == 5120)
    #expect(self.keeping("held-total 1048576G;")?.totalBytes == 1 << 50)
  }

  @Test(arguments: [
    ("held-size 0;", "`held-size` cannot be 0"), ("held-total 0K;", "`held-total` cannot be 0"),
    ("held-size 3T;", "`3T` is no size"), ("held-size M;", "`M` is no size"),
    ("held-size -1;", "`-1` is no size"), ("held-total 1048577G;", "`1048577G` is no size"),
    ("held-size 99999999999999999999;", "`99999999999999999999` is no size"),
    ("history many;", "`many` is no number"), ("history 1000001;", "`1000001` is no number"),
    ("keep-losers 36501;", "`36501` is no number"), ("history;", "`history` lacks its value"),
    ("history 1; history 2;", "`history` stands here again"),
  ])
  func `is refused where it is none`(statement: String, message: String) {
    let found = faults(statement + " " + group("include /x;"))
    #expect(found.count == 1 && found[0].contains(": " + message), "\(found)")
  }
}
