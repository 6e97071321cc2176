import Testing
import WeftIR

@testable import WeftPasses

@Suite("Pipeline")
struct PipelineTests {
  @Test("the standard order keeps every constraint", arguments: Pipeline.constraints)
  func order(_ constraint: OrderConstraint) {
    #expect(constraint.holds(in: Pipeline.standard.passes))
    let names = Set(Pipeline.standard.passes.map(\.name))
    #expect(names.contains(constraint.first) && names.contains(constraint.second))
    let pair =
      Pipeline.standard.passes.filter { $0.name == constraint.second }
      + Pipeline.standard.passes.filter { $0.name == constraint.first }
    #expect(!constraint.holds(in: pair))
  }

  @Test("passes are timed, dumped in order, and can be left out")
  func reportAndDumps() throws {
    let sink = MemorySink()
    var context = PassContext.checking()
    context.dump = sink
    context.dumps = .all
    context.disabledPasses = ["push-down"]
    var graph = try Graph(parsing: Self.text)
    try Pipeline.standard.run(&graph, context)
    #expect(
      context.report.entries.map(\.name) == [
        "semirings", "fold-constants", "simplify", "sparse-systems", "structure", "simplify",
        "masks",
        "contractions", "order-contractions", "linear-algebra", "masks", "dead-code", "layouts",
      ])
    #expect(context.report.entries.allSatisfy { $0.seconds >= 0 && $0.rowsBefore > 0 })
    #expect(
      sink.names == [
        "00-input", "01-semirings", "02-fold-constants", "03-simplify", "04-sparse-systems",
        "05-structure", "07-simplify", "08-masks", "09-contractions", "10-order-contractions",
        "11-linear-algebra", "12-masks", "13-dead-code", "14-layouts",
      ])
    #expect(context.report.rules["multiply-identity"] == 1)
    #expect(sink.texts.contains { $0.contains("multiply-identity fired 1 times") })
    #expect(sink.texts.contains { $0.contains("// multiply-identity: multiply(x, 1) => x") })
  }

  @Test("one text after the last pass, or after those named")
  func dumpSelections() throws {
    for (selection, names) in [
      (PassContext.DumpSelection.final, ["final"]), (.passes(["push-down"]), ["06-push-down"]),
      (.none, []),
    ] {
      let sink = MemorySink()
      var context = PassContext.checking()
      context.dump = sink
      context.dumps = selection
      var graph = try Graph(parsing: Self.text)
      try Pipeline.standard.run(&graph, context)
      #expect(sink.names == names)
    }
  }

  @Test("an error names the pass that made it")
  func brokenPasses() throws {
    let failing = Pass("failing", "fails") { _, _ in throw WeftError(.axis, "permute", "bad axis") }
    let retyping = Pass("retyping", "returns another type") { graph, _ in
      graph.outputs = [try graph.add(.constant(Scalar(true)))]
    }
    for pass in [failing, retyping] {
      var graph = try Graph(parsing: Self.text)
      #expect {
        try Pipeline([pass]).run(&graph, .checking())
      } throws: { error in
        let error = error as? WeftError
        return error?.code == .internal && error?.operation == pass.name
      }
    }
  }

  @Test("after the time limit passes are left out, and the report says so")
  func timeLimit() throws {
    var pipeline = Pipeline.standard
    pipeline.timeLimit = -1
    let context = PassContext.checking()
    var graph = try Graph(parsing: Self.text)
    try pipeline.run(&graph, context)
    #expect(context.report.entries.count == 1)
    #expect(context.report.notes.count == Pipeline.standard.passes.count - 1)
  }

  @Test("dead rows go, parameters stay")
  func deadCode() throws {
    var graph = try Graph(
      parsing: """
        graph @main(%x: float64[3], %unused: float64[2]) {
          %0 = sin %unused
          %1 = cos %x
          return %1
        }
        """)
    try Pipeline([.deadCode]).run(&graph, .checking())
    #expect(graph.count == 3 && graph.parameters.count == 2)
  }

  private static let text = """
    graph @main(%x: float64[3]) {
      %0 = constant 1.0 : float64[]
      %1 = broadcast %0 to [3]
      %2 = multiply %x, %1
      %3 = sin %2
      %4 = slice %3 [0:2]
      return %4
    }
    """
}

private final class MemorySink: DumpSink {
  private let state = Lock<[(name: String, text: String)]>([])
  func write(name: String, text: String) { state.withLock { $0.append((name, text)) } }
  var names: [String] { state.withLock { $0.map(\.name) } }
  var texts: [String] { state.withLock { $0.map(\.text) } }

  @Test("a note's text is made when somebody reads it")
  func laterNotes() {
    let report = PassReport()
    let reads = Lock(0)
    report.note("now")
    report.note(later: {
      reads.withLock { $0 += 1 }
      return "later"
    })
    #expect(reads.withLock { $0 } == 0)
    #expect(report.notes == ["now", "later"])
    #expect(reads.withLock { $0 } == 1)
  }
}
