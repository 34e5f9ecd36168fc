import Foundation

/// A JSON document, read without a schema: a test asks for the keys that the surface promises.
enum JSON: Decodable, Hashable, CustomStringConvertible {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([String: JSON])

  init(_ bytes: [UInt8]) throws {
    do {
      self = try JSONDecoder().decode(JSON.self, from: Data(bytes))
    } catch {
      throw LabFailure("not JSON: \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSON].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSON].self))
    }
  }

  /// What stands under a key; `null` if nothing does.
  subscript(key: String) -> JSON {
    if case .object(let members) = self { members[key] ?? .null } else { .null }
  }

  var items: [JSON] { if case .list(let items) = self { items } else { [] } }
  var keys: Set<String> { if case .object(let all) = self { Set(all.keys) } else { [] } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var flag: Bool? { if case .bool(let bool) = self { bool } else { nil } }
  var texts: [String] { items.compactMap(\.text) }

  var description: String {
    switch self {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): "\(number)"
    case .text(let text): "\"\(text)\""
    case .list(let items): "[\(items.map(\.description).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
  }
}

extension [JSON] {
  /// The first item; `null` if there is none, so that a wrong answer fails one test and not the
  /// run.
  var front: JSON { first ?? .null }
}
