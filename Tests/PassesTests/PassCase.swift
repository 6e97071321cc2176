import Testing
import WeftIR
import WeftReference

@testable import WeftPasses

/// A graph before and after passes, as text; both must mean the same.
struct PassCase: Sendable, CustomTestStringConvertible {
  let name: String
  let before: String
  let after: String
  var testDescription: String { name }

  /// Bodies of graphs without the frame.
  init(_ name: String, _ parameters: String, _ before: String, becomes after: String) {
    self.name = name
    self.before = "graph @main(\(parameters)) {\n\(before)\n}\n"
    self.after = "graph @main(\(parameters)) {\n\(after)\n}\n"
  }

  /// Runs passes on the one, compares with the other, and computes both.
  func check(_ passes: [Pass], _ context: PassContext = .checking()) throws {
    let original = try Graph(parsing: before)
    let expected = try Graph(parsing: after)
    var graph = original
    try Pipeline(passes).run(&graph, context)
    #expect(graph.text(sites: false) == expected.text(sites: false))
    try expectSameResults(original, graph, seed: 7)
  }
}

extension PassContext {
  /// A context that verifies after each pass.
  static func checking(_ exactness: Exactness = .contraction) -> PassContext {
    var context = PassContext()
    context.exactness = exactness
    context.verifies = true
    return context
  }
}

/// Runs everything on the calling thread.
private struct SerialScheduler: Scheduler {
  let threadCount = 1

  func run(
    _ count: Int, _ token: CancellationToken,
    _ body: @Sendable (_ part: Int, _ thread: Int) throws -> Void
  ) throws {
    for part in 0..<count { try body(part, 0) }
  }
}

/// Counter-based random bits: splitmix64.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

/// The results of a graph on inputs that follow from a seed, by the reference executor.
func evaluate(_ graph: Graph, seed: UInt64) throws -> [Buffer] {
  try evaluate(graph, try inputs(of: graph, seed: seed))
}

/// Small numbers and special values for the parameters of a graph.
func inputs(of graph: Graph, seed: UInt64) throws -> [Buffer] {
  var random = SplitMix(state: seed)
  let memory = MemoryAccount()
  return try graph.parameters.map { parameter in
    let buffer = try Buffer(allocating: parameter.type, in: memory)
    for i in 0..<buffer.count {
      let special = RuleCheck.specialValues(parameter.type.dtype)
      let scalar =
        random.next() % 4 == 0
        ? special[Int(random.next() % UInt64(special.count))]
        : Scalar(Int64(random.next() % 7) - 3, parameter.type.dtype)
      scalar.store(to: buffer.base + i * parameter.type.dtype.itemSize)
    }
    return buffer
  }
}

/// The results of a graph on inputs, by the reference executor.
func evaluate(_ graph: Graph, _ inputs: [Buffer]) throws -> [Buffer] {
  let memory = MemoryAccount()
  let executable = try ReferenceExecutor().prepare(graph, PassContext())
  let context = RunContext(
    scheduler: SerialScheduler(), memory: memory, token: CancellationToken(), counters: Counters())
  return try executable.run(inputs, context)
}

/// Both graphs give the same bits, NaN payloads apart.
func expectSameResults(_ a: Graph, _ b: Graph, seed: UInt64) throws {
  let (before, after) = (try evaluate(a, seed: seed), try evaluate(b, seed: seed))
  try expectSameBits(before, after) { "\(a.text())\n\(b.text())" }
}

/// The same bits, NaN payloads apart.
func expectSameBits(_ before: [Buffer], _ after: [Buffer], _ comment: () -> String) throws {
  try #require(before.count == after.count)
  for (x, y) in zip(before, after) {
    try #require(x.type == y.type)
    for i in 0..<x.count where !RuleCheck.sameBits(x.scalar(at: i), y.scalar(at: i)) {
      Issue.record(
        "element \(i): \(x.scalar(at: i)) became \(y.scalar(at: i))\n\(comment())")
      return
    }
  }
}
