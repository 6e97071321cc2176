import Testing
import WeftHost
import WeftIR
import WeftReference

@testable import WeftOpenCL

/// Runs graphs on an OpenCL device, with the reference executor for the rest.
enum OpenCLRunning {
  /// Why there is no device here; nil when there is one.
  static let missing: String? = {
    guard case .unavailable(let reason) = executor().probe() else { return nil }
    return reason
  }()

  static func executor(
    copies: Bool = false, checks: Bool = false
  ) -> OpenCLExecutor {
    OpenCLExecutor(fallback: fallback, OpenCLRuntime.Options(copies: copies, checks: checks))
  }

  /// Who runs what devices have no kernels for.
  static let fallback = ReferenceExecutor()

  /// The ways in which kernels and memory are used; work-groups of many items on what is no
  /// processor (PoCL 3.1 gives wrong results for barriers in loops, Oclgrind right ones).
  static let ways: [OpenCLExecutor] = [executor(), executor(copies: true)]

  static func run(
    _ graph: Graph, _ inputs: [Buffer], on executor: OpenCLExecutor,
    counters: Counters = Counters(), trace: Trace? = nil,
    compilation: PassContext.Compilation = .always
  ) throws -> [Buffer] {
    let context = RunContext(
      scheduler: HostScheduler(threadCount: 1), memory: MemoryAccount(), token: CancellationToken(),
      counters: counters, trace: trace)
    return try executor.prepare(graph, passes(compilation)).run(inputs, context)
  }

  private static func passes(_ compilation: PassContext.Compilation) -> PassContext {
    var context = PassContext()
    context.compilation = compilation
    return context
  }

  /// Whether the device gives the reference's results in every way, compiled and interpreted.
  static func check(
    _ graph: Graph, _ given: [Buffer]? = nil, ways: [OpenCLExecutor] = ways
  ) throws {
    let inputs =
      try given
      ?? graph.parameters.enumerated().map { try values($1.type, seed: $0 + 1) }
    let expected = try HostRunning.reference(graph, inputs)
    for executor in ways {
      let prepared = try executor.prepare(graph, PassContext())
      for compilation in [PassContext.Compilation.always, .never] {
        let results = try run(graph, inputs, on: executor, compilation: compilation)
        for (want, got) in zip(expected, results) {
          let difference = HostRunning.difference(want, got)
          #expect(difference == nil, "\(compilation): \(difference ?? "")\n\(prepared.steps)")
        }
      }
    }
  }

  /// Small numbers, halves among them.
  static func values(_ type: TensorType, seed: Int) throws -> Buffer {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    return try HostRunning.buffer(type) { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let real = Double(state % 1300) / 200 - (type.dtype.kind == .unsigned ? 0 : 3)
      return Scalar(real, Double(state % 5) - 2, type.dtype)
    }
  }
}

extension Trait where Self == ConditionTrait {
  /// The test runs where a device and its driver are.
  static var needsOpenCL: Self {
    .enabled(
      if: OpenCLRunning.missing == nil, "no OpenCL device: \(OpenCLRunning.missing ?? "")")
  }
}
