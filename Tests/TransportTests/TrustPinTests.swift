import Model
import Testing
import Transport

private struct FixedPins: Pins {
  var pins: [String: String]

  func pin(for name: String) -> String? { pins[name] }
  func name(pinnedTo fingerprint: String) -> String? {
    pins.first { $0.value == fingerprint }?.key
  }
  func record(name: String, fingerprint: String) throws(Failure) {}
}

@Suite struct `A pin` {
  private let pins = FixedPins(pins: ["h1": "sha256:11", "h3": "sha256:33"])

  private func check(_ name: String, _ fingerprint: String) throws -> PinState {
    try Trust.checkPin(name: name, fingerprint: fingerprint, pins: pins)
  }

  @Test func `admits its own key only`() throws {
    #expect(try check("h1", "sha256:11") == .known)
    #expect(throws: Refusal.pinDiffers(name: "h1", pinned: "sha256:11", shown: "sha256:99")) {
      try check("h1", "sha256:99")
    }
  }

  @Test func `of another host tells which host was reached`() {
    #expect(throws: Refusal.otherHost(name: "h1", found: "h3", fingerprint: "sha256:33")) {
      try check("h1", "sha256:33")
    }
  }

  @Test func `keeps its key from a second name`() throws {
    #expect(throws: Refusal.pinnedElsewhere(name: "h2", other: "h3", fingerprint: "sha256:33")) {
      try check("h2", "sha256:33")
    }
    #expect(try check("h2", "sha256:22") == .new)
  }

  @Test func `that differs is shown with both keys and the cure`() {
    let failure = Refusal.pinDiffers(name: "h1", pinned: "sha256:11", shown: "sha256:99")
      .failure(place: "h1", ownName: "h2")
    #expect(
      "\(failure)" == "h1: not authenticated: the key of h1 is sha256:99, and sha256:11 is pinned;"
        + " if it was reinstalled, run `concord host accept h1 sha256:99`")
  }
}
