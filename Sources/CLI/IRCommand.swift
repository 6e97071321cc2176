import ArgumentParser
import Weft
import WeftIR

/// `weft ir`: the graph of an expression, before or after passes; computes nothing.
struct IRCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ir", abstract: "Show the graph of an expression, before or after passes.")

  /// How a graph is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, dot, json
  }

  @Argument(help: "The program.")
  var program: String

  @OptionGroup var inputs: InputOptions
  @OptionGroup var execution: ExecutionOptions

  @Option(help: ArgumentHelp("After this pass, or after each ('all').", valueName: "pass"))
  var after: String?

  @Option(help: "The form of the graph.")
  var format = Format.text

  @Flag(help: "The kernels that the executor makes, instead of the graph.")
  var kernels = false

  @Flag(help: "What LLVM gets of these kernels.")
  var llvm = false

  func validate() throws {
    if (kernels || llvm) && (after != nil || format != .text) {
      throw ValidationError("--kernels and --llvm go with neither --after nor --format")
    }
  }

  func run() throws {
    var session = try execution.session()
    if kernels || llvm { session.compilation = .always }
    try Session.$scoped.withValue(session) {
      let result = try Script.evaluate(utf8: Array(program.utf8), scope: try inputs.scope())
      let expressions = result.arrays.map(\.expr)
      do {
        if kernels || llvm {
          return show(try session.preparation(of: expressions).executable.listings)
        }
        guard let after else {
          return show(try Capture(expressions).graph)
        }
        let texts = try session.texts(of: expressions, after: after == "all" ? nil : [after])
        for (name, text) in texts {
          if texts.count > 1, format == .text { StandardStream.output.line("// after \(name)") }
          if format == .text {
            StandardStream.output.line(text)
          } else {
            show(try Graph(parsing: text))
          }
        }
      } catch let error as WeftError {
        throw result.located(error)
      }
    }
  }

  private func show(_ listings: [KernelListing]) {
    let shown = listings.filter { $0.language == "kernel" ? kernels : llvm }
    if shown.isEmpty { StandardStream.output.line("// no step has a kernel of that kind") }
    for listing in shown {
      StandardStream.output.line("// \(listing.step)")
      StandardStream.output.line(listing.text)
    }
  }

  private func show(_ graph: Graph) {
    switch format {
    case .text: StandardStream.output.line(graph.text())
    case .dot: StandardStream.output.line(graph.dot)
    case .json: StandardStream.output.line(graph.json)
    }
  }
}
