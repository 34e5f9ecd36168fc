/// Bytes for people: `812 B`, `4.2 kB`, `1.3 MB`.
func byteText(_ count: some BinaryInteger) -> String {
  var value = Double(Int64(clamping: count))
  for unit in ["B", "kB", "MB", "GB"] {
    if value < 1_000 || unit == "GB" {
      return unit == "B" ? "\(Int(value)) B" : "\((value * 10).rounded() / 10) \(unit)"
    }
    value /= 1_000
  }
  return "\(count) B"
}

func secondsText(_ seconds: Double) -> String {
  seconds < 10 ? "\((seconds * 100).rounded() / 100) s" : "\((seconds * 10).rounded() / 10) s"
}
