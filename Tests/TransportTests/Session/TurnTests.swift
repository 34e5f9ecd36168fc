import Model
import TestKit
import Testing
import Transport

@Suite struct `Round trips` {
  /// How often each side waits for the other until all files of one are on the other.
  private func turns(files: Int, directories: Int, changed: Int? = nil) throws -> Int {
    let a = MemoryHost("a", number: 1, hosts: ["a", "b"])
    let b = MemoryHost("b", number: 2, hosts: ["a", "b"])
    for directory in 0..<directories {
      a.tree.write(memoryPath("/w/\(directory)"), .directory)
    }
    func write(_ count: Int, _ text: String) {
      for file in 0..<count {
        a.tree.write(memoryPath("/w/\(file % directories)/\(file)"), "\(text) \(file)")
      }
    }
    write(files, "text")
    var result = try meet(a, b)
    if let changed {
      write(changed, "another text")
      result = try meet(a, b)
    }
    for file in 0..<files {
      let path = memoryPath("/w/\(file % directories)/\(file)")
      #expect(b.tree.nodes[path]?.content == a.tree.nodes[path]?.content)
    }
    return result.turns
  }

  private func meet(_ a: MemoryHost, _ b: MemoryHost) throws -> SessionPump.Result {
    var pump = SessionPump(seed: 1)
    pump.inTurns = true
    let result = pump.run(a, b)
    #expect(result.end == .complete)
    return result
  }

  @Test func `are as many for a thousand files as for one`() throws {
    let one = try turns(files: 1, directories: 1)
    #expect(try turns(files: 1_000, directories: 20) == one)
    #expect(one <= 4)
  }

  @Test func `are as many for hundreds of changes as for one`() throws {
    let one = try turns(files: 600, directories: 6, changed: 1)
    #expect(try turns(files: 600, directories: 6, changed: 600) == one)
    #expect(one <= 4)
  }
}
