import ArgumentParser
import Foundation
import Weft

/// `weft-bench awareness`: how much linear algebra the compiler knows.
struct AwarenessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "awareness",
    abstract: "Times naive formulas against their reference forms and checks their results.",
    discussion: """
      A line for each case: naive seconds, reference seconds where the file gives a form that is \
      known, whether the result agrees with float64 arithmetic without rewrites, and the rules \
      that fired. Then N of M: cases that are right and take at most 1.10 of the reference's time.
      """)

  @Argument(help: "A file of cases.") var cases: String
  @Option(help: "A factor for all extents.") var scale = 1.0
  @Option(help: "Calls of each form that count; more where they are short.") var repeats = 5
  @Option(help: "Only cases whose id begins so; several are separated by commas.")
  var only: String?
  @Flag(help: "One JSON object a line.") var json = false

  func validate() throws {
    guard scale > 0, scale.isFinite else {
      throw ValidationError("--scale takes a positive number")
    }
    guard repeats >= 1 else { throw ValidationError("--repeats takes at least 1") }
  }

  func run() throws {
    let prefixes = only?.split(separator: ",").map(String.init)
    let chosen = try AwarenessCase.read(cases, scale: scale).filter { example in
      prefixes?.contains { example.id.hasPrefix($0) } ?? true
    }
    var passed = 0
    for example in chosen {
      do {
        let run = try AwarenessRun(example, repeats: repeats)
        if run.passes { passed += 1 }
        print(json ? run.json : run.text)
      } catch {
        print(
          json
            ? #"{"id":\#(quoted(example.id)),"error":\#(quoted("\(error)")),"passes":false}"#
            : "\(example.id): error: \(error)")
      }
      fflush(nil)
    }
    print(json ? #"{"passed":\#(passed),"of":\#(chosen.count)}"# : "\(passed) of \(chosen.count)")
  }
}
