import Model
import ModelEdge
import Transport

extension Node {
  /// What a verb comes to for a conflict. Changes nothing.
  func ruling(_ verb: Verb, _ conflict: Conflict) throws(Failure) -> Ruling {
    do {
      return try outcome(of: verb, conflict)
    } catch {
      throw shown(error, conflict.path)
    }
  }

  private func outcome(of verb: Verb, _ conflict: Conflict) throws(Failure) -> Ruling {
    switch verb {
    case .choose(.delete):
      return Ruling(
        conflict: conflict, values: try conflict.values(for: .delete), how: verb.word,
        version: nil, bytes: nil, words: "the path is deleted")
    case .choose(let choice):
      return ruling(of: try conflict.version(for: choice), conflict, how: verb.word)
    case .merge: return try merged(conflict)
    case .union: return try united(conflict)
    case .file(let bytes): return new(bytes, conflict, how: verb.word, "the given content wins")
    case .both(let choice, let suffix):
      var ruling = ruling(of: try conflict.version(for: choice), conflict, how: verb.word)
      ruling.copies = try copies(of: conflict, but: ruling.version, suffix)
      let names = ruling.copies.map { shownPath($0.path) }.joined(separator: ", ")
      ruling.words += names.isEmpty ? "" : ", the rest stays as \(names)"
      return ruling
    }
  }

  /// What it comes to that a version wins.
  func ruling(
    of version: ConflictVersion, _ conflict: Conflict, how: String
  ) -> Ruling {
    Ruling(
      conflict: conflict, values: conflict.values(of: version), how: how, version: version,
      bytes: nil, words: "\(conflict.words(version)) wins")
  }

  func new(
    _ bytes: [UInt8], _ conflict: Conflict, how: String, _ words: String
  ) -> Ruling {
    let file = FileContent(
      digest: ModelEdge.sha256(bytes), size: UInt64(bytes.count), modified: surroundings.now(),
      isBirth: false)
    // What comes out may be one of the versions: then it is that one.
    let same = conflict.versions.first { $0.values.content?.agrees(with: .file(file)) == true }
    return Ruling(
      conflict: conflict, values: conflict.values(with: same?.values.content ?? .file(file)),
      how: how, version: same, bytes: bytes, words: words)
  }

  /// The versions that lose, under names of their own.
  private func copies(
    of conflict: Conflict, but winner: ConflictVersion?, _ suffix: String?
  ) throws(Failure) -> [Ruling.Copy] {
    var out: [Ruling.Copy] = []
    for version in conflict.versions where version.label != winner?.label {
      switch version.values.content {
      case .file, .symlink: break
      case nil, .absent: continue
      case .directory, .fifo, .device:
        throw Failure(
          .usage, shownPath(conflict.path), "not resolved",
          "\(conflict.words(version)) cannot stand under another name", remedy: "choose one")
      }
      let ending = suffix ?? "." + version.authors.joined(separator: "-")
      let isOnly = conflict.versions.count == 2 || suffix == nil
      let name = conflict.path.key + Array((isOnly ? ending : ending + "-" + version.label).utf8)
      guard let path = TreePath(key: name), path.parent == conflict.path.parent,
        let group = sessionGroups.first(where: { $0.name == conflict.group }),
        group.selection.includes(path)
      else {
        throw Failure(
          .usage, shownPath(conflict.path), "no copy made",
          "its group does not hold \(escaped(name))", remedy: "give another --suffix")
      }
      out.append(Ruling.Copy(path: path, values: version.values))
    }
    return out
  }
}
