import WeftIR

/// A kernel with what its parameters stand for: everything but the addresses of arrays.
public struct LoweredKernel: Sendable {
  /// What a buffer parameter stands for.
  public enum Binding: Hashable, Sendable {
    /// A materialised value.
    case value(Value)
    /// One element.
    case constant(Scalar)
    /// The memory of an output, by number.
    case output(Int)
    /// The memory of a reduction's result, by number; written where `partials` is nil.
    case reduction(Int)
    /// The memory of a reduction's partial results, by number; written where there are `partials`.
    case partial(Int)
    /// The memory of the positions that belong to partial results of extremes, by number.
    case partialPosition(Int)
    /// Memory of a thread's own, by its place in `scratch`.
    case scratch(Int)
    /// A `uint8` for each of `takings` and for a scatter, 0 before the run: the kernel writes 1 for an index outside
    /// of the extent, and takes element 0 there.
    case flags
    /// The result of a scatter, or where there are `partials` its partial results.
    case scattered
    /// The fold of each unit of a scan in two phases; an element of the scan's wide dtype each.
    case totals
  }

  /// What the kernel computes: bindings count its outputs and reductions. Complex numbers are
  /// taken apart.
  public let cluster: Cluster
  /// The kernel; its parallel loop runs over `units`.
  public let kernel: Kernel
  /// What each buffer parameter stands for, in order.
  public let bindings: [Binding]
  /// The value of each index parameter, in order.
  public let indices: [Int64]
  /// The index parameters, by place in `indices`, that tell how far ahead of what a row reads the
  /// kernel asks for elements: what keeps the memory busy while a row lies in the cache, but costs
  /// more than it gains where results push out of the cache what was asked for. 0 asks for nothing.
  public let prefetchDistances: [Int]
  /// The iterations of the parallel loop.
  public let units: Int
  /// The elements of the iteration space.
  public let elements: Int
  /// The bytes of each block of memory that a thread needs.
  public let scratch: [Int]
  /// How reductions that are cut in chunks come together; nil when results are final.
  public let partials: Partials?

  /// The nodes of the cluster that take at indices, in the order of their flags; that of a scatter
  /// comes after them.
  public let takings: [Int]
  /// How a scan whose rows are cut runs; nil for other kernels.
  public let phases: Phases?

  /// How the kernel brings its chunks together itself, where it uses what it folded; then `partials`
  /// hold a result of every reduction.
  public let finish: Finish?

  /// Which outputs may take the memory of values that die in the kernel.
  public let overwritable: [Overwrite]

  /// An output whose elements may take the place of a value's.
  public struct Overwrite: Hashable, Sendable {
    /// The output's number.
    public let output: Int
    /// The value.
    public let value: Value
  }

  /// A kernel that runs twice over some units: first for their totals, then for results. The second
  /// run of a unit needs the totals of all units before it.
  public struct Phases: Sendable {
    /// The index parameter that tells the run: 0 for totals, 1 for results.
    public let index: Int
    /// Whether the first run is needed; without it every row is one unit.
    public let needsTotals: Bool
    /// The dtype of totals.
    public let dtype: DType
    /// How many totals a unit has.
    public let parts: Int
  }

  /// A kernel that runs once more after all of its units, for partial results.
  public struct Finish: Sendable {
    /// The index parameter that tells the run: 0 for folds, 1 for the end.
    public let phase: Int
    /// The index parameter that holds the number of units.
    public let unitsIndex: Int
    /// The units of the end.
    public let units: Int
  }

  /// Results of chunks: for each reduction, or for the scatter, an array `[outer, chunks, inner]`;
  /// of reductions in a wide dtype.
  public struct Partials: Sendable {
    /// Kept positions before the chunks.
    public let outer: Int
    /// The chunks that make one result.
    public let chunks: Int
    /// Kept positions after the chunks.
    public let inner: Int
    /// The dtype of each reduction's partial results.
    public let dtypes: [DType]
  }
}

extension Cluster {
  /// The kernel that computes the cluster, in canonical form, or nil where kernels lack something
  /// that it needs.
  ///
  /// `unitElements` is about how many elements a unit of work has; nil leaves the choice here.
  /// `threads` may make more units, but changes no bit of the results.
  ///
  /// - Throws: `internal` when the verifier finds something wrong with the kernel.
  public func lowered(
    name: String = "kernel", unitElements: Int? = nil, threads: Int = 1,
    verifies: Bool = PassContext().verifies
  ) throws(WeftError) -> LoweredKernel? {
    let lowered = ClusterLowering.lower(
      self, name: name, unitElements: unitElements, threads: threads)
    if verifies, let lowered { try KernelVerifier.verify(lowered.kernel, after: "lowering") }
    return lowered
  }
}

extension Graph {
  /// Whether a kernel can hold a row: a function, a conversion or a fold that the library has, or
  /// of complex numbers that have a formula in parts.
  public func isLowerable(_ row: Int) -> Bool {
    let operands = operands(row)
    guard let result = types(row).first?.dtype else { return false }
    guard let first = operands.first else { return true }
    if result.isComplex || operands.contains(where: { type($0).dtype.isComplex }) {
      return isLowerableInParts(row)
    }
    switch rows[row].op {
    case .map(let f):
      let values = operands[f == .select ? operands.startIndex + 1 : operands.startIndex]
      return KernelLibrary.function(f, ClusterLowering.computing(type(values).dtype)) != nil
    case .convert(let dtype):
      let from = type(first).dtype
      return from == dtype || KernelLibrary.conversion(from: from, to: dtype) != nil
    case .reduce(let f, _), .argReduce(let f, _):
      return FoldType(f, of: type(first).dtype) != nil
    case .scan(let f, _): return ScanType(f, of: type(first).dtype) != nil
    case .scatter(_, let f): return ClusterLowering.canPut(f, result)
    default: return true
    }
  }

  private func isLowerableInParts(_ row: Int) -> Bool {
    switch rows[row].op {
    case .map(let f): ComplexParts.has(f)
    case .reduce(let f, _): ComplexParts.folds(f)
    case .scan(let f, _): ComplexParts.folds(f)
    case .argReduce, .scatter: false
    default: true
    }
  }
}
