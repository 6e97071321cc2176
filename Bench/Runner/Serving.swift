import Foundation
import Weft
import WeftIR

/// Answers requests on standard input, so that a paired run can time one process by turns: its
/// arrays stay where they are, as its peers' do.
///
/// `load ID` prepares a workload and runs it once, `time SECONDS` times it again, `drop` lets it go;
/// each answer is one line of JSON.
struct Serving {
  let inputs: Inputs
  let executor: ExecutorName?
  private var work: Workload.Work?

  init(inputs: Inputs, executor: ExecutorName?) {
    self.inputs = inputs
    self.executor = executor
  }

  mutating func run() {
    while let line = readLine() {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      do {
        switch (words.first, words.last) {
        case ("load", let id?): print(try load(id))
        case ("time", let seconds?): print(try time(Double(seconds) ?? 0))
        default:
          work = nil
          print("{}")
        }
      } catch let reason as Workload.Unsupported {
        print(#"{"unsupported":\#(quoted(reason.reason))}"#)
      } catch {
        work = nil
        print(#"{"error":\#(quoted("\(error)"))}"#)
      }
      fflush(nil)
    }
  }

  private mutating func load(_ id: String) throws -> String {
    work = nil
    guard let workload = Workloads.all.first(where: { $0.id == id }) else {
      throw Workload.Unsupported(reason: "no workload \(id)")
    }
    let work = try workload.prepare(inputs)
    let (first, results) = try Measurement.call(work, executor)
    self.work = work
    let checks = try results.map { try ResultCheck($0).json }
    let check = checks.isEmpty ? "" : #","check":["# + checks.joined(separator: ",") + "]"
    return #"{"first_s":\#(first)\#(check)}"#
  }

  private func time(_ seconds: Double) throws -> String {
    guard let work else { throw Workload.Unsupported(reason: "nothing is loaded") }
    var times: [Double] = []
    let start = ContinuousClock.now
    repeat {
      times.append(try Measurement.call(work, executor).seconds)
    } while Measurement.seconds(of: ContinuousClock.now - start) < seconds
    let text = times.map { "\($0)" }.joined(separator: ",")
    return #"{"times":[\#(text)],"peak_mb":\#(Measurement.peakOfProcess())}"#
  }
}
