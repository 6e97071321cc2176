import ArgumentParser
import Weft

/// `weft functions`: the NumPy-to-Weft table.
struct FunctionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "functions",
    abstract: "Print the table of NumPy's functions and their Swift spelling as Markdown.")

  @Flag(help: "Print one JSON object a function.")
  var json = false

  func run() {
    for family in ScriptFunctionTable.standard.families where !family.functions.isEmpty {
      if json {
        for function in family.functions { show(function, family.title) }
        continue
      }
      StandardStream.output.line("### \(family.title)\n")
      StandardStream.output.line("| NumPy and scripts | other names | Swift |")
      StandardStream.output.line("|---|---|---|")
      for function in family.functions {
        let others = function.aliases.map { "`\($0)`" }.joined(separator: ", ")
        StandardStream.output.line(
          "| `\(Self.cell(function.signature.text))` | \(others) | `\(Self.cell(function.swift))` |"
        )
      }
      StandardStream.output.line("")
    }
  }

  /// A vertical bar would end a cell.
  private static func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  private func show(_ function: ScriptFunction, _ family: String) {
    StandardStream.output.line(
      JSONWriter.text(
        of: .object([
          ("name", .string(function.name)), ("signature", .string(function.signature.text)),
          ("aliases", .array(function.aliases.map { .string($0) })),
          ("swift", .string(function.swift)), ("family", .string(family)),
          ("method", .bool(function.isMethod)),
        ])))
  }
}
