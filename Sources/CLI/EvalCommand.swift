import ArgumentParser
import Weft
import WeftIR

/// `weft eval`: the value of an expression.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Compute a NumPy expression.",
    discussion: """
      Statements are separated by ; or lines, the value is that of the last:
        weft eval 'y = x.T.dot(log(x) + 1); y - y.mean(axis=0)' --in x=x.npy --out z.npy
        weft eval 'x.sum(axis=0)' --random x=1000x100:float32:7 --json --repeat 5
      """)

  @Argument(help: "The program; left out with --lines.")
  var program: String?

  @OptionGroup var inputs: InputOptions
  @OptionGroup var execution: ExecutionOptions

  @OptionGroup var output: OutputOptions

  @Option(name: .customLong("repeat"), help: "Compute N times and report the times.")
  var repetitions: Int?

  @Flag(help: "Print JSON: dtype, shape and values; with --repeat times instead of values.")
  var json = false

  @Flag(help: "Let the program read and write files: load, save, savez, fromfile, tofile.")
  var files = false

  @Flag(help: "Tell the executor and why, passes, kernels and peak bytes on standard error.")
  var explain = false

  @Flag(
    help: "Print where the time went: by step, by line of code and by kernel, on standard error.")
  var profile = false

  @Flag(help: "Print how many additions and multiplications it takes; runs nothing.")
  var count = false

  @Flag(help: "Read one program a line from standard input and answer each with a line of JSON.")
  var lines = false

  func validate() throws {
    if lines == (program != nil) {
      throw ValidationError(
        lines
          ? "--lines reads programs from standard input, not an argument"
          : "a program is needed, or --lines")
    }
    if let repetitions, repetitions < 1 { throw ValidationError("--repeat takes at least 1") }
    let refused =
      output.out != nil || repetitions != nil || explain || profile || count || files
      || execution.report != nil
    if lines, refused {
      throw ValidationError(
        "--lines takes no --out, --repeat, --explain, --profile, --count, --files or --report")
    }
  }

  func run() throws {
    var session = try execution.session()
    if lines { session = LinesLoop.bounded(session) }
    try execution.run(in: session, program: program ?? "") {
      var answer = ScriptAnswer()
      answer.scope = try inputs.scope()
      if lines { return LinesLoop(answer: answer).run() }
      guard profile else { return try evaluate(answer) }
      let trace = try Session.current.tracing { try evaluate(answer) }
      StandardStream.error.line(trace.table())
    }
  }

  private func evaluate(_ answer: ScriptAnswer) throws {
    let bytes = Array((program ?? "").utf8)
    if let repetitions {
      let report = try EvalReport(bytes, scope: answer.scope, repetitions: repetitions)
      if explain { StandardStream.error.line(try report.result.explanation()) }
      if let out = output.out { try output.write(report.result, to: out) }
      StandardStream.output.line(json ? report.json : report.text)
      return
    }
    let result = try Script.$allowsFiles.withValue(files) {
      try Script.evaluate(utf8: bytes, scope: answer.scope)
    }
    if count {
      let flops = try Session.current.preparation(of: result.arrays.map(\.expr)).lowered.flops
      StandardStream.output.line(Int(exactly: flops).map { "\($0)" } ?? "\(flops)")
      return
    }
    if explain { StandardStream.error.line(try result.explanation()) }
    if let out = output.out {
      try output.write(result, to: out)
    } else if json {
      let object = Array(try answer.json(of: result).dropLast())
      let counters = JSONWriter.text(of: EvalReport.counters)
      StandardStream.output.write(object + Array(", \"counters\": \(counters)}\n".utf8))
    } else {
      StandardStream.output.line(try result.formatted())
    }
  }
}

extension ScriptResult {
  /// How the result would be computed.
  func explanation() throws(ScriptError) -> String {
    do {
      return try Session.current.explain(arrays.map(\.expr))
    } catch {
      throw located(error)
    }
  }
}
