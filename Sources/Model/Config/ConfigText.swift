extension Config {
  /// The configuration as it was understood, in its own grammar: read again it gives the same one.
  ///
  /// Printable: nothing that is not was let in. Included files stand where their lines take effect.
  package func text() -> String {
    let shared = Set(settings.ignored.map(\.value))
    let blocks = settings.lines + prefixes.map(\.text) + groups.map { $0.text(shared) }
    return blocks.joined(separator: "\n")
  }
}

extension Settings {
  /// One text of all settings; none if there are none.
  fileprivate var lines: [String] {
    var lines: [String] = []
    if let value = database?.value { lines.append("database \(word(value));\n") }
    if let value = temporaryDirectory?.value { lines.append("tempdir \(word(value));\n") }
    if let value = lockTimeoutSeconds?.value { lines.append("lock-timeout \(value);\n") }
    if keepsCygwinCase?.value == true { lines.append("no-cygwin-lowercase;\n") }
    for setting in unencrypted {
      lines.append("nossl \(word(setting.value.from)) \(word(setting.value.to));\n")
    }
    if !ignored.isEmpty {
      lines.append("ignore \(ignored.map(\.value.rawValue).joined(separator: " "));\n")
    }
    lines += keeping.lines
    return lines.isEmpty ? [] : [lines.joined()]
  }
}

extension Prefix {
  fileprivate var text: String {
    let lines = places.map { place in
      "  on \(word(place.hostGlob)): \(word(String(decoding: place.path, as: UTF8.self)));\n"
    }
    return "prefix \(word(name)) {\n\(lines.joined())}\n"
  }
}

extension Group {
  /// - Parameter shared: What is ignored everywhere, so that it need not be said here.
  fileprivate func text(_ shared: Set<Settings.Ignored>) -> String {
    var lines = ["  host \(members.map(\.text).joined(separator: " "));\n"]
    lines.append("  key \(word(keyFile));\n")
    lines += rules.map { "  \($0.kind.rawValue) \(word($0.pattern.text));\n" }
    for statement in auto {
      let words = [statement.method.rawValue] + statement.patterns.map { word($0.value.text) }
      lines.append("  auto \(words.joined(separator: " "));\n")
    }
    if let value = backupDirectory?.value { lines.append("  backup-directory \(word(value));\n") }
    if let value = backupGenerations?.value { lines.append("  backup-generations \(value);\n") }
    lines += optionLines(without: shared)
    let blocks = gates.map(\.text) + actions.map(\.text)
    return "group \(word(name)) {\n\(lines.joined())\(blocks.joined())}\n"
  }
}

extension Member {
  fileprivate var text: String {
    var text = word(name)
    if let address {
      var place = address.contains(":") ? "[\(address)]" : address
      if let port { place += ":\(port)" }
      text += "@" + word(place)
    }
    return receiveOnly ? "(\(text))" : text
  }
}

extension Group {
  private func optionLines(without shared: Set<Settings.Ignored>) -> [String] {
    var lines: [String] = []
    let own = ignored.subtracting(shared).map(\.rawValue).sorted()
    if !own.isEmpty { lines.append("ignore \(own.joined(separator: " "))") }
    switch unknownOwner {
    case .hold: break
    case .numeric: lines.append("unknown-owner numeric")
    case .map(let name): lines.append("unknown-owner map \(word(name))")
    }
    switch noDelete {
    case .nowhere: break
    case .everywhere: lines.append("no-delete")
    case .on(let hosts):
      lines.append("no-delete \(hosts.sorted().map(word).joined(separator: " "))")
    }
    if let maxDelete { lines.append("max-delete \(maxDelete)") }
    if takesSetID { lines.append("setid yes") }
    if takesDevices { lines.append("devices yes") }
    if crossesMounts { lines.append("cross-mounts yes") }
    if let fanout { lines.append("fanout \(fanout)") }
    return lines.map { "  \($0);\n" }
  }
}

extension MaxDelete: CustomStringConvertible {
  /// As in the file: `100 20%`.
  package var description: String {
    [objects.map { "\($0)" }, percent.map { "\($0)%" }].compactMap { $0 }.joined(separator: " ")
  }
}

extension Gate {
  fileprivate var text: String {
    var lines = patterns.map { "    pattern \(word($0.pattern.text));\n" }
    lines += commands.map { "    exec \(word($0));\n" }
    if let timeoutSeconds { lines.append("    timeout \(timeoutSeconds);\n") }
    return "  validate {\n\(lines.joined())  }\n"
  }
}

extension Action {
  fileprivate var text: String {
    var lines = patterns.map { "    pattern \(word($0.pattern.text));\n" }
    lines += commands.map { "    exec \(word($0));\n" }
    if let logFile { lines.append("    logfile \(word(logFile));\n") }
    if let timeoutSeconds { lines.append("    timeout \(timeoutSeconds);\n") }
    if let retries { lines.append("    retry \(retries);\n") }
    if runs != .elsewhere { lines.append("    \(runs.rawValue);\n") }
    return "  action {\n\(lines.joined())  }\n"
  }
}

/// The text as one word: bare if that reads as the same word, else in quotes.
private func word(_ text: String) -> String {
  let bytes = Array(text.utf8)
  let marks = Array("{}:".utf8)
  let isBare =
    !bytes.contains(where: Lexer.endsWord) && Keyword(rawValue: text) == nil
    && bytes.first.map { !marks.contains($0) } ?? false
    && bytes.last.map { !marks.contains($0) } ?? false
  return isBare ? text : "\"\(text)\""
}
