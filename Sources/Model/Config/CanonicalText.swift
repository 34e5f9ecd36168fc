extension Group {
  /// What must be equal on all hosts before the group is synced, in one text whatever the layout of
  /// the file: the name, the hosts in order of name with a mark on receive-only ones, the rules in
  /// their order, every `auto` in its order, what is ignored and whether there are devices. Where
  /// one goes by the order of hosts, that order counts.
  ///
  /// Without addresses, places of prefixes, key file, comments and positions. A digest of it is
  /// compared between hosts, so that a change of this text is a change of the protocol. Lines end
  /// with a line feed; no value contains one, so that different groups differ in text.
  package var canonicalText: String {
    var lines = ["concord group 1", "name \(name)"]
    lines += comparedHosts
    lines += rules.map { "\($0.kind.rawValue) \($0.pattern.text)" }
    lines += autoLines
    lines += optionMarks
    return lines.map { $0 + "\n" }.joined()
  }

  /// What decides about records, so that it must be the same everywhere; nothing where it is as
  /// usual. What only governs one disk may differ: who owns what is unknown, what is kept of
  /// deletions, from how many on they are asked about, set-id bits, mount points, commands.
  private var optionMarks: [String] {
    var marks = ignored.map(\.rawValue).sorted().map { "ignore \($0)" }
    if takesDevices { marks.append("devices yes") }
    return marks
  }

  /// One line a host, in order of name.
  var memberMarks: [String] { members.sorted { $0.name < $1.name }.map(\.mark) }
}

extension Member {
  var mark: String { (receiveOnly ? "receive-only " : "host ") + name }
}
