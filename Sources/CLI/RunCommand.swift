import ArgumentParser
import Weft
import WeftIR

/// `weft run`: computes a graph in its text form.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Compute a graph in its text form.",
    discussion: "Parameters get their arrays by name: --in x=x.npy for %x.")

  @Argument(help: "The file with the graph.")
  var file: String

  @OptionGroup var inputs: InputOptions
  @OptionGroup var execution: ExecutionOptions

  @Option(help: "Write the result to a .npy, .npz or .png file instead of printing it.")
  var out: String?

  @Flag(help: "Print JSON: dtype, shape and values.")
  var json = false

  func run() throws {
    let session = try execution.session()
    let text = try IRFile.text(file)
    try execution.run(in: session, program: text) {
      let graph = try Graph(parsing: text)
      // The innermost session, which may have a report.
      let session = Session.current
      let buffers = try arguments(of: graph)
      let executor = try session.chooseExecutor().executor
      let results = try session.run(graph, buffers, on: executor)
      try report(results)
    }
  }

  /// The arrays of a graph's parameters.
  private func arguments(of graph: Graph) throws -> [Buffer] {
    let arrays = try inputs.arrays()
    return try graph.parameters.map { parameter in
      guard let array = arrays[parameter.name] else {
        throw WeftError(
          .argument, "run", "the parameter %\(parameter.name) has no array",
          hint: "give it as --in \(parameter.name)=FILE, \(parameter.type)")
      }
      return try array.buffer()
    }
  }

  private func report(_ results: [Buffer]) throws {
    if let out {
      if results.count == 1 { return try NDArray(results[0]).save(to: out) }
      return try NPZFile.write(
        results.enumerated().map { ("arr_\($0)", $1) }, to: out)
    }
    for result in results {
      if json {
        var writer = JSONWriter()
        ScriptAnswer.write(result, into: &writer)
        StandardStream.output.line(writer.text)
      } else {
        StandardStream.output.line(try result.formatted())
      }
    }
  }
}

/// Reads graph texts.
enum IRFile {
  /// The text of a file.
  ///
  /// - Throws: `file` when it cannot be read, `file-format` when it is no UTF-8.
  static func text(_ path: String) throws(WeftError) -> String {
    let file = try FileContents.read(
      path, operation: "read \"\(path)\"", mapped: false, in: MemoryAccount())
    let bytes = UnsafeRawBufferPointer(start: file.base, count: file.byteCount)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw WeftError(.fileFormat, "read \"\(path)\"", "the text is not valid UTF-8")
    }
    return text
  }
}
