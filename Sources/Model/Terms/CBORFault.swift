/// Why bytes of a peer or a file are not what the format says, and where.
package struct WireFault: Error, Hashable, Sendable {
  /// The kind of fault; its raw value completes *byte N:*.
  package enum What: String, Hashable, Sendable {
    case truncated = "it ends too early"
    case wrongType = "another type of value is expected"
    case notShortest = "a number is not in its shortest form"
    case indefinite = "a length is missing"
    case tooLarge = "a number or length is beyond its limit"
    case badText = "a text is not UTF-8"
    case badOrder = "keys are not in ascending order, or one comes twice"
    case unknownKey = "a key is unknown"
    case missing = "a value is missing"
    case trailing = "bytes follow the end"
    case badValue = "a value is not allowed"
  }

  package var what: What
  /// The byte, from 0, at which the value in question begins.
  package var offset: Int

  package init(_ what: What, at offset: Int) {
    self.what = what
    self.offset = offset
  }
}

extension WireFault: CustomStringConvertible {
  package var description: String { "byte \(offset): \(what.rawValue)" }
}
