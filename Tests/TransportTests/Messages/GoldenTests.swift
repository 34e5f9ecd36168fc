import Model
import Testing
import Transport

@Suite struct `A message` {
  @Test(arguments: goldenMessages.map(\.name)) func `has the bytes that were promised`(
    _ name: String
  ) throws {
    let row = try #require(goldenMessages.first { $0.name == name })
    #expect(hexadecimal(row.message.encoded) == hexadecimal(unhex(row.hex)), "\(name)")
    #expect(try Message(encoded: unhex(row.hex)) == row.message, "\(name)")
  }
}
