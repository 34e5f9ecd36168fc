package import Model

/// The state of one path on a simulated disk, each register a small number; content is never 0.
package struct Look: Hashable, Sendable {
  package var content: Int
  package var mode: Int
  package var owner: Int
  package var acl: Int

  package init(content: Int, mode: Int, owner: Int, acl: Int) {
    self.content = content
    self.mode = mode
    self.owner = owner
    self.acl = acl
  }

  package subscript(register: Int) -> Int {
    get {
      switch register {
      case 0: content
      case 1: mode
      case 2: owner
      default: acl
      }
    }
    set {
      switch register {
      case 0: content = newValue
      case 1: mode = newValue
      case 2: owner = newValue
      default: acl = newValue
      }
    }
  }

  package var observation: Observation {
    Model.Observation(
      content: Self.content(content), mode: Self.mode(mode), owner: Self.owner(owner),
      acl: Self.acl(acl), stat: Self.stat)
  }

  /// What a disk has that shows this.
  package init?(_ shown: Shown) {
    guard let attributes = shown.attributes else { return nil }
    self.init(
      content: Self.number(shown.content.value), mode: Self.number(attributes.mode.value),
      owner: Self.number(attributes.owner.value), acl: Self.number(attributes.acl.value))
  }

  private static let stat = TestKit.observation(.absent).stat
  private static let contents =
    [Content.absent]
    + (1...9).map { number in
      guard case .file(var file) = file(number) else { return .absent }
      file.modified.seconds = moment(number)
      return .file(file)
    }
  private static let lists = (0...9).map { TestKit.acl($0) }

  /// When a content was modified, in seconds: some at the same time, and none in order of size.
  package static func moment(_ number: Int) -> Int64 { number % 2 == 1 ? 5 : 3 }

  package static func content(_ number: Int) -> Content { contents[number] }
  package static func mode(_ number: Int) -> Mode { TestKit.mode(number) }
  package static func owner(_ number: Int) -> Owner { TestKit.owner(number) }
  package static func acl(_ number: Int) -> AccessList { lists[number] }

  package static func number(_ content: Content) -> Int {
    if case .file(let file) = content { return Int(file.size) }
    return 0
  }

  package static func number(_ mode: Mode) -> Int { Int(mode.bits) }

  package static func number(_ owner: Owner) -> Int {
    if case .number(let number) = owner.user { return Int(number) }
    return 0
  }

  package static func number(_ list: AccessList) -> Int {
    if case .number(let number)? = list.access.first?.principal { return Int(number) }
    return 0
  }
}

/// A sibling of any register, as number.
package struct NumberedSibling: Hashable, Sendable {
  package var dot: Dot
  package var value: Int
}

extension Record {
  package func numbered(_ register: Int) -> [NumberedSibling] {
    switch register {
    case 0: content.siblings.map { .init(dot: $0.dot, value: Look.number($0.value)) }
    case 1: mode.siblings.map { .init(dot: $0.dot, value: Look.number($0.value)) }
    case 2: owner.siblings.map { .init(dot: $0.dot, value: Look.number($0.value)) }
    default: acl.siblings.map { .init(dot: $0.dot, value: Look.number($0.value)) }
    }
  }
}
