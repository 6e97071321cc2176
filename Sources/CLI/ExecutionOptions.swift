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
    _ = try session.chooseExecutor()
    return session
  }
}
