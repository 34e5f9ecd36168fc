// Bytes from outside as text of a page. Whatever they are, they open no tag, end no attribute and
// reorder nothing: markup characters become references, and what `escaped` would not let onto a
// terminal is written as an escape.

/// A name: as `escaped` writes it.
package func htmlText(_ bytes: some Collection<UInt8>) -> String {
  page(bytes, isOpen: { $0 != "\\" }, escape: { escape($0) })
}

/// Words that hold names which were escaped before: the backslash stays.
package func htmlText(_ words: String) -> String {
  page(words.utf8, isOpen: { _ in true }, escape: { escape($0) })
}

/// A line of a file, without its line feed: backslashes and tabs stay, and an escape is marked as
/// one, so that a control byte is not taken for the four characters that stand for it.
package func htmlLine(_ bytes: some Collection<UInt8>) -> String {
  page(bytes, isOpen: { _ in true }, keepsTabs: true, escape: { "<i>\(escape($0))</i>" })
}

private func page(
  _ bytes: some Collection<UInt8>, isOpen: (Unicode.Scalar) -> Bool, keepsTabs: Bool = false,
  escape: (UInt8) -> String
) -> String {
  var out = ""
  var rest = Array(bytes)[...]
  while let first = rest.first {
    guard let (scalar, length) = leadingScalar(rest), isOpen(scalar),
      isPlain(scalar) || scalar == "\\" || (keepsTabs && scalar == "\t")
    else {
      out += escape(first)
      rest = rest.dropFirst()
      continue
    }
    out += markupReference(scalar) ?? String(scalar)
    rest = rest.dropFirst(length)
  }
  return out
}

/// What stands for a character that markup would take for its own, between tags and in attributes;
/// nil for all others.
package func markupReference(_ scalar: Unicode.Scalar) -> String? {
  switch scalar {
  case "&": "&amp;"
  case "<": "&lt;"
  case ">": "&gt;"
  case "\"": "&quot;"
  case "'": "&#39;"
  default: nil
  }
}
