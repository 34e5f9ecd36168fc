import ArgumentParser
import Model

/// `report --format html FILE`
struct ReportCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the state of the cluster as one page that needs nothing else.",
    discussion: "The page tells what is open; the status is 0 if it was written.")

  @OptionGroup var globals: GlobalOptions
  @Option(help: "The form of the page: html.") var format = "html"
  @Argument(help: "Where to write it; - is standard output.") var file: String

  func execute(_ context: Context) throws -> Int32 {
    guard format == "html" else {
      throw Failure(
        .usage, "concord report", "not run", "there is no format \(escaped(format)) of a report",
        remedy: "the one that is there is html; for data see concord status --json")
    }
    let node = try context.here()
    let page = ReportPage(data: try ReportData.make(node)).text
    if file == "-" {
      context.console.out(page)
    } else {
      let place = context.settings.absolute(file)
      try ReportFile.write(page, to: place)
      context.note("\(escaped(place)): written")
    }
    return ExitStatus.done
  }
}
