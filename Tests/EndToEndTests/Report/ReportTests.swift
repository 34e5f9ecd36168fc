import Foundation
import Testing

/// The page of `report`, as written and as a browser sees it.
@Suite struct `A report` {
  /// Markup, marks that reorder text, a control byte and one that is not UTF-8.
  private static let hostileName =
    Name(
      bytes: Array("\"><img src=x onerror=document.title=1>\u{202E}\u{1B}[31m<script>".utf8) + [
        0xFF
      ])
  private static let hostileText =
    "<script>document.title='taken'</script>\n</style></table></body>\n\u{1B}[2J\u{202E}\r\n"

  /// Three hosts; conflicts of texts, one with names and contents that mean harm.
  private func lab() throws -> Lab {
    let lab = try Lab()
    try lab.base(["f": "one\ntwo\nthree\n", "g": "base\n"])
    try lab.write("a", "f", "one\nfrom a\nthree\n")
    try lab.write("b", "f", "one\nfrom b\nthree\n")
    try lab.write("a", Self.hostileName, Self.hostileText + "a\n")
    try lab.write("c", Self.hostileName, Self.hostileText + "c\n")
    try lab.write("a", "g", "g of a\n")
    try lab.write("c", "g", "g of c\n")
    try lab.settle(exits: 1)
    return lab
  }

  private func page(_ lab: Lab, _ host: String = "a") throws -> String {
    let file = "\(lab.folder)/page.html"
    let outcome = try lab.run(host, "report", "--format", "html", file)
    expect(outcome, [0], at: #_sourceLocation)
    #expect(outcome.silent, "\(outcome)")
    return String(decoding: try Tree.bytes(file.utf8CString.map { $0 }), as: UTF8.self)
  }

  /// Runs the browser on the page that was written last.
  private func browse(_ lab: Lab, _ options: String...) throws -> String {
    let words =
      ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
      + ["--disable-dev-shm-usage", "--user-data-dir=\(lab.folder)/browser"]
    let outcome = try Child(
      words + options + ["file://\(lab.folder)/page.html"], scratch: lab.scratch
    ).wait(seconds: 120)
    guard outcome.status == 0 else { throw LabFailure("no browser: make setup: \(outcome)") }
    return outcome.out
  }

  @Test func `shows conflicts, hosts and trends in a browser, and nothing on it runs`() throws {
    let lab = try lab()
    let page = try page(lab)
    let title = try #require(page.firstMatch(of: /<title>(.*)<\/title>/)).1
    #expect(title == "concord on a: 3 conflicts are open")
    let seen = try browse(lab, "--dump-dom")
    #expect(seen.contains("<title>\(title)</title>"))
    for conflict in try lab.conflicts("a") {
      #expect(seen.contains("id=\"c-\(conflict["id"].text ?? "?")\""))
    }
    // The texts of both sides, with what differs marked.
    #expect(seen.contains("from <mark>b</mark>") && seen.contains("from <mark>a</mark>"))
    #expect(seen.contains("g of <mark>a</mark>") && seen.contains("g of <mark>c</mark>"))
    #expect(!seen.contains("is not at hand on this host"))
    #expect(seen.contains("<table class=\"matrix\">") && seen.contains("<svg"))
    // What came from outside is text: no element of it is in the document.
    for element in ["<script", "<img", "<link", "<iframe", "onerror=\""] {
      #expect(!seen.contains(element), "\(element)")
    }
    #expect(seen.components(separatedBy: "<body>").count == 2)
    #expect(seen.contains("&lt;script&gt;document.title"))
    #expect(seen.contains(#"onerror=document.title=1&gt;\xe2\x80\xae\x1b[31m&lt;script&gt;\xff"#))
  }

  @Test func `loads nothing and holds no byte that means harm`() throws {
    let lab = try lab()
    let page = try page(lab)
    #expect(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:"))
    #expect(page.firstMatch(of: /(src|href|url\(|action)\s*[=(]?\s*["']?(https?:|\/\/)/) == nil)
    #expect(!page.contains("<script") && !page.contains("@import") && !page.contains("url("))
    #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
    #expect(!page.unicodeScalars.contains("\u{202E}") && !page.unicodeScalars.contains("\u{FFFD}"))
  }

  @Test(arguments: ["1280,1600", "500,1600"])
  func `is drawn in more than one colour`(size: String) throws {
    let lab = try lab()
    _ = try page(lab)
    let picture = "\(lab.folder)/page.png"
    _ = try browse(lab, "--screenshot=\(picture)", "--window-size=\(size)")
    let script = """
      import struct,sys,zlib
      b=open(sys.argv[1],'rb').read(); assert b[:8]==b'\\x89PNG\\r\\n\\x1a\\n'
      w,h=struct.unpack('>II',b[16:24]); p=8; d=b''
      while p<len(b):
        n=struct.unpack('>I',b[p:p+4])[0]
        if b[p+4:p+8]==b'IDAT': d+=b[p+8:p+8+n]
        p+=12+n
      d=zlib.decompress(d); s=len(d)//h
      print(w, len(set(d[i*s:(i+1)*s] for i in range(h))))
      """
    let figures = try lab.tool("python3", "-c", script, picture).split(separator: " ")
    #expect(figures.first == size.split(separator: ",").first)
    // Rows of an empty page are all alike.
    let rows = Int(figures.last?.trimmingCharacters(in: .newlines) ?? "") ?? 0
    #expect(rows > 200, "\(figures)")
  }

  @Test func `counts what each host lacks`() throws {
    let lab = try Lab()
    try lab.base(["f": "text"])
    try lab.settle()
    let calm = try page(lab)
    #expect(calm.contains("All hosts are in sync."))
    #expect(!calm.contains("class=\"some\"") && !calm.contains("class=\"unknown\""))
    try lab.down("c")
    for number in 0..<3 { try lab.write("a", "new \(number)", "text") }
    try lab.sync("a", exits: 2)
    try lab.sync("b", exits: 2)
    let page = try page(lab)
    func row(_ host: String) -> [String] {
      let start = page.components(separatedBy: "<th scope=\"row\">\(host)</th>").dropFirst().first
      return (start?.components(separatedBy: "</tr>").first ?? "").matches(of: />([^<]+)</)
        .map { String($0.1) }
    }
    #expect(row("a") == ["–", "0", "3"])
    #expect(row("b") == ["0", "–", "3"])
    #expect(row("c") == ["0", "0", "–"])
  }

  @Test func `draws the runs of sync, those that only looked left out`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "text"])
    #expect(try page(lab).contains("They begin with the second run"))
    for _ in 0..<2 { try lab.sync("a", "--dry-run") }
    #expect(try page(lab).contains("They begin with the second run"))
    for _ in 0..<2 { try lab.sync("a") }
    #expect(try page(lab).contains("The last 3 runs of"))
  }

  @Test func `goes to standard output for a dash`() throws {
    let lab = try Lab(["a"])
    let outcome = try lab.run("a", "report", "-")
    #expect(outcome.status == 0 && outcome.out.hasPrefix("<!doctype html>\n"), "\(outcome)")
    #expect(outcome.out.hasSuffix("</html>\n"))
  }

  @Test func `replaces a file as a whole and keeps its mode`() throws {
    let lab = try Lab(["a"])
    let folder = "\(lab.folder)/pages"
    mkdir(folder, 0o755)
    let file = "\(folder)/page.html"
    expect(try lab.run("a", "report", file), [0], at: #_sourceLocation)
    #expect(Sight(file.utf8CString.map { $0 })?.mode == 0o600)
    chmod(file, 0o644)
    let open = try #require(FileHandle(forReadingAtPath: file))
    let before = try open.readToEnd()
    expect(try lab.run("a", "report", file), [0], at: #_sourceLocation)
    // Who had the old page open still has all of it.
    try open.seek(toOffset: 0)
    #expect(try open.readToEnd() == before)
    #expect(Sight(file.utf8CString.map { $0 })?.mode == 0o644)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["page.html"])
  }

  @Test func `is refused where it cannot be written, and for other formats`() throws {
    let lab = try Lab(["a"])
    let pipe = "\(lab.folder)/pipe"
    mkfifo(pipe, 0o600)
    #expect(try lab.run("a", "report", pipe).status == 73)
    #expect(Sight(pipe.utf8CString.map { $0 })?.type == "fifo")
    #expect(try lab.run("a", "report", "\(lab.folder)/none/page.html").status == 73)
    let outcome = try lab.run("a", "report", "--format", "pdf", "\(lab.folder)/page.pdf")
    #expect(outcome.status == 64 && outcome.err.contains("html"), "\(outcome)")
    #expect(try lab.run("a", "report").status == 64)
  }
}
