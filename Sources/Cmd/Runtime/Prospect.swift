import Model
import Transport

/// What can be said about a conflict before anybody decides.
struct Prospect {
  var lines: [String] = []
  var canMerge = false
}

extension Node {
  /// What its versions come from, where a content went that was deleted, and what a merge would do.
  func prospect(of conflict: Conflict) -> Prospect {
    var out = Prospect()
    if let ancestor = try? ancestor(of: conflict) {
      out.lines.append("ancestor  \(ancestor.text)")
    }
    if let moved = try? movedWords(conflict) { out.lines.append("hint      \(moved)") }
    guard [.content, .unrelated, .resolution].contains(conflict.kind) else { return out }
    do {
      let ruling = try merged(conflict)
      out.canMerge = true
      out.lines.append("merge     clean (\(ruling.words))")
    } catch {
      out.lines.append("merge     not possible: \(error.reason)")
    }
    return out
  }
}
