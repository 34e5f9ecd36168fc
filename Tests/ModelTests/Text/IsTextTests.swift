import Model
import Testing

@Suite struct `Bytes are text` {
  @Test(arguments: ["", "a\n", "caf\u{E9} \u{1F4BE}\r\n", "tab\tfeed\u{0C}"])
  func `if they are UTF-8`(_ text: String) { #expect(isText(Array(text.utf8))) }

  @Test func `never with other control characters`() {
    for byte: UInt8 in [0, 1, 8, 0x0B, 0x1B, 0x7F] {
      #expect(!isText(Array("text".utf8) + [byte]), "\(byte)")
    }
  }

  @Test func `never in another coding`() {
    #expect(!isText(Array("caf".utf8) + [0xE9, 0x0A]))
  }
}
