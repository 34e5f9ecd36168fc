package import Model

/// All events of a history as plain sets: what the version model is held against.
///
/// It knows no vectors. Each event knows what it wrote and which events it superseded, register by
/// register: 0 content, 1 mode, 2 owner, 3 access list.
package struct EventLog: Sendable {
  package struct Event: Sendable {
    package var path: Int
    /// The value for each register that it wrote.
    package var writes: [Int?]
    /// The events that it replaced, for each register.
    package var superseded: EventSets
    package var dot: Dot
  }

  package private(set) var events: [Event] = []
  /// The events of each path.
  private var ofPath: [EventSet]
  /// The events that wrote each register of each path.
  private var writers: [EventSets]

  package init(paths: Int) {
    ofPath = Array(repeating: EventSet(), count: paths)
    writers = Array(repeating: EventSets(), count: paths)
  }

  package var isFull: Bool { events.count > EventSet.capacity - 40 }

  package mutating func add(_ event: Event) -> Int {
    let number = events.count
    events.append(event)
    ofPath[event.path].insert(number)
    for register in 0..<4 where event.writes[register] != nil {
      writers[event.path][register].insert(number)
    }
    return number
  }

  /// The same event under another name.
  package mutating func rename(_ event: Int, to dot: Dot) { events[event].dot = dot }

  /// Lets an event supersede, in place of those in `dropped`, their heirs and what they superseded.
  package mutating func inherit(_ event: Int, from dropped: EventSet, heirs: [Int: Int]) {
    for register in 0..<4 {
      var gone = events[event].superseded[register].intersection(dropped)
      events[event].superseded[register].subtract(dropped)
      while let former = gone.popFirst() {
        let more = events[former].superseded[register]
        gone.formUnion(more.intersection(dropped))
        if let heir = heirs[former] { events[event].superseded[register].insert(heir) }
        events[event].superseded[register].formUnion(more.subtracting(dropped))
      }
    }
  }

  package func events(of path: Int) -> EventSet { ofPath[path] }

  package func writers(_ path: Int, _ register: Int) -> EventSet { writers[path][register] }

  package func value(_ event: Int, _ register: Int) -> Int {
    guard let value = events[event].writes[register] else {
      preconditionFailure("event \(event) did not write register \(register)")
    }
    return value
  }

  /// Those among `seen` that wrote the register and that none of `seen` superseded.
  package func survivors(_ path: Int, _ register: Int, of seen: EventSet) -> EventSet {
    var result = seen.intersection(writers[path][register])
    var rest = result
    while let event = rest.popFirst() { result.subtract(events[event].superseded[register]) }
    return result
  }

  /// The one value of these events, or else what was chosen.
  package func wanted(_ some: EventSet, _ register: Int, _ choice: [Int?]) -> Int? {
    settled(some, register) ?? (some.isEmpty ? nil : choice[register])
  }

  /// The one value of these events, or nil if there is none or more than one.
  package func settled(_ some: EventSet, _ register: Int) -> Int? {
    var rest = some
    guard let first = rest.popFirst() else { return nil }
    let value = value(first, register)
    while let event = rest.popFirst() {
      if self.value(event, register) != value { return nil }
    }
    return value
  }
}

/// What one record stands for, in sets.
package struct EventView: Hashable, Sendable {
  /// What its authors had seen.
  package var seen = EventSet()
  /// Events that a host without a record has answered for: deleted and forgotten.
  package var buried = EventSet()
  /// What is on the disk, register by register.
  package var shown = EventSets()
  /// What the policy has chosen for each register, and out of which events.
  package var choice: [Int?] = [nil, nil, nil, nil]
  package var chosenFrom = EventSet()

  package init() {}

  package func survivors(_ path: Int, _ register: Int, in log: EventLog) -> EventSet {
    log.survivors(path, register, of: seen).subtracting(buried)
  }

  /// Shown is what says the same as the disk, or as what the disk stood for.
  package mutating func reread(_ path: Int, _ register: Int, applied: Int?, in log: EventLog) {
    let now = survivors(path, register, in: log)
    var said: [Int] = []
    var rest = now.intersection(shown[register])
    while let event = rest.popFirst() { said.append(log.value(event, register)) }
    var result = EventSet()
    rest = now
    while let event = rest.popFirst() {
      let value = log.value(event, register)
      if value == applied || said.contains(value) { result.insert(event) }
    }
    shown[register] = result
  }
}
