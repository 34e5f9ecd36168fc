import Model
import TestKit
import Testing
import Transport

private let path = memoryPath("/w/f")

@Suite struct `A host that keeps copies` {
  private let trio = SessionTrio(statements: "include /w; backup-directory /b;")

  @Test func `keeps what peers replace and remove, not what its own people change`() throws {
    let (a, b) = (trio.a, trio.b)
    for version in ["1", "2", "3"] {
      a.tree.write(path, version)
      trio.meet(a, b)
    }
    #expect(b.tree.backupTexts(path) == ["2", "1"])
    #expect(a.tree.backupTexts(path).isEmpty)
    a.tree.remove(path)
    trio.meet(a, b)
    #expect(b.tree.backupTexts(path) == ["3", "2", "1"])
    #expect(b.tree.text(path) == nil)
  }

  @Test func `makes none for new attributes`() throws {
    let (a, b) = (trio.a, trio.b)
    a.tree.write(path, "1")
    trio.meet(a, b)
    a.tree.change(path, mode: 0o600)
    trio.meet(a, b)
    #expect(b.tree.nodes[path]?.mode == Mode(bits: 0o600))
    #expect(b.tree.backupTexts(path).isEmpty)
  }

  @Test func `replaces nothing that could not be copied, and goes on with the rest`() throws {
    let (a, b) = (trio.a, trio.b)
    let other = memoryPath("/w/g")
    for text in ["1", "2"] {
      a.tree.write(path, text)
      a.tree.write(other, text)
      if text == "2" {
        b.tree.trouble = { call, at in call == .backUp && at == path ? .full("no space") : nil }
      }
      trio.meet(a, b)
    }
    #expect(b.tree.text(path) == "1")
    #expect(b.tree.text(other) == "2")
    #expect(b.entry(path)?.state.contains(.pending) == true)
    b.tree.trouble = nil
    trio.meet(a, b)
    #expect(b.tree.text(path) == "2")
    #expect(b.tree.backupTexts(path) == ["1"])
  }

  @Test func `puts a copy back as a change of its own, and copies what that replaces`() throws {
    let (a, b) = (trio.a, trio.b)
    for text in ["1", "2"] {
      a.tree.write(path, text)
      trio.meet(a, b)
    }
    #expect(try restore(1, b) == .restored(path))
    #expect(b.tree.text(path) == "1")
    #expect(b.tree.backupTexts(path) == ["2", "1"])
    trio.meet(b, a)
    #expect(a.tree.text(path) == "1")
    #expect(try restore(9, b) == .missing)
  }

  @Test func `puts a copy back below directories that are gone`() throws {
    let (a, b) = (trio.a, trio.b)
    let inner = memoryPath("/w/d/e/f")
    a.tree.write(memoryPath("/w/d"), .directory, mode: 0o750)
    a.tree.write(memoryPath("/w/d/e"), .directory)
    a.tree.write(inner, "1")
    trio.meet(a, b)
    a.tree.remove(memoryPath("/w/d"))
    trio.meet(a, b)
    #expect(b.tree.nodes[memoryPath("/w/d")] == nil)
    #expect(try restore(1, b, inner) == .restored(memoryPath("/w/d")))
    #expect(b.tree.text(inner) == "1")
    #expect(b.tree.nodes[memoryPath("/w/d")]?.mode == Mode(bits: 0o750))
    trio.meet(b, a)
    #expect(a.tree.text(inner) == "1")
  }

  @Test func `puts nothing where a full directory or somebody's edit stands`() throws {
    let (a, b) = (trio.a, trio.b)
    for text in ["1", "2"] {
      a.tree.write(path, text)
      trio.meet(a, b)
    }
    b.tree.beforeInstall = { b.tree.write(path, "edited") }
    guard case .refused = try restore(1, b) else { return #expect(Bool(false)) }
    #expect(b.tree.text(path) == "edited")
    b.tree.beforeInstall = nil
    b.tree.remove(path)
    b.tree.write(path, .directory)
    b.tree.write(memoryPath("/w/f/g"), "in the way")
    guard case .refused = try restore(1, b) else { return #expect(Bool(false)) }
    #expect(b.tree.text(memoryPath("/w/f/g")) == "in the way")
  }

  private func restore(
    _ generation: Int, _ host: MemoryHost, _ path: TreePath = path
  ) throws -> Restoration.Outcome {
    let place = try #require(host.group.group.backupPlace)
    return try Restoration.run(
      path, generation: generation, group: host.group.group, anchors: host.group.selection.anchors,
      place: place, store: host.store, disk: host.disk)
  }
}
