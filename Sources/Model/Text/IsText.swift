/// Whether bytes are a text that may be merged: UTF-8 without control characters other than tab,
/// line feed, form feed and carriage return.
package func isText(_ bytes: [UInt8]) -> Bool {
  for byte in bytes where byte < 0x20 || byte == 0x7F {
    guard byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D else { return false }
  }
  return String(validating: bytes, as: UTF8.self) != nil
}

/// Whether bytes are no text to show: they have a byte 0 among the first 8000.
package func looksBinary(_ bytes: some Collection<UInt8>) -> Bool {
  bytes.prefix(8_000).contains(0)
}
