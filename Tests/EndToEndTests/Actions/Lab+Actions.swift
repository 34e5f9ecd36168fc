import Foundation
import Testing

extension Lab {
  /// Hosts whose group has these actions; `FOLDER` in their text is the lab's folder.
  static func acting(_ actions: String, hosts: [String] = ["a", "b"]) throws -> Lab {
    let lab = try Lab(hosts)
    let text = actions.replacing("FOLDER", with: lab.folder)
    try lab.put(try lab.configuration(more: text), in: lab.config)
    return lab
  }

  /// Makes a program of the lab's folder.
  func script(_ name: String, _ text: String) throws {
    try put("#!/bin/sh\n" + text.replacing("FOLDER", with: folder) + "\n", in: "\(folder)/\(name)")
    Glibc.chmod("\(folder)/\(name)", 0o755)
  }

  /// The text of a file in the lab's folder; empty if there is none.
  func made(_ name: String) -> String {
    String(decoding: madeBytes(name), as: UTF8.self)
  }

  func madeBytes(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init) ?? []
  }

  func madeLines(_ name: String) -> [String] {
    made(name).split(separator: "\n").map(String.init)
  }

  /// All runs that a host keeps.
  func actions(_ host: String, at place: SourceLocation = #_sourceLocation) throws -> [JSON] {
    let document = try json(host, "actions", exits: 0, 3, at: place)
    #expect(document["schema"].text == "concord.actions/1", sourceLocation: place)
    return document["actions"].items
  }

  /// How many runs of a host are in a state.
  func count(_ host: String, _ state: String) throws -> Int {
    try actions(host).count { $0["state"].text == state }
  }

  /// Waits until a host has so many runs in the state and none under way.
  func await(
    _ host: String, _ count: Int, _ state: String, at place: SourceLocation = #_sourceLocation
  ) throws {
    let good = try until(seconds: 60) {
      let runs = try actions(host)
      return runs.count { $0["state"].text == state } == count
        && !runs.contains { $0["state"].text == "running" }
    }
    let runs = try actions(host)
    #expect(good, "\(runs)", sourceLocation: place)
  }

  /// The number of the last run of a host.
  func lastAction(_ host: String) throws -> String {
    "\(Int(try actions(host).last?["id"].number ?? -1))"
  }
}

/// Whether the host on which the action runs has a server.
enum Owner: String, CaseIterable, CustomTestStringConvertible {
  case command, daemon
  var testDescription: String { rawValue }
}
