/// A command of `exec`, as the shell gets it: names are its arguments, never a part of its text.
package struct ShellCommand: Hashable, Sendable {
  /// As it stands in the configuration.
  package let written: String
  /// For `/bin/sh -c`: `"$@"` stands where `%%` stood.
  package let text: String
  /// Whether it has `%%` somewhere.
  package let takesNames: Bool

  /// What the shell reads at a place of the command.
  private enum Context { case plain, quotes, parentheses, braces, backquotes }

  /// Finds the places of `%%` as the shell will read them. In double quotes `$@` stands for it
  /// without further ones; `${name%%pattern}` is the shell's own.
  init(_ written: String) throws(Flaw) {
    var out: [UInt8] = []
    var contexts = [Context.plain]
    var takesNames = false
    var rest = Array(written.utf8)[...]
    while let byte = rest.popFirst() {
      let context = contexts.last ?? .plain
      switch byte {
      case UInt8(ascii: "\\"):
        out.append(byte)
        if let next = rest.popFirst() { out.append(next) }
        continue
      case UInt8(ascii: "'") where context != .quotes && context != .braces:
        let quoted = rest.prefix { $0 != UInt8(ascii: "'") }
        if quoted.count == rest.count { throw Self.unclosed("'") }
        if Self.hasNames(quoted) {
          throw Flaw(
            "`%%` stands in single quotes, where the shell knows no names", "write it outside them")
        }
        out.append(byte)
        out += rest.prefix(quoted.count + 1)
        rest = rest.dropFirst(quoted.count + 1)
        continue
      case UInt8(ascii: "%") where rest.first == byte && context != .braces:
        if contexts.contains(.backquotes) {
          throw Flaw("`%%` stands in backquotes", "write `$(...)` in their stead")
        }
        rest.removeFirst()
        out += Array((context == .quotes ? "$@" : "\"$@\"").utf8)
        takesNames = true
        continue
      default: Self.step(byte, rest.first, &contexts)
      }
      out.append(byte)
      // What opens with two bytes is not looked at twice.
      if byte == UInt8(ascii: "$"), let next = rest.first,
        next == UInt8(ascii: "(") || next == UInt8(ascii: "{")
      {
        out.append(next)
        rest.removeFirst()
      }
    }
    if contexts.contains(.quotes) { throw Self.unclosed("\"") }
    self.written = written
    self.takesNames = takesNames
    text = String(decoding: out, as: UTF8.self)
  }

  private static func step(_ byte: UInt8, _ next: UInt8?, _ contexts: inout [Context]) {
    let context = contexts.last ?? .plain
    switch (byte, context) {
    case (UInt8(ascii: "\""), .quotes), (UInt8(ascii: "`"), .backquotes),
      (UInt8(ascii: ")"), .parentheses), (UInt8(ascii: "}"), .braces):
      contexts.removeLast()
    case (UInt8(ascii: "\""), _): contexts.append(.quotes)
    case (UInt8(ascii: "`"), _): contexts.append(.backquotes)
    case (UInt8(ascii: "$"), _) where next == UInt8(ascii: "("): contexts.append(.parentheses)
    case (UInt8(ascii: "$"), _) where next == UInt8(ascii: "{"): contexts.append(.braces)
    case (UInt8(ascii: "("), .parentheses): contexts.append(.parentheses)
    default: break
    }
  }

  private static func hasNames(_ bytes: ArraySlice<UInt8>) -> Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "%") && $1 == $0 }
  }

  private static func unclosed(_ quote: String) -> Flaw {
    Flaw("the command has a `\(quote)` that is never closed", "close it")
  }
}

extension ShellCommand {
  /// A command that the parser has taken.
  package static func ofConfiguration(_ written: String) -> ShellCommand? {
    try? ShellCommand(written)
  }
}
