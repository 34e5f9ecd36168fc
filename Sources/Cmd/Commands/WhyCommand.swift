import ArgumentParser
import Model
import Transport

/// `why PATH`
struct WhyCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Why a path is, or is not, in sync.",
    discussion: """
      Status 0: in sync everywhere, as far as this host knows. 1: in conflict. 2: not in sync. \
      4: it failed. 66: no group holds it.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Argument(help: "A path on this host's disk, or one with a prefix.") var path: String

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    let given = Array(path.utf8)
    let names =
      given.first == UInt8(ascii: "%")
      ? TreePath(text: given).map { [$0] } ?? []
      : node.config.names(ofLocalPath: absolutePath(given, context.settings), on: node.name)
    let all = names.flatMap { explain($0, host: node.name, config: node.config) }
    let held = all.filter(\.isIncluded)
    var found: [Standing] = []
    for item in held {
      for group in node.sessionGroups where group.name == item.group {
        found.append(try node.standing(item.path, group, rule: item.ruleText))
      }
    }
    if format.isJSON {
      context.put(document(found, all, node, context))
    } else if found.isEmpty {
      context.console.out("\(escaped(path)): not synced: no group of this host holds it\n")
      for item in all { context.console.out("  \(item)\n") }
    } else {
      for standing in found { context.console.out(text(standing, node)) }
    }
    // What no group holds is no input.
    return found.map(\.status).max() ?? ExitStatus.of(.noInput)
  }

  private func text(_ standing: Standing, _ node: Node) -> String {
    var out = "\(node.shownPath(standing.path)): \(standing.conclusion)\n"
    for reason in standing.reasons where reason != standing.conclusion { out += "  \(reason)\n" }
    let there = standing.hosts.filter(\.hasIt).map { escaped($0.name) }
    if !there.isEmpty { out += "  also on \(there.joined(separator: " "))\n" }
    return out + "  group \(escaped(standing.group)): \(standing.rule)\n"
  }

  private func document(
    _ found: [Standing], _ all: [Explanation], _ node: Node, _ context: Context
  ) -> JSON {
    let local = found.first.map { node.localPath($0.path) } ?? localPath(context)
    return .object(
      [("schema", .string("concord.why/1")), ("host", .string(node.name))] + pathMembers(local) + [
        ("held", .bool(!found.isEmpty)),
        ("in_sync", .bool(!found.isEmpty && found.allSatisfy { $0.status == ExitStatus.done })),
        ("groups", .array(found.map(json))),
        ("rules", .array(all.map { .string("\($0)") })),
      ])
  }

  private func localPath(_ context: Context) -> [UInt8] {
    let given = Array(path.utf8)
    return given.first == UInt8(ascii: "%") ? given : absolutePath(given, context.settings)
  }

  private func json(_ standing: Standing) -> JSON {
    .object([
      ("group", .string(standing.group)), ("rule", .string(standing.rule)),
      ("conclusion", .string(standing.conclusion)),
      ("reasons", .array(standing.reasons.map { .string($0) })),
      ("in_sync", .bool(standing.status == ExitStatus.done)),
      (
        "conflict",
        standing.conflict.map {
          .object([("id", .string($0.id)), ("kind", .string($0.kind.rawValue))])
        } ?? .null
      ),
      ("moved_to", standing.movedTo.map { .string($0) } ?? .null),
      (
        "hosts",
        .array(
          standing.hosts.map {
            .object([
              ("name", .string($0.name)), ("has_it", .bool($0.hasIt)), ("why", .string($0.why)),
            ])
          })
      ),
    ])
  }
}

extension Explanation {
  /// The rule that holds the path, and where it stands.
  fileprivate var ruleText: String {
    decision.rule.map { "held by `\($0)` (\($0.position))" } ?? "held by no rule"
  }
}
