import ArgumentParser
import Weft

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The program `weft`.
@main
struct WeftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weft",
    abstract: "A lazy array compiler: NumPy expressions, computed by the executor of your choice.",
    version: "0.1.0",
    subcommands: [
      EvalCommand.self, RunCommand.self, IRCommand.self, ExecutorsCommand.self,
      FunctionsCommand.self, PathCommand.self,
    ])

  /// Parses and runs; errors go to standard error.
  static func main() {
    // A file beyond the size that the shell allows is an error of the write, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      terminate(report(error))
    }
  }

  /// Tells an error; the exit code is 1 for errors of expressions and runs, 2 for wrong usage.
  private static func report(_ error: any Error) -> Int32 {
    switch error {
    case let error as ScriptError:
      StandardStream.error.line(error.description)
      return 1
    case let error as WeftError:
      StandardStream.error.line(ScriptError(error).description)
      return 1
    default:
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if !message.isEmpty {
        (code.isSuccess ? StandardStream.output : .error).line(message)
      }
      return code.isSuccess ? 0 : code == .validationFailure ? 2 : code.rawValue
    }
  }
}

/// Ends the process; `exit` alone names a method of commands.
private func terminate(_ code: Int32) -> Never { exit(code) }
