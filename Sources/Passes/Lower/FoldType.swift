import WeftIR

/// In which dtypes a reduction is folded.
struct FoldType {
  /// The dtype of a block's fold.
  var dtype: DType
  /// The dtype in which blocks come together.
  var wide: DType
  /// What a block starts with.
  var identity: Scalar
  /// What blocks start with.
  var wideIdentity: Scalar
  /// Whether the rounding errors of adding blocks are added up too.
  var isCompensated: Bool

  /// The dtypes for a fold of stored elements, or nil where kernels cannot fold them.
  init?(_ f: ScalarFunction, of stored: DType) {
    dtype = ClusterLowering.computing(stored)
    wide = dtype == .float32 && (f == .add || f == .multiply) ? .float64 : dtype
    guard f.isCommutative, let identity = f.neutral(dtype),
      let wideIdentity = f.neutral(wide), KernelLibrary.function(f, dtype) != nil,
      KernelLibrary.function(f, wide) != nil
    else { return nil }
    self.identity = identity
    self.wideIdentity = wideIdentity
    isCompensated = f == .add && dtype == .float64
  }
}

extension ScalarFunction {
  /// The element that changes no other in folds; of float sums -0.0, since 0.0 would lose a sign.
  package func neutral(_ dtype: DType) -> Scalar? {
    if self == .maximum || self == .minimum {
      let isMaximum = self == .maximum
      if let range = dtype.integerRange {
        return isMaximum ? Scalar(range.min, dtype) : Scalar(range.max, dtype)
      }
      return Scalar(isMaximum ? -Double.infinity : .infinity, dtype)
    }
    if self == .add, dtype.isFloat { return Scalar(-0.0, dtype) }
    return identity.map { Scalar(Int64($0), dtype) }
  }
}

extension ClusterLowering {
  /// The elements of a block, which is folded in the operand's dtype.
  static let block = 1024
  /// The lanes of folds.
  static let lanes = 64

  static func foldType(_ reduction: Cluster.Reduction, in cluster: Cluster) -> FoldType? {
    FoldType(reduction.function, of: cluster.dtypes[reduction.node])
  }

  /// The dtypes of each reduction; `isLowerable` has seen that there are some.
  var foldTypes: [FoldType] {
    cluster.reductions.compactMap { Self.foldType($0, in: cluster) }
  }
}

extension ScalarFunction {
  /// Whether the first of two values comes before the second in a search for `minimum` or
  /// `maximum`: NaN before all numbers, equal ones not.
  func beats(_ a: KernelTerm, _ b: KernelTerm) -> KernelTerm {
    let isFirst =
      a.dtype == .bool
      ? (self == .maximum ? a & (a .!= b) : b & (a .!= b)) : self == .maximum ? a .> b : a .< b
    return a.dtype.isFloat ? isFirst | ((a .!= a) & (b .== b)) : isFirst
  }
}

/// A reduction under way: a variable for blocks that came together, and what rounding lost, or for
/// positions the first index of the block that holds the extreme.
struct Accumulator {
  let type: FoldType
  let function: ScalarFunction
  let sum: KernelVariable
  let lost: KernelVariable?
  let block: KernelVariable?

  /// An accumulator without elements; a search begins at `start`.
  init(
    _ type: FoldType, _ function: ScalarFunction, _ builder: KernelBuilder,
    searchFrom start: KernelTerm? = nil
  ) {
    self.type = type
    self.function = function
    sum = builder.variable(builder.constant(type.wideIdentity))
    lost =
      type.isCompensated
      ? builder.variable(builder.constant(Scalar(0.0, type.wide))) : nil
    block = start.map { builder.variable($0) }
  }

  /// Takes in the fold of a block that begins at an index.
  ///
  /// - Source: the error of a sum by Knuth's TwoSum (TAOCP vol. 2, 4.2.2, theorem B).
  func take(_ part: KernelTerm, from index: KernelTerm, _ builder: KernelBuilder) {
    let value = part.converted(to: type.wide)
    if let block {
      let wins = function.beats(value, sum.value)
      block.assign(wins.select(index, block.value))
      sum.assign(wins.select(value, sum.value))
      return
    }
    let old = sum.value
    let new = builder.call(function, type.wide, [old, value])
    if let lost {
      let back = new - old
      lost.assign(lost.value + ((old - (new - back)) + (value - back)))
    }
    sum.assign(new)
  }

  /// The result in the wide dtype: an infinite sum has no meaningful error.
  func total() -> KernelTerm {
    guard let lost else { return sum.value }
    let error = lost.value
    return (error.applying(.abs) .> 0.0).select(sum.value + error, sum.value)
  }
}
