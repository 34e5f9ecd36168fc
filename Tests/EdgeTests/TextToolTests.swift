import Glibc
import Model
import TestKit
import Testing

/// Texts in files for the tools of this system.
private struct TextFolder {
  let scratch = StateScratch()

  func put(_ bytes: [UInt8], _ name: String) {
    guard let file = fopen("\(scratch.path)/\(name)", "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func bytes(_ name: String) -> [UInt8]? {
    guard let file = fopen("\(scratch.path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&buffer, 1, buffer.count, file)
    return Array(buffer.prefix(count))
  }

  /// Runs a script in the folder; true if it ended well.
  func run(_ script: String) -> Bool { shell("cd '\(scratch.path)' && { \(script); }") == 0 }
}

private func editedText(_ text: [String], _ dice: inout Dice, _ choice: Int) -> [String] {
  var text = text
  for _ in 0..<dice.below(4) {
    let place = dice.below(text.count + 1)
    switch dice.below(3) {
    case 0: text.insert("line \(dice.below(choice))", at: place)
    case 1 where place < text.count: text.remove(at: place)
    default: if place < text.count { text[place] = "line \(dice.below(choice))" }
    }
  }
  return text
}

private func textOf(_ lines: [String], _ dice: inout Dice) -> [UInt8] {
  let joined = lines.joined(separator: "\n")
  return Array((lines.isEmpty || dice.chance(15) ? joined : joined + "\n").utf8)
}

@Suite struct `The tools of this system` {
  @Test func `patch makes the new text with our diff`() {
    let folder = TextFolder()
    var dice = Dice(seed: 7)
    var pairs: [(old: [UInt8], new: [UInt8])] = []
    while pairs.count < 150 {
      let choice = dice.chance(50) ? 4 : 50
      let old = (0..<dice.below(30)).map { _ in "line \(dice.below(choice))" }
      let new = editedText(editedText(old, &dice, choice), &dice, choice)
      let pair = (textOf(old, &dice), textOf(new, &dice))
      if pair.0 != pair.1 { pairs.append(pair) }
    }
    for (index, pair) in pairs.enumerated() {
      folder.put(pair.old, "\(index).text")
      let diff = unifiedDiff(
        old: pair.old, new: pair.new, oldLabel: "a", newLabel: "b", context: index % 4)
      folder.put(diff, "\(index).diff")
    }
    // Without context there is nothing to find a place by but the numbers.
    let script =
      "for i in $(seq 0 \(pairs.count - 1)); do "
      + "patch -s -f -F0 -o $i.out $i.text $i.diff || echo $i >> failed; done; test ! -e failed"
    #expect(folder.run(script))
    for (index, pair) in pairs.enumerated() {
      #expect(folder.bytes("\(index).out") == pair.new, "\(index)")
    }
  }

  /// What git merges and we merge is the same; what git does not merge, we do not either.
  @Test func `git merges what we merge, to the same bytes`() {
    let folder = TextFolder()
    var dice = Dice(seed: 11)
    var merged: [Int: [UInt8]] = [:]
    let count = 1_000
    for index in 0..<count {
      let choice = [5, 20, 1_000][index % 3]
      let lines = (0..<(2 + dice.below(16))).map { _ in "line \(dice.below(choice))" }
      let base = textOf(lines, &dice)
      let a = textOf(editedText(lines, &dice, choice), &dice)
      let b = textOf(editedText(lines, &dice, choice), &dice)
      folder.put(base, "\(index).base")
      folder.put(a, "\(index).a")
      folder.put(b, "\(index).b")
      if case .merged(let bytes, _, _, _) = merge3(base: base, a: a, b: b) {
        merged[index] = bytes
      }
    }
    let script =
      "for i in $(seq 0 \(count - 1)); do "
      + "git merge-file -p -q $i.a $i.base $i.b > $i.out || echo > $i.conflict; done"
    #expect(folder.run(script))
    var (both, gitAlone) = (0, 0)
    for index in 0..<count {
      let hasConflict = folder.bytes("\(index).conflict") != nil
      guard let ours = merged[index] else {
        gitAlone += hasConflict ? 0 : 1
        continue
      }
      both += 1
      let text = ["base", "a", "b"].map {
        String(decoding: folder.bytes("\(index).\($0)") ?? [], as: UTF8.self)
      }
      #expect(!hasConflict, "\(text) \(String(decoding: ours, as: UTF8.self).debugDescription)")
      if !hasConflict { #expect(folder.bytes("\(index).out") == ours, "\(text)") }
    }
    #expect(both > count / 3)
    #expect(gitAlone < count / 5, "\(gitAlone)")
  }
}
