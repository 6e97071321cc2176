import WeftIR
import WeftReference

/// Runs parts one after the other on the caller's thread.
struct SerialScheduler: Scheduler {
  var threadCount: Int { 1 }

  func run(
    _ count: Int, _ token: CancellationToken, _ body: @Sendable (Int, Int) throws -> Void
  ) throws {
    for part in 0..<count {
      try token.check()
      try body(part, 0)
    }
  }
}

/// A graph under construction with its inputs, run by the reference executor.
struct ReferenceRun {
  var graph = Graph()
  var inputs: [Buffer] = []
  var context = RunContext(
    scheduler: SerialScheduler(), memory: MemoryAccount(), token: CancellationToken(),
    counters: Counters())
  var executor = ReferenceExecutor()

  /// An input of real numbers in a dtype.
  mutating func input(
    _ values: [Double], _ extents: [Int]? = nil, _ dtype: DType = .float64, as shape: Shape? = nil
  ) throws -> Value {
    try input(scalars: values.map { Scalar($0, dtype) }, extents, dtype, as: shape)
  }

  /// An input of scalars; `shape` is its shape in the graph, where extents may be unknown.
  mutating func input(
    scalars values: [Scalar], _ extents: [Int]? = nil, _ dtype: DType, as shape: Shape? = nil
  ) throws -> Value {
    let type = TensorType(dtype, Shape(extents ?? [values.count]))
    let buffer = try Buffer(allocating: type, in: MemoryAccount())
    for (i, value) in values.enumerated() { value.store(to: buffer.base + i * dtype.itemSize) }
    inputs.append(buffer)
    return graph.addParameter(
      "p\(inputs.count - 1)", TensorType(dtype, shape ?? type.shape))
  }

  /// Runs the graph with all results of the given rows as outputs.
  mutating func run(_ outputs: Value...) throws -> [Buffer] {
    graph.outputs = outputs
    return try executor.prepare(graph, PassContext()).run(inputs, context)
  }

  /// The elements of the only output, as real numbers.
  mutating func numbers(_ output: Value) throws -> [Double] {
    try run(output)[0].numbers
  }
}

extension Buffer {
  /// The elements as real numbers.
  var numbers: [Double] { scalars.map(\.doubleValue) }
  /// The elements.
  var scalars: [Scalar] { (0..<count).map { scalar(at: $0) } }
}

/// The error that a body throws, if it is one of ours.
func weftError(_ body: () throws -> Void) -> WeftError? {
  do {
    try body()
    return nil
  } catch {
    return error as? WeftError
  }
}
