import ArgumentParser
import Weft
import WeftIR
import WeftPasses

/// `weft path`: the order in which a tensor network is contracted.
struct PathCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "path", abstract: "Find the order in which a tensor network is contracted.",
    discussion: """
      The file has "inputs" (lists of index numbers), "output" and "sizes" (a list, or an object by \
      index number). flops_log10 counts as files of its form do: with a list of sizes as opt_einsum \
      (twice the product where an index is summed), with an object multiply-adds; both are printed.
      """)

  /// How the order is found.
  enum Optimizer: String, ExpressibleByArgument, CaseIterable {
    case auto, greedy, optimal
    case leftToRight = "left-to-right"

    var method: PathOptions.Method {
      switch self {
      case .auto: .automatic
      case .greedy: .greedy
      case .optimal: .optimal
      case .leftToRight: .leftToRight
      }
    }
  }

  /// What is made small.
  enum Objective: String, ExpressibleByArgument, CaseIterable {
    case flops, size, combo
  }

  @Argument(help: "The file with the network.")
  var file: String

  @Option(help: "The most seconds of search.")
  var time = 10.0

  @Option(
    help: ArgumentHelp(
      "The most elements of any value; met by slices over indices.", valueName: "elements"))
  var memory: Double?

  @Flag(help: "Find an order within --memory without slices, or none.")
  var noSlicing = false

  @Option(help: "How the order is found.")
  var optimizer = Optimizer.auto

  @Option(help: "What is made small: flops, the largest value, or flops + 64 * elements written.")
  var minimize = Objective.flops

  @Option(help: "The most rounds of search, for results that do not depend on the machine.")
  var rounds: Int?

  @Option(help: "Where random numbers begin.")
  var seed: UInt64 = 0

  @Option(help: "The most threads.")
  var threads = 2

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard time >= 0, time <= 1e6 else {
      throw ValidationError("--time is seconds, from 0 to a million")
    }
    if let memory, !(memory >= 1) {
      throw ValidationError("--memory is a number of elements, at least 1")
    }
    if let rounds, rounds < 1 { throw ValidationError("--rounds is at least 1") }
    guard (1...256).contains(threads) else { throw ValidationError("--threads is 1 to 256") }
  }

  func run() throws {
    let file = try NetworkFile(path: file)
    let start = ContinuousClock.now
    let plan = file.network.plan(options(file))
    let parts = (ContinuousClock.now - start).components
    let seconds = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    if let least = plan.leastFeasibleSize {
      if json { show(.object([("error", .string("too-large")), ("least_size", .number(least))])) }
      throw WeftError(
        .tooLarge, "path",
        "no order was found whose values have at most \(elements(memory ?? 0)) elements; "
          + "\(elements(least)) would do",
        hint: noSlicing ? "without --no-slicing slices over indices may do" : nil)
    }
    let report = PathFileReport(file: file, plan: plan, seconds: seconds)
    if json { show(report.json) } else { report.lines.forEach { StandardStream.output.line($0) } }
  }

  private func options(_ file: NetworkFile) -> PathOptions {
    var model = PathCostModel(file.count)
    switch minimize {
    case .flops: break
    case .size: model = .size
    case .combo: model.writeWeight = 64
    }
    var options = PathOptions(optimizer.method, model: model, seconds: time)
    options.memoryLimit = memory
    options.allowsSlicing = !noSlicing
    options.rounds = rounds
    options.seed = seed
    options.threadCount = threads
    return options
  }

  private func elements(_ count: Double) -> String {
    count < 1e15 ? String(Int(count.rounded())) : "\(count)"
  }

  private func show(_ value: JSONValue) {
    StandardStream.output.line(JSONWriter.text(of: value))
  }
}

/// What `weft path` prints.
private struct PathFileReport {
  let file: NetworkFile
  let plan: ContractionPlan
  let seconds: Double

  /// A slice's work times the number of slices.
  private func log10Total(_ log2Work: Double) -> Double {
    (log2Work + plan.log2Slices) * 0.301_029_995_663_981_2
  }

  private var multiplyAdds: Double { log10Total(plan.cost.log2MultiplyAdds) }
  private var flops: Double { log10Total(plan.cost.log2Flops) }
  private var sliced: [Int] { plan.sliced.map { file.indexNumbers[$0] } }

  var json: JSONValue {
    .object([
      ("name", .string(file.name)),
      ("tensors", .integer(Int64(file.network.operands.count))),
      ("indices", .integer(Int64(file.network.extents.count))),
      ("flops_log10", .number(file.count == .flops ? flops : multiplyAdds)),
      ("flops_log10_opt_einsum", .number(flops)),
      ("flops_log10_multiply_adds", .number(multiplyAdds)),
      ("size_log2", .number(plan.cost.log2Largest)),
      ("size_log2_made", .number(plan.cost.log2LargestMade)),
      ("sliced", .array(sliced.map { .integer(Int64($0)) })),
      ("slices_log2", .number(plan.log2Slices)),
      ("method", .string(plan.method)),
      ("optimal", .bool(plan.isOptimal)),
      ("seconds", .number(seconds)),
      (
        "path",
        .array(plan.path.linear.map { .array($0.map { .integer(Int64($0)) }) })
      ),
    ])
  }

  var lines: [String] {
    func fixed(_ value: Double, _ digits: Int) -> String {
      var scale = 1.0
      for _ in 0..<digits { scale *= 10 }
      let rounded = Int64((value * scale).rounded())
      let sign = rounded < 0 ? "-" : ""
      let text = String(rounded.magnitude)
      let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
      return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
    let own = file.count == .flops ? flops : multiplyAdds
    var lines = [
      "\(file.name): \(file.network.operands.count) operands, \(file.network.extents.count) indices",
      "flops_log10 \(fixed(own, 4)) (opt_einsum's count \(fixed(flops, 4)), "
        + "multiply-adds \(fixed(multiplyAdds, 4)))",
      "size_log2 \(fixed(plan.cost.log2Largest, 3)) "
        + "(of what steps make \(fixed(plan.cost.log2LargestMade, 3)))",
    ]
    if !sliced.isEmpty {
      lines.append("slices_log2 \(fixed(plan.log2Slices, 3)), over indices \(sliced)")
    }
    lines += [
      "seconds \(fixed(seconds, 4))",
      "method \(plan.method)\(plan.isOptimal ? ": no order is cheaper" : "")",
      "path \(plan.path.linear)",
    ]
    return lines
  }
}
