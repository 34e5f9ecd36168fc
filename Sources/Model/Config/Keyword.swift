/// The words that begin a statement. Bare, they stand nowhere else: so a forgotten `;` is noticed
/// and does not turn the next statement into names.
enum Keyword: String, CaseIterable {
  case group, prefix, nossl, database, tempdir, ignore, config
  case lockTimeout = "lock-timeout"
  case heldSize = "held-size"
  case heldTotal = "held-total"
  case ancestorSize = "ancestor-size"
  case history
  case keepLosers = "keep-losers"
  case noCygwinLowercase = "no-cygwin-lowercase"
  case host, include, exclude, compare, key, auto, action
  case backupDirectory = "backup-directory"
  case backupGenerations = "backup-generations"
  case unknownOwner = "unknown-owner"
  case noDelete = "no-delete"
  case maxDelete = "max-delete"
  case setid, devices, validate, fanout
  case crossMounts = "cross-mounts"
  case pattern, exec, logfile, timeout, retry
  case doLocal = "do-local"
  case doLocalOnly = "do-local-only"
  case on

  /// Where a keyword may stand.
  enum Place: String {
    case outside = "outside groups"
    case group = "inside a group"
    case action = "inside an action"
    case gate = "inside a validation"
    case prefix = "inside a prefix"
  }

  var place: Place {
    switch self {
    case .group, .prefix, .nossl, .database, .tempdir, .ignore, .config, .lockTimeout,
      .noCygwinLowercase, .heldSize, .heldTotal, .ancestorSize, .history, .keepLosers:
      .outside
    case .host, .include, .exclude, .compare, .key, .auto, .action, .backupDirectory,
      .backupGenerations, .unknownOwner, .noDelete, .maxDelete, .setid, .devices, .crossMounts,
      .validate, .fanout:
      .group
    case .pattern, .exec, .logfile, .timeout, .retry, .doLocal, .doLocalOnly: .action
    case .on: .prefix
    }
  }

  /// Whether it may begin a statement there. Some stand in two places.
  func stands(_ place: Place) -> Bool {
    switch (self, place) {
    case (.ignore, .group), (.pattern, .gate), (.exec, .gate), (.timeout, .gate): true
    default: self.place == place
    }
  }

  /// Whether csync2 does not have it.
  var isOwn: Bool {
    switch self {
    case .heldSize, .heldTotal, .ancestorSize, .history, .keepLosers, .unknownOwner, .noDelete,
      .maxDelete, .setid, .devices, .crossMounts, .validate, .timeout, .retry, .fanout:
      true
    default: false
    }
  }

  /// The keyword of that place which the word was most likely meant to be, if one is near.
  static func nearest(to word: String, in place: Place) -> Keyword? {
    let candidates = allCases.filter { $0.stands(place) }
      .map { (keyword: $0, distance: editDistance(word, $0.rawValue)) }
      .filter { $0.distance <= max(1, min(3, $0.keyword.rawValue.utf8.count / 3)) }
    // The first of those equally near, so that the answer is always the same.
    return candidates.min { $0.distance < $1.distance }?.keyword
  }
}

/// The least number of letters inserted, removed, changed or swapped with their neighbour that
/// turns one word into the other; the length of the longer if one has more than 40 bytes.
func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left.lowercased().utf8)
  let right = Array(right.lowercased().utf8)
  guard left.count <= 40, right.count <= 40 else { return max(left.count, right.count) }
  var older: [Int] = []
  var old = Array(0...right.count)
  for (row, byte) in left.enumerated() {
    var new = [row + 1]
    for (column, other) in right.enumerated() {
      var best = min(old[column] + (byte == other ? 0 : 1), old[column + 1] + 1, new[column] + 1)
      if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
        best = min(best, older[column - 1] + 1)
      }
      new.append(best)
    }
    older = old
    old = new
  }
  return old.last ?? 0
}
