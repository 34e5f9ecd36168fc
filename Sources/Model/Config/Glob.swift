/// A shell pattern over bytes, matched in time proportional to pattern times name, never worse.
///
/// `?` accepts one byte, `*` any run, `[...]` one byte of a set, a backslash the byte behind it.
/// None of them accepts `/`; only `**` does, where the pattern is one of paths.
struct Glob: Hashable, Sendable {
  enum Token: Hashable, Sendable {
    case byte(UInt8)
    case any
    case set(ByteSet)
    /// `*`: a run without `/`.
    case star
    /// `**`: a run.
    case deepStar

    func accepts(_ byte: UInt8) -> Bool {
      switch self {
      case .byte(let own): own == byte
      case .any, .star: byte != slash
      case .set(let set): set.contains(byte)
      case .deepStar: true
      }
    }

    var repeats: Bool { self == .star || self == .deepStar }
  }

  static let slash = UInt8(ascii: "/")

  let tokens: [Token]
  /// The only name that matches, if the pattern has no wildcard.
  let literal: [UInt8]?

  init(tokens: [Token]) {
    self.tokens = tokens
    var literal: [UInt8]? = []
    for token in tokens {
      if case .byte(let byte) = token { literal?.append(byte) } else { literal = nil }
    }
    self.literal = literal
  }

  var hasDeepStar: Bool { tokens.contains(.deepStar) }

  /// Whether the pattern accepts the whole name, in which no `/` stands.
  func matches(_ name: ArraySlice<UInt8>) -> Bool {
    if let literal { return name.elementsEqual(literal) }
    var token = 0
    var place = name.startIndex
    // Where to go on when a token fails: the last star takes one byte more. An earlier star need
    // never give way, as whatever it could reach the last one reaches too.
    var star: (token: Int, place: Int)?
    while place < name.endIndex {
      if token < tokens.count {
        if tokens[token].repeats {
          star = (token, place)
          token += 1
          continue
        }
        if tokens[token].accepts(name[place]) {
          token += 1
          place += 1
          continue
        }
      }
      guard let last = star else { return false }
      star = (last.token, last.place + 1)
      place = last.place + 1
      token = last.token + 1
    }
    return tokens[token...].allSatisfy(\.repeats)
  }

  func matches(_ name: String) -> Bool { matches(Array(name.utf8)[...]) }
}

/// What a path pattern with `**` says about a path.
enum DeepMatch {
  /// It accepts the path, or a directory above it.
  case matched
  /// It does not, but could accept something below.
  case open
  case dead
}

extension Glob {
  /// Runs a pattern of whole paths, which accepts all that is below what it accepts.
  ///
  /// All ways through the pattern are followed side by side, so the time is at most tokens times
  /// bytes whatever the pattern.
  func matchPath(_ text: [UInt8]) -> DeepMatch {
    var marks = [Int](repeating: -1, count: tokens.count + 1)
    var states: [Int] = []
    var round = 0
    enter(0, round, &states, &marks)
    for byte in text + [Self.slash] {
      if states.isEmpty { return .dead }
      if byte == Self.slash, states.contains(tokens.count) { return .matched }
      round += 1
      var next: [Int] = []
      for state in states where state < tokens.count && tokens[state].accepts(byte) {
        enter(tokens[state].repeats ? state : state + 1, round, &next, &marks)
      }
      states = next
    }
    return states.isEmpty ? .dead : .open
  }

  private func enter(_ state: Int, _ round: Int, _ states: inout [Int], _ marks: inout [Int]) {
    var state = state
    while state < marks.count, marks[state] != round {
      marks[state] = round
      states.append(state)
      guard state < tokens.count, tokens[state].repeats else { return }
      state += 1
    }
  }
}
