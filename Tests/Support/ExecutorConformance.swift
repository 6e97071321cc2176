import WeftExecution
import WeftGoldenFile
import WeftIR
import WeftReference

/// The suite that an executor passes, or it is not an executor: every scalar function on every dtype
/// and random graphs, against the reference executor.
public struct ExecutorConformance: Sendable {
  /// How far floats may be from the reference, relative to the greatest element.
  public var tolerance = 1e-5
  /// The number of random graphs.
  public var graphCount = 300
  /// Runs the parts of a step.
  public var scheduler: any Scheduler

  /// A suite that runs on a scheduler.
  public init(scheduler: any Scheduler) { self.scheduler = scheduler }

  /// What the executor gets wrong, one line each; empty when it conforms.
  public func check(_ executor: any Executor) -> [String] {
    if case .unavailable(let reason) = executor.probe() { return ["cannot run here: \(reason)"] }
    var failures: [String] = []
    for function in FunctionTable.standard.functions {
      for dtype in DType.allCases where function.operandDType(for: dtype) == dtype {
        failures += attempt("\(function.name) on \(dtype)") {
          try compare(functionGraph(function, dtype), seed: 1, executor)
        }
      }
    }
    for seed in 0..<graphCount {
      failures += attempt("random graph \(seed)") {
        var maker = RandomGraph(seed: UInt64(seed))
        maker.hasUnknowns = false
        maker.hasRoutines = false
        maker.isOdd = false
        return try compare(maker.make(), seed: UInt64(seed), executor)
      }
    }
    return failures
  }

  private func attempt(_ title: String, _ body: () throws -> String?) -> [String] {
    do {
      return try body().map { ["\(title): \($0)"] } ?? []
    } catch {
      return ["\(title): \(error)"]
    }
  }

  /// A graph that applies one function to vectors.
  private func functionGraph(_ function: ScalarFunction, _ dtype: DType) throws -> Graph {
    var graph = Graph()
    var operands: [Value] = []
    for position in 0..<function.arity {
      let isMask = function == .select && position == 0
      operands.append(
        graph.addParameter("x\(position)", TensorType(isMask ? .bool : dtype, Shape([37]))))
    }
    graph.outputs = [try graph.add(.map(function), operands)]
    return graph
  }

  /// Why the executor and the reference disagree on a graph; nil when they agree.
  ///
  /// Where the reference refuses the data, so must the executor.
  private func compare(_ graph: Graph, seed: UInt64, _ executor: any Executor) throws -> String? {
    let inputs = try graph.parameters.enumerated().map { index, parameter in
      try values(parameter.type, seed: seed &* 31 &+ UInt64(index))
    }
    let expected: [Buffer]
    do {
      expected = try run(graph, inputs, ReferenceExecutor())
    } catch {
      do {
        _ = try run(graph, inputs, executor)
        return "no error where the reference throws: \(error)"
      } catch {
        return nil
      }
    }
    for (got, want) in zip(try run(graph, inputs, executor), expected) {
      if let difference = difference(got, want) { return difference }
    }
    return nil
  }

  private func run(_ graph: Graph, _ inputs: [Buffer], _ executor: any Executor) throws -> [Buffer]
  {
    let context = RunContext(
      scheduler: scheduler, memory: MemoryAccount(), token: CancellationToken(),
      counters: Counters())
    return try executor.prepare(graph, PassContext()).run(inputs, context)
  }

  /// Small whole numbers and halves, which sums of products keep exact.
  private func values(_ type: TensorType, seed: UInt64) throws -> Buffer {
    let buffer = try Buffer(allocating: type, in: MemoryAccount())
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    for i in 0..<buffer.count {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let value = Double(state % 13) / 2 - (type.dtype.kind == .unsigned ? 0 : 3)
      Scalar(value, Double(state % 5) - 2, type.dtype)
        .store(to: buffer.base + i * type.dtype.itemSize)
    }
    return buffer
  }

  private func difference(_ got: Buffer, _ want: Buffer) -> String? {
    if got.type != want.type { return "\(got.type) for \(want.type)" }
    let scale = (0..<want.count).reduce(0.0) { most, i in
      let value = Swift.abs(want.scalar(at: i).doubleValue)
      return value.isFinite ? max(most, value) : most
    }
    for i in 0..<want.count {
      let (g, w) = (got.scalar(at: i), want.scalar(at: i))
      let isClose =
        want.type.dtype.isInexact
        ? near(g.doubleValue, w.doubleValue, scale) && near(g.imaginary, w.imaginary, scale)
        : g == w
      if !isClose { return "\(g) for \(w) at \(i) of \(want.type)" }
    }
    return nil
  }

  private func near(_ a: Double, _ b: Double, _ scale: Double) -> Bool {
    a == b || a.isNaN && b.isNaN || Swift.abs(a - b) <= tolerance * max(scale, 1e-30)
  }
}
