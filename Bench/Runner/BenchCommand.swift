import ArgumentParser
import Foundation
import Synchronization
import Weft
import WeftIR

/// Counts up; safe from any thread.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)
  func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weft-bench", abstract: "Times the workloads and checks their results.",
    subcommands: [WorkloadsCommand.self, AwarenessCommand.self, FirstCommand.self],
    defaultSubcommand: WorkloadsCommand.self)
}

/// `weft-bench workloads`, or `weft-bench` alone.
struct WorkloadsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workloads", abstract: "Times the workloads and checks their results.")

  @Option(help: "The folder of the inputs.") var inputs: String
  @Option(help: "Workloads to run, separated by commas; a name stands for all that begin with it.")
  var workloads: String?
  @Option(help: "The executor.") var executor: String?
  @Option(help: "The most counted calls of a workload.") var repeats = 7
  @Option(help: "Seconds after which no further call of a workload begins.") var seconds = 10.0
  @Flag(help: "One JSON object a line.") var json = false
  @Flag(help: "Answer the requests load, time and drop on standard input.") var serve = false

  func run() throws {
    if serve {
      var serving = Serving(
        inputs: Inputs(directory: inputs), executor: executor.map { ExecutorName($0) })
      serving.run()
      return
    }
    let names = workloads?.split(separator: ",").map(String.init)
    let chosen = Workloads.all.filter { workload in
      names?.contains { workload.id.hasPrefix($0) } ?? true
    }
    guard !chosen.isEmpty else {
      throw ValidationError("no workload begins with \(workloads ?? "")")
    }
    let name = executor.map { ExecutorName($0) }
    for workload in chosen {
      let line: String
      do {
        let measured = try Measurement(
          of: workload, inputs: Inputs(directory: inputs), executor: name, repeats: repeats,
          seconds: seconds)
        line = json ? measured.json : measured.text
      } catch let reason as Workload.Unsupported {
        line =
          json
          ? #"{"id":"\#(workload.id)","unsupported":\#(quoted(reason.reason))}"#
          : "\(workload.id): unsupported: \(reason.reason)"
      } catch {
        line =
          json
          ? #"{"id":"\#(workload.id)","error":\#(quoted("\(error)"))}"#
          : "\(workload.id): error: \(error)"
      }
      print(line)
      fflush(nil)
    }
  }
}

/// A JSON string.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    default:
      result +=
        scalar.value < 0x20
        ? "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        : String(scalar)
    }
  }
  return result + "\""
}

/// A JSON number; what JSON has no number for is a string.
func number(_ value: Double) -> String {
  value.isFinite ? "\(value)" : quoted(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
}
