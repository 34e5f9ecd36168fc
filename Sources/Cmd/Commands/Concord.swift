import ArgumentParser

/// The root of all commands.
struct Concord: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "concord",
    abstract: "Keeps files on many hosts in sync, without a master.",
    discussion: """
      Any host may change any file. What was changed on one host reaches all; what was changed on \
      two hosts at once is held as a conflict until somebody decides.

      A first cluster:
        concord keygen /etc/concord/web.key       on one host; copy it to the others
        concord config check                      on each
        concord serve                             on each
        concord sync                              on any

      csync2's short options (-x -c -u -T -f ...) work as well, and so does a
      link to this program with the name csync2.
      """,
    version: "concord \(version)",
    subcommands: [ShortCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Every day",
        subcommands: [
          SyncCommand.self, StatusCommand.self, ServeCommand.self, ScanCommand.self,
          VerifyCommand.self, WaitCommand.self, ReportCommand.self, ActionsCommand.self,
        ]),
      CommandGroup(
        name: "Conflicts",
        subcommands: [
          ConflictsCommand.self, DiffCommand.self, ResolveCommand.self, ForceCommand.self,
          ShowCommand.self, LogCommand.self, WhyCommand.self, BackupCommand.self,
        ]),
      CommandGroup(
        name: "Set-up",
        subcommands: [
          KeygenCommand.self, ConfigCommand.self, AdoptCommand.self, HostCommand.self,
          DoctorCommand.self,
        ]),
    ])
}
