/// Small numbers in place of what repeats in every row: replicas, which are sixteen random bytes,
/// and
/// owners, which are two names.
///
/// A number is a place in its list: it never changes its meaning, and the lists only grow.
package struct Shorthand: Hashable, Sendable {
  /// The most owners that get numbers; further ones are written out, whoever invents them.
  package static let ownerLimit = 4096

  package private(set) var replicas: [ReplicaID] = []
  package private(set) var owners: [Owner] = []
  private var replicaNumbers: [ReplicaID: UInt64] = [:]
  private var ownerNumbers: [OwnerKey: UInt64] = [:]
  private let ownerLimit: Int

  /// An owner with all that is written of it: the author's numbers as well.
  private struct OwnerKey: Hashable {
    var owner: Owner
    var numbers: Owner.Numbers?

    init(_ owner: Owner) {
      self.owner = owner
      numbers = owner.numbers
    }
  }

  package init(
    replicas: [ReplicaID] = [], owners: [Owner] = [], ownerLimit: Int = Self.ownerLimit
  ) {
    self.ownerLimit = ownerLimit
    for replica in replicas { _ = number(of: replica) }
    for owner in owners { _ = number(of: owner) }
  }

  /// The replica's number; one that is new is added at the end of its list.
  package mutating func number(of replica: ReplicaID) -> UInt64 {
    if let number = replicaNumbers[replica] { return number }
    let number = UInt64(replicas.count)
    replicas.append(replica)
    replicaNumbers[replica] = number
    return number
  }

  /// The owner's number; one that is new is added at the end of its list. Nil if that is full.
  package mutating func number(of owner: Owner) -> UInt64? {
    if let number = ownerNumbers[OwnerKey(owner)] { return number }
    guard owners.count < ownerLimit else { return nil }
    let number = UInt64(owners.count)
    owners.append(owner)
    ownerNumbers[OwnerKey(owner)] = number
    return number
  }

  /// The replica's number, if it has one.
  package func place(of replica: ReplicaID) -> UInt64? { replicaNumbers[replica] }

  package func replica(_ number: UInt64) -> ReplicaID? {
    number < UInt64(replicas.count) ? replicas[Int(number)] : nil
  }

  package func owner(_ number: UInt64) -> Owner? {
    number < UInt64(owners.count) ? owners[Int(number)] : nil
  }
}

extension CBORWriter {
  mutating func write(_ owner: Owner, _ short: inout Shorthand) {
    if let number = short.number(of: owner) { uint(number) } else { write(owner) }
  }
}

extension CBORReader {
  mutating func readOwner(_ short: Shorthand) throws(WireFault) -> Owner {
    if majorType == 4 { return try readOwner() }
    let start = offset
    guard let owner = short.owner(try readUInt()) else { throw WireFault(.badValue, at: start) }
    return owner
  }
}
