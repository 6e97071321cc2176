import WeftIR

extension LoweredKernel {
  /// What brings chunks of a scatter together.
  public var scattered: Cluster.Reduction? {
    cluster.scatter.map { scatter in
      Cluster.Reduction(
        value: scatter.value, node: 0, function: scatter.function, dtype: scatter.dtype)
    }
  }

  /// A kernel that brings the chunks of a reduction together.
  ///
  /// Its buffers are the partial results, for positions theirs, and the results; both parts of
  /// complex numbers have the same results.
  public struct Combining: Sendable {
    /// The kernel; its parallel loop runs over `units`.
    public let kernel: Kernel
    /// The value of each index parameter, in order.
    public let indices: [Int64]
    /// The iterations of the parallel loop.
    public let units: Int
  }

  /// The results of a unit.
  private static var resultsOfUnit: Int { 256 }

  /// The kernel that brings the chunks of a reduction, by number, together, or without one those of
  /// the scatter; nil where results are final.
  public func combining(_ number: Int?) -> Combining? {
    let reduction = number.map { cluster.reductions[$0] } ?? scattered
    guard let partials, let reduction,
      let type = FoldType(reduction.function, of: partials.dtypes[number ?? 0])
    else { return nil }
    let builder = KernelBuilder()
    var parameters: [Kernel.Parameter] = []
    var indices: [Int64] = []
    func buffer(_ dtype: DType, isWritten: Bool = false) -> Int {
      parameters.append(.buffer(dtype, isWritten: isWritten))
      return parameters.count - 1
    }
    func index(_ value: Int) -> KernelTerm {
      parameters.append(.index)
      indices.append(Int64(value))
      return builder.term(.parameter(parameters.count - 1))
    }
    func constant(_ value: Int) -> KernelTerm {
      builder.constant(Scalar(Int64(value), .int64))
    }
    let values = buffer(type.dtype)
    let positions = reduction.isPosition ? buffer(.int64) : -1
    let results = buffer(reduction.dtype, isWritten: true)
    let count = partials.outer * partials.inner
    let units = (count + Self.resultsOfUnit - 1) / Self.resultsOfUnit
    let (countTerm, inner, chunks) = (
      index(count), index(partials.inner), index(partials.chunks)
    )
    let length = constant(Self.resultsOfUnit)
    builder.loop(.parallel, from: constant(0), to: index(units)) { unit in
      let start = unit * length
      let end = (start + length .< countTerm).select(start + length, countTerm)
      builder.loop(.vector, from: start, to: end) { result in
        let first = result / inner * inner * chunks + result % inner
        let accumulator = Accumulator(
          type, reduction.function, builder,
          searchFrom: positions < 0 ? nil : builder.load(positions, .int64, at: first))
        builder.loop(.serial, from: constant(0), to: chunks) { chunk in
          let place = first + chunk * inner
          let value = builder.load(values, type.dtype, at: place)
          let position = positions < 0 ? place : builder.load(positions, .int64, at: place)
          accumulator.take(value, from: position, builder)
        }
        let total = accumulator.block?.value ?? accumulator.total()
        let stored =
          total.dtype == reduction.dtype
          ? total : builder.define(reduction.dtype, .astype(total.operand))
        let place = reduction.part.map { result * constant(2) + constant($0) } ?? result
        builder.store(stored, to: results, at: place)
      }
    }
    return Combining(
      kernel: Kernel(name: "combine", parameters: parameters, body: builder.statements)
        .canonical(),
      indices: indices, units: units)
  }
}
