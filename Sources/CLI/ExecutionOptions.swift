import ArgumentParser
import Weft
import WeftExecution
import WeftIR

/// Who computes, and what is told about it.
struct ExecutionOptions: ParsableArguments {
  @Option(help: "The executor; WEFT_EXECUTOR or auto unless given. 'weft executors' lists them.")
  var executor: String?

  @Option(
    help: ArgumentHelp(
      "Write graphs: final, all, or names of passes; to WEFT_DUMP_DIR or standard error.",
      valueName: "what"))
  var dump: String?

  @Option(
    help: ArgumentHelp(
      "Show how far runs of the executor 'chunked' are: bar (in a terminal), lines or off; "
        + "WEFT_PROGRESS or bar unless given.",
      valueName: "how"))
  var progress: String?

  @Option(
    help: ArgumentHelp(
      "Write a page about the run: timeline, memory, slowest steps and kernels, the plan.",
      valueName: "file.html"))
  var report: String?

  func validate() throws {
    if let progress, ProgressDisplay(progress) == nil {
      throw ValidationError("--progress takes bar, lines or off, not '\(progress)'")
    }
  }

  /// The session that the options ask for.
  ///
  /// - Throws: what is wrong with the executor or an environment variable.
  func session() throws -> Session {
    var session = Session.standard.with(executor: executor.map { ExecutorName($0) })
    if let dump {
      let selection: PassContext.DumpSelection =
        switch dump {
        case "final": .final
        case "all": .all
        default: .passes(Set(dump.split(separator: ",").map(String.init)))
        }
      session = session.dumping(
        selection, to: StandardDumpSink(directory: Environment.process.dumpDirectory))
    }
    if let display = progress.flatMap({ ProgressDisplay($0) }) {
      session.observer = display.observer
    } else if Environment.process.progress == nil {
      session.observer = ProgressDisplay.bar.observer
    }
    _ = try session.chooseExecutor()
    return session
  }

  /// Runs a body in a session, with a page about it where one is asked for.
  func run(in session: Session, program: String, _ body: () throws -> Void) throws {
    guard let report else { return try Session.$scoped.withValue(session, operation: body) }
    try session.reporting(to: report, title: "weft", program: program, body)
  }
}
