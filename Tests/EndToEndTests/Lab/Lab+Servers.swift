import Foundation
import Testing

extension Lab {
  /// Starts `serve` on hosts, all if none is named, and waits until they accept connections.
  ///
  /// With `mayEnd` a server that a fault kills during its start is not the lab's failure.
  func up(_ names: String..., wrapper: [String] = [], mayEnd: Bool = false) throws {
    let wanted = names.isEmpty ? hosts : names
    for host in wanted {
      guard servers[host] == nil else { throw LabFailure("\(host) is up already") }
      servers[host] = try start(host, ["serve"], wrapper: wrapper)
    }
    for host in wanted { try waitUntilReady(host, mayEnd) }
  }

  private func waitUntilReady(_ host: String, _ mayEnd: Bool) throws {
    guard let server = servers[host] else { return }
    let port = try port(host)
    let ready = try until(seconds: 30) {
      if let status = server.poll() {
        if mayEnd { return true }
        throw LabFailure("serve on \(host) ended with \(status): \(try server.wait())")
      }
      return port.answers
    }
    guard ready else { throw LabFailure("serve on \(host): no answer: \(server.errorsSoFar)") }
  }

  /// Ends the server of a host as an operator does; it must go by itself.
  func down(_ names: String..., at place: SourceLocation = #_sourceLocation) throws {
    for host in names.isEmpty ? hosts.filter({ servers[$0] != nil }) : names {
      guard let server = servers.removeValue(forKey: host) else { continue }
      server.signal(SIGTERM)
      let outcome = try server.wait(seconds: 30)
      try server.waitForGroup()
      // A server may say that it was told to go, or that all went well.
      expect(outcome, [0, -SIGTERM, 128 + SIGTERM], at: place)
    }
  }

  /// Ends the server of a host at once, wherever it is.
  func kill9(_ host: String) throws {
    guard let server = servers.removeValue(forKey: host) else { return }
    server.signal(SIGKILL)
    _ = try server.wait(seconds: 30)
    try server.waitForGroup()
  }

  /// The same files on all hosts, servers up, everybody has met everybody.
  ///
  /// There is also a file `keep`: a test that deletes all its files would empty the root, and
  /// about that the program asks.
  func base(_ files: KeyValuePairs<Name, String>, at place: SourceLocation = #_sourceLocation)
    throws
  {
    try write(hosts[0], "keep", "x")
    for (name, text) in files { try write(hosts[0], name, text) }
    if servers.isEmpty { try up() }
    for host in hosts { try sync(host, at: place) }
    try expectEqualTrees(at: place)
  }

  /// Makes `host` trust the identity that `stranger` has now.
  func accept(_ host: String, _ stranger: String, at place: SourceLocation = #_sourceLocation)
    throws
  {
    let told = try run(stranger, "host", "fingerprint")
    expect(told, [0], at: place)
    guard let range = told.out.range(of: #"sha256:[0-9A-Za-z+/=:_-]+"#, options: .regularExpression)
    else { throw LabFailure("no fingerprint: \(told)") }
    expect(
      try run(host, "host", "accept", stranger, String(told.out[range])), [0], at: place)
  }
}

/// Whether the host that syncs runs a server of its own.
enum Form: String, CaseIterable, CustomTestStringConvertible {
  case alone
  case throughDaemon

  var testDescription: String { rawValue }
}
