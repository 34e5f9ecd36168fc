import Testing

extension Lab {
  /// The words of a command on a host, as a user types them.
  func words(_ host: String, _ arguments: [String], wrapper: [String] = []) -> [String] {
    let file = configurations[host] ?? config
    let options = ["--config", file, "--state", state(host), "--hostname", host]
    return (wrappers[host] ?? []) + wrapper + [binary] + options + arguments
  }

  /// Starts a command and does not wait for it.
  func start(_ host: String, _ arguments: [String], wrapper: [String] = []) throws -> Child {
    try Child(words(host, arguments, wrapper: wrapper), scratch: scratch)
  }

  /// Runs a command and says what came of it, whatever it was.
  func run(_ host: String, _ arguments: String..., wrapper: [String] = []) throws -> Outcome {
    try start(host, arguments, wrapper: wrapper).wait()
  }

  /// Runs `sync` and expects one of the exit statuses; 0 if none is named.
  @discardableResult
  func sync(
    _ host: String, _ options: String..., exits: Int32...,
    at place: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try start(host, ["sync"] + options).wait()
    expect(outcome, exits.isEmpty ? [0] : exits, at: place)
    return outcome
  }

  /// Two hosts and nobody else: `host` calls, `peer` answers.
  @discardableResult
  func meet(
    _ host: String, _ peer: String, exits: Int32..., at place: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try start(host, ["sync", "--peer", peer]).wait()
    expect(outcome, exits.isEmpty ? [0] : exits, at: place)
    return outcome
  }

  /// Syncs every host until each has heard all that any host knew.
  ///
  /// The last round must end as `exits` says; before it, 0 and 1 are both fine.
  func settle(exits: Int32 = 0, at place: SourceLocation = #_sourceLocation) throws {
    for host in hosts { expect(try run(host, "sync"), [0, 1], at: place) }
    for host in hosts { expect(try run(host, "sync"), [exits], at: place) }
  }

  /// Runs a command that must succeed and decodes what it says.
  func json(
    _ host: String, _ arguments: String..., exits: Int32...,
    at place: SourceLocation = #_sourceLocation
  ) throws -> JSON {
    let outcome = try start(host, arguments + ["--format", "json"]).wait()
    expect(outcome, exits.isEmpty ? [0, 1, 2, 3, 4] : exits, at: place)
    return try JSON(outcome.stdout)
  }

  /// The open conflicts of a host, as `concord.conflicts/1`.
  func conflicts(_ host: String, at place: SourceLocation = #_sourceLocation) throws -> [JSON] {
    let document = try json(host, "conflicts", exits: 0, 1, at: place)
    #expect(document["schema"].text == "concord.conflicts/1", sourceLocation: place)
    return document["conflicts"].items
  }

  /// The screen of a host, as `concord.status/1`.
  func status(_ host: String, at place: SourceLocation = #_sourceLocation) throws -> JSON {
    let document = try json(host, "status", at: place)
    #expect(document["schema"].text == "concord.status/1", sourceLocation: place)
    return document
  }

  /// What `status` on `host` says about `peer`.
  func opinion(_ host: String, of peer: String) throws -> JSON {
    let groups = try status(host)["groups"].items
    return groups.first?["hosts"].items.first { $0["name"].text == peer } ?? .null
  }

  /// Runs `resolve`; what peers have not heard of yet may show in its exit status.
  @discardableResult
  func resolve(
    _ host: String, _ arguments: String..., exits: Int32...,
    at place: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try start(host, ["resolve"] + arguments).wait()
    expect(outcome, exits.isEmpty ? [0, 2] : exits, at: place)
    return outcome
  }

  /// The path of a name on the disk of a host, as commands take and show it.
  func path(_ host: String, _ name: String) -> String { "\(root(host))/\(name)" }
}

func expect(_ outcome: Outcome, _ statuses: [Int32], at place: SourceLocation) {
  #expect(statuses.contains(outcome.status), "\(outcome)", sourceLocation: place)
}
