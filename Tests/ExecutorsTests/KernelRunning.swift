import Testing
import WeftIR
import WeftPasses

@testable import WeftHost

/// Runs the clusters of a graph as kernels, each on the elements that the reference gives it.
struct KernelRunning {
  /// What runs a kernel.
  /// By the interpreter, with the dtypes of `neutral()` or without, or by compiled code whose results
  /// go past the cache or not.
  enum Way: CaseIterable { case interpreted, neutral, compiled, streamed }

  let graph: Graph
  /// The elements of every row, from the reference.
  let values: [Value: Buffer]
  /// The clusters, those that write parts of the same values together.
  let steps: [[Cluster]]

  init(_ graph: Graph, _ inputs: [Buffer]) throws {
    self.graph = graph
    var whole = graph
    whole.outputs = (0..<graph.count).flatMap { row in
      (0..<graph.types(row).count).map { Value(row: row, result: $0) }
    }
    let results = try HostRunning.reference(whole, inputs)
    values = Dictionary(uniqueKeysWithValues: zip(whole.outputs, results))
    let plan = ClusterPlan(graph, options: .all) { HostExecutor.isNative($0, of: graph) }
    steps = plan.steps.compactMap { step in
      switch step {
      case .cluster(let cluster): [cluster]
      case .pieces(let clusters): clusters
      case .contract, .row, .alias: nil
      }
    }
  }

  /// The kernels of each step whose clusters all have one, verified, and equal to their texts.
  func lowered() throws -> [[(cluster: Cluster, kernel: LoweredKernel)]] {
    try steps.compactMap { clusters in
      var result: [(Cluster, LoweredKernel)] = []
      for cluster in clusters {
        guard let lowered = try cluster.lowered(verifies: true) else { return nil }
        let text = lowered.kernel.text()
        #expect(try Kernel(parsing: text) == lowered.kernel, "\(text)")
        result.append((cluster, lowered))
      }
      return result
    }
  }

  /// What kernels that write one set of values make of the reference's elements, by value; folds
  /// that are cut in chunks are brought together.
  func results(
    of kernels: [(cluster: Cluster, kernel: LoweredKernel)], _ way: Way
  ) throws -> [Value: Buffer] {
    var written: [Value: Buffer] = [:]
    func made(_ value: Value) throws -> Buffer {
      if let known = written[value] { return known }
      let buffer = try zeros(graph.type(value))
      written[value] = buffer
      return buffer
    }
    for (_, lowered) in kernels {
      let cluster = lowered.cluster
      var partials: [Int: Buffer] = [:]
      var positions: [Int: Buffer] = [:]
      var scattered: Buffer?
      let buffers = try lowered.bindings.map { binding -> Buffer in
        switch binding {
        case .value(let value): return try #require(values[value])
        case .constant(let scalar):
          return try HostRunning.buffer(TensorType(scalar.dtype, Shape([Int]()))) { _ in scalar }
        case .output(let n): return try made(cluster.outputs[n].value)
        case .scratch(let n): return try zeros(TensorType(.uint8, Shape([lowered.scratch[n]])))
        case .reduction(let n): return try made(cluster.reductions[n].value)
        case .partial(let n):
          guard let cut = lowered.partials else {
            return try zeros(TensorType(.uint8, Shape([16])))
          }
          let shape = Shape([cut.outer, cut.chunks, cut.inner])
          let buffer = try zeros(TensorType(cut.dtypes[n], shape))
          partials[n] = buffer
          return buffer
        case .partialPosition(let n):
          let cut = lowered.partials
          let buffer = try zeros(
            TensorType(.int64, Shape([cut?.outer ?? 1, cut?.chunks ?? 1, cut?.inner ?? 1])))
          positions[n] = buffer
          return buffer
        case .flags:
          let count = lowered.takings.count + (cluster.scatter == nil ? 0 : 1)
          return try zeros(TensorType(.uint8, Shape([count])))
        case .scattered:
          let scatter = try #require(cluster.scatter)
          guard let cut = lowered.partials else { return try made(scatter.value) }
          let shape = Shape([cut.outer, cut.chunks, cut.inner])
          let buffer = try zeros(TensorType(scatter.dtype, shape))
          scattered = buffer
          return buffer
        case .totals:
          return try zeros(
            TensorType(
              lowered.phases?.dtype ?? .float64,
              Shape([lowered.units * (lowered.phases?.parts ?? 1)])))
        }
      }
      if let phases = lowered.phases, phases.needsTotals {
        try run(lowered, buffers, way, totals: phases.index)
      }
      try run(lowered, buffers, way)
      if lowered.finish != nil {
        try run(lowered, buffers, way, isEnd: true)
        partials = [:]
      }
      for (n, buffer) in partials {
        let reduction = cluster.reductions[n]
        if let part = reduction.part {
          PartSum(part).run(buffer, try made(reduction.value))
        } else if reduction.isPosition {
          let result = try zeros(graph.type(reduction.value))
          PositionSearch(reduction.function, buffer.type.dtype).run(
            buffer, try #require(positions[n]), result)
          written[reduction.value] = result
        } else {
          written[reduction.value] = try Self.combined(buffer, reduction, graph)
        }
      }
      if let scattered, let scatter = cluster.scatter {
        let sum = Cluster.Reduction(
          value: scatter.value, node: 0, function: scatter.function, dtype: scatter.dtype)
        written[scatter.value] = try Self.combined(scattered, sum, graph)
      }
      for (binding, buffer) in zip(lowered.bindings, buffers) where binding == .flags {
        #expect(HostRunning.bytes(buffer).allSatisfy { $0 == 0 })
      }
    }
    return written
  }

  private func zeros(_ type: TensorType) throws -> Buffer {
    try HostRunning.buffer(type) { _ in Scalar(0 as Int64, type.dtype) }
  }

  /// Runs a kernel; `totals` is the index that tells the first of two phases.
  private func run(
    _ lowered: LoweredKernel, _ buffers: [Buffer], _ way: Way, totals: Int? = nil,
    isEnd: Bool = false
  ) throws {
    var indices = lowered.indices
    if let totals { indices[totals] = 0 }
    var units = lowered.units
    if isEnd, let finish = lowered.finish {
      units = finish.units
      indices[finish.phase] = 1
      indices[finish.unitsIndex] = Int64(units)
    }
    switch way {
    case .compiled, .streamed:
      let code = try CompiledKernels.code(of: lowered.kernel).code
      code(
        buffers.map { Optional($0.base) }, indices + [way == .streamed ? Int64.max : 0], from: 0,
        to: Int64(units))
    case .interpreted, .neutral:
      let kernel = way == .neutral ? lowered.kernel.neutral() : lowered.kernel
      try KernelVerifier.verify(kernel)
      var (places, numbers) = (buffers[...], indices[...])
      let arguments = kernel.parameters.map { parameter -> KernelInterpreter.Argument in
        switch parameter {
        case .buffer:
          let buffer = places.removeFirst()
          return .buffer(
            UnsafeMutableRawBufferPointer(start: buffer.base, count: buffer.byteCount))
        case .index: return .index(numbers.removeFirst())
        }
      }
      KernelInterpreter.run(kernel, arguments)
    }
  }

  /// Folds the chunks, in order.
  private static func combined(
    _ partials: Buffer, _ reduction: Cluster.Reduction, _ graph: Graph
  ) throws -> Buffer {
    let extents = try #require(partials.type.shape.known)
    return try HostRunning.buffer(graph.type(reduction.value)) { i in
      let (outer, inner) = i.quotientAndRemainder(dividingBy: extents[2])
      let parts = (0..<extents[1]).map {
        partials.scalar(at: (outer * extents[1] + $0) * extents[2] + inner)
      }
      return parts.dropFirst().reduce(parts[0]) {
        KernelInterpreter.call(reduction.function, [$0, $1])
      }.converted(to: reduction.dtype)
    }
  }
}
