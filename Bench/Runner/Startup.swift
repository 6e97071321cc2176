import ArgumentParser
import Foundation
import Weft
import WeftExecution
import WeftIR

/// The time until code is there: requirement 3 holds a new kernel of ten operations to 30 ms, one in
/// the disk cache to 5 ms, and a process with its first small compute to 60 ms.
///
/// Processes are this program's own: `weft-bench first`.
enum Startup {
  static let all = [
    // LLVM is open, as it is from a process's first compiled kernel on.
    Workload(id: "compile.new") { _ in
      let round = Counter()
      let first = Int(DispatchTime.now().uptimeNanoseconds % 1_000_000_007)
      return .seconds { try codeSeconds(number: first + round.next(), from: "compiled") }
    },
    Workload(id: "compile.disk") { _ in
      let round = Counter()
      let first = Int(DispatchTime.now().uptimeNanoseconds % 1_000_000_007)
      return .seconds {
        let number = "\(first + round.next())"
        // The first process compiles it, the second finds it.
        _ = try output(of: ["first", "--kernel", number])
        let text = try output(of: ["first", "--kernel", number, "--from", "disk"])
        guard let seconds = Double(text.filter { !$0.isWhitespace }) else {
          throw Workload.Unsupported(reason: "the process answered \(text)")
        }
        return seconds
      }
    },
    Workload(id: "start.cold") { _ in
      .seconds {
        let start = ContinuousClock.now
        _ = try output(of: ["first"])
        return Measurement.seconds(of: ContinuousClock.now - start)
      }
    },
  ]

  /// An expression of ten operations, which a number chooses from some 3 million.
  static func expression(_ number: Int) -> NDArray {
    let x = NDArray((0..<4096).map { 0.5 + Double($0) / 4096 })
    let y = NDArray((0..<4096).map { 1.5 + Double($0) / 4096 })
    var (value, rest) = (exp(x) + sqrt(y), number)
    for _ in 0..<7 {
      switch rest % 8 {
      case 0: value = value + x
      case 1: value = value * y
      case 2: value = value - y
      case 3: value = maximum(value, x)
      case 4: value = minimum(value, y)
      case 5: value = abs(value)
      case 6: value = value / y
      default: value = x - value
      }
      rest /= 8
    }
    return value
  }

  /// The seconds that getting the code of one kernel took, which must come from a place.
  static func codeSeconds(number: Int, from origin: String?) throws -> Double {
    var session = Session.standard
    session.compilation = .always
    let trace = try session.tracing {
      _ = try expression(number).compute()
    }
    let kernels = trace.events.filter { $0.category == .compile }
    let origins = kernels.compactMap { event -> String? in
      if case .text(let text)? = event["code"] { text } else { nil }
    }
    if let origin, origins != [origin] {
      throw Workload.Unsupported(reason: "code of \(origins), not one kernel's that was \(origin)")
    }
    return Double(kernels.map(\.duration).reduce(0, +)) * 1e-9
  }

  /// What a process of this program prints.
  private static func output(of arguments: [String]) throws -> String {
    // By the shell: Foundation's Process notices the end of a process some 40 ms late.
    let words = [CommandLine.arguments[0]] + arguments
    let quoted = words.map { "'" + $0.replacingOccurrences(of: "'", with: "'\\''") + "'" }
    guard let pipe = popen("exec " + quoted.joined(separator: " "), "r") else {
      throw Workload.Unsupported(reason: "no process could be started")
    }
    var data: [UInt8] = []
    while case let byte = getc(pipe), byte != EOF { data.append(UInt8(truncatingIfNeeded: byte)) }
    let status = pclose(pipe)
    guard status == 0 else {
      throw Workload.Unsupported(reason: "a process ended with \(status)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// `weft-bench first`: a small compute, or one kernel's code and how long that took.
struct FirstCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "first", abstract: "Computes something small once.", shouldDisplay: false)

  @Option(help: "The number of an expression whose kernel is to be compiled.") var kernel: Int?
  @Option(help: "Where its code must come from: compiled, disk.") var from: String?

  func run() throws {
    if let kernel {
      print(try Startup.codeSeconds(number: kernel, from: from))
    } else {
      print(try (NDArray((0..<10).map(Double.init)) * 2 + 1).sum().compute())
    }
  }
}
