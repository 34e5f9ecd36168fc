package import Transport

/// This host, as it shows itself to peers and judges them: one value a connection.
package struct Party: Sendable {
  package var ownName: String
  package var identity: Identity
  /// The groups whose key file could be read.
  package var secrets: [GroupSecret]
  package var pins: any Pins

  package init(
    ownName: String, identity: Identity, secrets: [GroupSecret], pins: any Pins
  ) {
    self.ownName = ownName
    self.identity = identity
    self.secrets = secrets
    self.pins = pins
  }

  var trust: Trust { Trust(ownName: ownName, secrets: secrets, sealing: GnuTLSSealing()) }
}
