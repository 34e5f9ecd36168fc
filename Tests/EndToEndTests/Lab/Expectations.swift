import Testing

extension Lab {
  /// All trees are the same, line by line.
  func expectEqualTrees(
    _ names: String..., facts: Facts = .usual, at place: SourceLocation = #_sourceLocation
  ) throws {
    let names = names.isEmpty ? hosts : names
    let first = try tree(names[0], facts)
    for host in names.dropFirst() {
      let other = try tree(host, facts)
      let difference = other.difference(from: first).map { change in
        switch change {
        case .insert(_, let line, _): "\(host): \(line)"
        case .remove(_, let line, _): "\(names[0]): \(line)"
        }
      }
      #expect(difference.isEmpty, "\(difference.joined(separator: "\n"))", sourceLocation: place)
    }
  }

  /// No host lists a conflict.
  func expectNoConflicts(at place: SourceLocation = #_sourceLocation) throws {
    for host in hosts {
      let open = try conflicts(host, at: place)
      #expect(open.isEmpty, "\(host)", sourceLocation: place)
    }
  }

  /// Every host lists one conflict, about `name`, in the same words.
  ///
  /// - Returns: the conflict as each host lists it, and the id that all agree on.
  @discardableResult
  func expectConflict(
    _ name: String, kind: String? = "content", versions: Int = 2, on hosts: [String]? = nil,
    at place: SourceLocation = #_sourceLocation
  ) throws -> String {
    var ids: Set<String> = []
    for host in hosts ?? self.hosts {
      let open = try conflicts(host, at: place)
      let mine = open.filter { $0["path"].text == path(host, name) }
      #expect(mine.count == 1 && open.count == 1, "\(host): \(open)", sourceLocation: place)
      guard let conflict = mine.first else { continue }
      if let kind { #expect(conflict["kind"].text == kind, "\(conflict)", sourceLocation: place) }
      #expect(
        conflict["versions"].items.count == versions, "\(host): \(conflict)", sourceLocation: place)
      #expect(conflict["id"].text?.isEmpty == false, "\(conflict)", sourceLocation: place)
      ids.insert(conflict["id"].text ?? "none on \(host)")
    }
    #expect(ids.count == 1, "one id everywhere: \(ids)", sourceLocation: place)
    return ids.first ?? ""
  }

  /// Nothing was touched: same inodes, same times.
  func expectUntouched(
    _ host: String, since before: [String: Sight], at place: SourceLocation = #_sourceLocation
  ) throws {
    let now = try sights(host)
    for name in Set(now.keys).union(before.keys).sorted() where now[name] != before[name] {
      Issue.record(
        "\(host): \(name) was touched: \(describe(before[name])) became \(describe(now[name]))",
        sourceLocation: place)
    }
  }

  private func describe(_ sight: Sight?) -> String { sight?.description ?? "absent" }
}

/// No byte of an output can move a cursor or break a line that the program did not break itself.
func expectHarmless(_ outcome: Outcome, at place: SourceLocation = #_sourceLocation) {
  for (stream, bytes) in [("stdout", outcome.stdout), ("stderr", outcome.stderr)] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      Issue.record("\(stream) of \(outcome.command): not UTF-8", sourceLocation: place)
      continue
    }
    let bad = text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0a, 0x09: false
      case 0..<0x20, 0x7f..<0xa0: true
      case 0x202a...0x202e, 0x2066...0x2069: true
      default: false
      }
    }
    #expect(
      bad.isEmpty, "\(stream) of \(outcome.command): \(escaped(bytes))", sourceLocation: place)
  }
}

/// Exactly one line of complaint, and it names `words`.
func expectOneLine(
  _ outcome: Outcome, naming words: String..., at place: SourceLocation = #_sourceLocation
) {
  #expect(outcome.complaints.count == 1, "\(outcome)", sourceLocation: place)
  for word in words { #expect(outcome.err.contains(word), "\(outcome)", sourceLocation: place) }
}
