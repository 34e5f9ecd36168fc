import ArgumentParser
import Model
import TransportEdge

/// `keygen FILE`
struct KeygenCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen", abstract: "Make a new group key (mode 0600); never overwrites.")
  static var needsNode: Bool { false }

  @OptionGroup var globals: GlobalOptions
  @Argument(help: "The file to make.") var file: String

  func execute(_ context: Context) throws -> Int32 {
    let file = context.settings.absolute(file)
    try makeGroupKey(file: file)
    context.note("\(escaped(file)): copy it to every host of the group, mode 0600")
    return ExitStatus.done
  }
}

/// `config check|show|explain`
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Judge, print and explain the configuration.",
    subcommands: [Check.self, Show.self, Explain.self])

  struct Check: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say every fault, with its place; nothing and status 0 if there is none.")
    static var needsNode: Bool { false }
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions

    func execute(_ context: Context) throws -> Int32 {
      let result = try ConfigFile.parse(context.settings.configFile)
      var faults = result.faults
      var remarks: [Fault] = []
      if let config = result.config {
        faults += checkConfig(config, host: context.settings.hostName)
        remarks = notes(config)
      }
      if format.isJSON {
        context.put(
          .object([
            ("schema", .string("concord.config-check/1")),
            ("host", .string(context.settings.hostName)),
            ("faults", .array(faults.map(json))), ("notes", .array(remarks.map(json))),
          ]))
      } else {
        for fault in faults { context.console.say("\(fault)") }
        for remark in remarks { context.console.say("\(remark)") }
        if faults.isEmpty { context.note("\(escaped(context.settings.configFile)): no faults") }
      }
      return faults.isEmpty ? ExitStatus.done : ExitStatus.of(.configuration)
    }

    private func json(_ fault: Fault) -> JSON {
      .object([
        ("file", .string(fault.position.file)), ("line", .int(fault.position.line)),
        ("column", .int(fault.position.column)), ("message", .string(fault.message)),
        ("remedy", .string(fault.remedy)),
      ])
    }
  }

  struct Show: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the configuration as it is understood.")
    static var needsNode: Bool { false }
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions

    func execute(_ context: Context) throws -> Int32 {
      let result = try ConfigFile.parse(context.settings.configFile)
      guard let config = result.config else { throw ConfigFaults(faults: result.faults) }
      guard format.isJSON else {
        context.console.out(config.text())
        return ExitStatus.done
      }
      context.put(
        .object([
          ("schema", .string("concord.config-show/1")),
          ("host", .string(context.settings.hostName)),
          ("groups", .array(config.groups.map { json($0, config) })),
        ]))
      return ExitStatus.done
    }

    private func json(_ group: Group, _ config: Config) -> JSON {
      let hosts = group.members.map { member -> JSON in
        let endpoint = config.endpoint(of: member.name)
        return .object([
          ("name", .string(member.name)), ("address", .string(endpoint?.address ?? member.name)),
          ("port", .int(Int(endpoint?.port ?? Member.defaultPort))),
          ("receive_only", .bool(member.receiveOnly)),
        ])
      }
      return .object([
        ("name", .string(group.name)), ("hosts", .array(hosts)), ("key", .string(group.keyFile)),
        ("rules", .array(group.rules.map { .string("\($0)") })),
      ])
    }
  }

  struct Explain: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say which rule decides about a path.")
    static var needsNode: Bool { false }
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions
    @Argument(help: "A path on this host's disk, or one with a prefix (%web%/index.html).")
    var path: String

    func execute(_ context: Context) throws -> Int32 {
      let config = try ConfigFile.load(context.settings)
      let host = context.settings.hostName
      let given = Array(path.utf8)
      let names =
        given.first == UInt8(ascii: "%")
        ? TreePath(text: given).map { [$0] } ?? []
        : config.names(ofLocalPath: absolutePath(given, context.settings), on: host)
      let all = names.flatMap { explain($0, host: host, config: config) }
      let included = all.filter(\.isIncluded)
      let told = included.isEmpty ? all : included
      if format.isJSON {
        let rows = told.map { item -> JSON in
          .object(
            pathMembers(item.path.text) + [
              ("group", .string(item.group)), ("included", .bool(item.isIncluded)),
              ("decision", .string("\(item)")),
            ])
        }
        context.put(
          .object([
            ("schema", .string("concord.config-explain/1")), ("host", .string(host)),
            ("groups", .array(rows)),
          ]))
      } else {
        for item in told { context.console.out("\(item)\n") }
      }
      return ExitStatus.done
    }
  }
}

extension Explanation {
  var isIncluded: Bool {
    if case .included = decision { true } else { false }
  }
}
