extension CBORWriter {
  /// Values that were written elsewhere, as they are: the way to put a table before the values that
  /// it was made from.
  package mutating func append(_ encoded: [UInt8]) {
    var joined = bytes
    joined += encoded
    self = CBORWriter(after: joined)
  }
}
