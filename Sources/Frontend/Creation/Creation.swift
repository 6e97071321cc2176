import WeftIR

/// An array of zeros.
///
/// - Shape: `shape`.
/// - DType: as given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.zeros`.
///
/// ```swift
/// zeros([2, 3])
/// // [[0. 0. 0.]
/// //  [0. 0. 0.]]
/// zeros([3], dtype: .int32).type  // int32[3]
/// ```
public func zeros(
  _ shape: [Int], dtype: DType = .float64, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  full(shape, Scalar(0 as Int64, dtype), name: "zeros", SourceSite(file: file, line: line))
}

/// An array of ones.
///
/// - Shape: `shape`.
/// - DType: as given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.ones`.
///
/// ```swift
/// ones([2, 2])
/// // [[1. 1.]
/// //  [1. 1.]]
/// ones([2, 2], dtype: .bool)
/// // [[ True  True]
/// //  [ True  True]]
/// ```
public func ones(
  _ shape: [Int], dtype: DType = .float64, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  full(shape, Scalar(1 as Int64, dtype), name: "ones", SourceSite(file: file, line: line))
}

/// An array of one value; the value's dtype unless another is given.
///
/// - Shape: `shape`; the value broadcasts to it.
/// - DType: that of the value unless given; a Swift integer gives int64, a Swift float float64.
/// - Throws: from `compute()`: `negative-extent`; `too-large`; `broadcast` when the value does not
///   fit.
/// - NumPy: `numpy.full`.
///
/// ```swift
/// full([2, 2], 7)
/// // [[7 7]
/// //  [7 7]]
/// full([2, 3], [1, 2, 3], dtype: .float32)
/// // [[1. 2. 3.]
/// //  [1. 2. 3.]]
/// ```
public func full(
  _ shape: [Int], _ value: NDArray, dtype: DType? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let site = SourceSite(file: file, line: line)
  guard let target = checkedShape(shape, "full", site) else {
    return NDArray(Expr(badShape(shape, "full", site)))
  }
  return filling(value, dtype ?? value.dtype, site)
    .broadcasted(to: target, name: "full", site: site)
}

/// An array of zeros with the shape, and unless given the dtype, of another.
///
/// - Shape: that of `a`.
/// - DType: that of `a` unless given.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.zeros_like`.
///
/// ```swift
/// let a: NDArray = [[1, 2], [3, 4]]
/// zeros(like: a)
/// // [[0 0]
/// //  [0 0]]
/// ```
public func zeros(
  like a: NDArray, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  fullLike(a, Scalar(0 as Int64, dtype ?? a.dtype), SourceSite(file: file, line: line))
}

/// An array of ones with the shape, and unless given the dtype, of another.
///
/// - Shape: that of `a`.
/// - DType: that of `a` unless given.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.ones_like`.
///
/// ```swift
/// let a: NDArray = [[1, 2], [3, 4]]
/// ones(like: a, dtype: .float64)
/// // [[1. 1.]
/// //  [1. 1.]]
/// ```
public func ones(
  like a: NDArray, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  fullLike(a, Scalar(1 as Int64, dtype ?? a.dtype), SourceSite(file: file, line: line))
}

/// An array of one value with the shape, and unless given the dtype, of another.
///
/// - Shape: that of `a`; the value broadcasts to it.
/// - DType: that of `a` unless given; the value converts.
/// - Throws: from `compute()`: `broadcast` when the value does not fit.
/// - NumPy: `numpy.full_like`.
///
/// ```swift
/// let a: NDArray = [[1, 2], [3, 4]]
/// full(like: a, 9)
/// // [[9 9]
/// //  [9 9]]
/// ```
public func full(
  like a: NDArray, _ value: NDArray, dtype: DType? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let site = SourceSite(file: file, line: line)
  if a.expr.isPoison { return a }
  let element = filling(value, dtype ?? a.dtype, site)
  let filled = element.broadcasted(to: a.expr.type.shape, name: "full", site: site)
  let known = ConstantReader.scalars(element)?.first
  return known.flatMap { a.storing(filled, fill: $0, site) } ?? a.settingExtents(of: filled, site)
}

/// A fill value in a dtype, which must hold a host integer.
private func filling(_ value: NDArray, _ dtype: DType, _ site: SourceSite) -> NDArray {
  do {
    return NDArray(try value.operand(.second, dtype, site))
  } catch {
    return NDArray(Expr(error))
  }
}

func full(_ shape: [Int], _ value: Scalar, name: String, _ site: SourceSite) -> NDArray {
  guard let shape = checkedShape(shape, name, site) else {
    return NDArray(Expr(badShape(shape, name, site)))
  }
  return NDArray(
    Building.broadcast(Building.constant(value, site: site), to: shape, site: site))
}

func fullLike(_ a: NDArray, _ value: Scalar, _ site: SourceSite) -> NDArray {
  if a.expr.isPoison { return a }
  let filled = NDArray(
    Building.broadcast(
      Building.constant(value, site: site), to: a.expr.type.shape, site: site))
  return a.storing(filled, fill: value, site) ?? a.settingExtents(of: filled, site)
}

extension NDArray {
  /// A fill repeated to this array's shape as an array that stores nothing; nil where this one is dense.
  fileprivate func storing(_ filled: NDArray, fill: Scalar, _ site: SourceSite) -> NDArray? {
    let shape = expr.type.shape
    var isSparse = expr.buffer?.sparse != nil || shape.isKnown && !shape.isCountable
    if case .op(.store(let layout), _) = expr.node { isSparse = isSparse || !layout.isDense }
    guard rank > 0, isSparse, filled.rank == rank else { return nil }
    return NDArray(
      Building.node(.store(.coordinates(rank: rank, fill: fill)), [filled.expr], site: site))
  }

  /// An array of the same shape whose extents, where only the data tell them, are found from this one.
  func settingExtents(of other: NDArray, _ site: SourceSite) -> NDArray {
    if expr.type.shape.isKnown || other.expr.isPoison { return other }
    let own = converted(to: other.dtype, site: site)
    return NDArray(Building.node(.map(.second), [own.expr, other.expr], site: site))
  }
}

/// The shape of extents that a user gave; nil when one is negative or the bytes cannot be counted.
func checkedShape(_ extents: [Int], _ name: String, _ site: SourceSite) -> Shape? {
  guard extents.allSatisfy({ $0 >= 0 }) else { return nil }
  let shape = Shape(extents)
  return shape.isCountable ? shape : nil
}

func badShape(_ extents: [Int], _ name: String, _ site: SourceSite) -> WeftError {
  if extents.contains(where: { $0 < 0 }) {
    return WeftError(.negativeExtent, name, "shape \(extents) has a negative extent", site: site)
  }
  if extents.count > 64 {
    return WeftError(.value, name, "\(extents.count) axes; an array has at most 64", site: site)
  }
  return WeftError(.tooLarge, name, "shape \(extents) has too many elements", site: site)
}

/// The values `start, start + step, ...` before `stop`.
///
/// - Shape: `[ceil((stop - start) / step)]`, 0 if that is negative.
/// - DType: int64 when all three are integers, else float64, unless given.
/// - Throws: from `compute()`: `value` for a step of zero or NaN.
/// - NumPy: `numpy.arange`.
///
/// ```swift
/// arange(1, 10, 3)  // [1 4 7]
/// arange(0.0, 1.0, 0.25)  // [0.   0.25 0.5  0.75]
/// arange(5, 0, -2)  // [5 3 1]
/// ```
public func arange<Number: ScalarValue>(
  _ start: Number, _ stop: Number, _ step: Number, dtype: DType? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  arange(
    start.scalar, stop.scalar, step.scalar, dtype: dtype, SourceSite(file: file, line: line))
}

/// The values `start, start + 1, ...` before `stop`. See `arange(_:_:_:)`.
///
/// - NumPy: `numpy.arange`.
///
/// ```swift
/// arange(2, 5)  // [2 3 4]
/// ```
public func arange<Number: ScalarValue>(
  _ start: Number, _ stop: Number, dtype: DType? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  arange(
    start.scalar, stop.scalar, Scalar(1 as Int64, .int64), dtype: dtype,
    SourceSite(file: file, line: line))
}

/// The values `0, 1, ...` before `stop`. See `arange(_:_:_:)`.
///
/// - NumPy: `numpy.arange`.
///
/// ```swift
/// arange(4)  // [0 1 2 3]
/// arange(4, dtype: .float32) / 2  // [0.  0.5 1.  1.5]
/// ```
public func arange<Number: ScalarValue>(
  _ stop: Number, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let zero = Scalar(0 as Int64, .int64)
  return arange(
    zero, stop.scalar, Scalar(1 as Int64, .int64), dtype: dtype, SourceSite(file: file, line: line))
}

func arange(
  _ start: Scalar, _ stop: Scalar, _ step: Scalar, dtype: DType?, _ site: SourceSite
) -> NDArray {
  let common = start.dtype.promoted(with: stop.dtype).promoted(with: step.dtype)
  if common.isComplex {
    return NDArray(Expr(WeftError(.dtype, "arange", "is not defined for complex", site: site)))
  }
  let count: Double
  if common.isFloat {
    count = ((stop.doubleValue - start.doubleValue) / step.doubleValue).rounded(.up)
  } else {
    let (span, stride) = (stop.intValue.subtractingReportingOverflow(start.intValue), step.intValue)
    if stride != 0 && !span.overflow {
      let (q, r) = span.partialValue.quotientAndRemainder(dividingBy: stride)
      count = Double(q + (r != 0 && (r < 0) == (stride < 0) ? 1 : 0))
    } else {
      count = Double(stop.intValue) / Double(stride) - Double(start.intValue) / Double(stride)
    }
  }
  guard step.doubleValue != 0, !count.isNaN else {
    return NDArray(
      Expr(
        WeftError(
          .value, "arange", "the step from \(start) to \(stop) is \(step)", site: site,
          hint: "the step must be a number other than zero")))
  }
  guard count < 0x1p58 else {
    return NDArray(
      Expr(WeftError(.tooLarge, "arange", "\(start) to \(stop) by \(step) is too long", site: site))
    )
  }
  let dtype = dtype ?? common
  let extent = count > 0 ? Int(count) : 0
  if dtype == .bool {
    let values = arange(start, stop, step, dtype: .int64, site)
    return extent <= 2
      ? values.converted(to: .bool, site: site)
      : NDArray(Expr(WeftError(.dtype, "arange", "bool holds only 0 and 1", site: site)))
  }
  // NumPy fills from the first two values, each converted to the dtype: start + i * (next - start).
  let first = start.converted(to: dtype)
  let compute: DType = dtype.isComplex ? dtype.realPart : dtype
  let next = ScalarFunction.add.evaluate(
    start.converted(to: common), step.converted(to: common), step
  ).converted(to: dtype)
  let delta = ScalarFunction.subtract.evaluate(next, first, first)
  let steps = NDArray(
    Building.node(.iota(TensorType(compute, Shape([extent])), axis: 0), [], site: site)
  ).converted(to: dtype, site: site)
  let scaled = NDArray.apply(
    .multiply, steps, NDArray(Building.constant(delta, site: site)), site: site)
  return NDArray.apply(.add, scaled, NDArray(Building.constant(first, site: site)), site: site)
}

/// Evenly spaced values from start to stop.
///
/// - Shape: `[count]`.
/// - DType: float64 unless given; complex for complex ends.
/// - Throws: from `compute()`: `negative-extent` for a negative count.
/// - NumPy: `numpy.linspace`; the end is exact.
///
/// ```swift
/// linspace(0, 1, count: 5)  // [0.   0.25 0.5  0.75 1.  ]
/// linspace(0, 1, count: 4, endpoint: false)  // [0.   0.25 0.5  0.75]
/// linspace([0, 10], [1, 20], count: 3)
/// // [[ 0.  10. ]
/// //  [ 0.5 15. ]
/// //  [ 1.  20. ]]
/// ```
public func linspace(
  _ start: NDArray, _ stop: NDArray, count: Int = 50, endpoint: Bool = true, dtype: DType? = nil,
  axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let site = SourceSite(file: file, line: line)
  guard count >= 0 else {
    return NDArray(
      Expr(WeftError(.negativeExtent, "linspace", "count is \(count)", site: site)))
  }
  let (promoted, _) = NDArray.promotedDType(start, stop)
  let compute = promoted.promoted(withWeak: .float)
  let result = dtype ?? compute
  let wide: DType = compute.isComplex ? .complex128 : .float64
  let (a, b) = (
    start.strong.converted(to: wide, site: site), stop.strong.converted(to: wide, site: site)
  )
  let parts = endpoint ? count - 1 : count
  let rank = max(a.rank, b.rank)
  let column = [count] + Array(repeating: 1, count: rank)
  let steps = NDArray(
    Building.node(.iota(TensorType(.float64, Shape([count])), axis: 0), [], site: site)
  ).reshaped(column, name: "linspace", site: site).converted(to: wide, site: site)
  let span = NDArray.apply(.subtract, b, a, site: site)
  let divisor = NDArray(Building.constant(Scalar(Double(max(parts, 1)), wide), site: site))
  // As NumPy: i * (span / parts), unless that step is zero though the span is not.
  let step = NDArray.apply(.divide, span, divisor, site: site)
  let zero = NDArray(Building.constant(Scalar(0 as Int64, wide), site: site))
  let exact = NDArray.apply(
    .multiply, NDArray.apply(.divide, steps, divisor, site: site), span, site: site)
  let product = which(
    NDArray.apply(.equal, step, zero, site: site), exact,
    NDArray.apply(.multiply, steps, step, site: site))
  var values = NDArray.apply(.add, parts > 0 ? product : exact, a, site: site)
  if endpoint && count > 1 {
    let isLast = NDArray.apply(
      .equal, steps, NDArray(Building.constant(Scalar(Double(parts), wide), site: site)),
      site: site)
    values = which(isLast, b, values)
  }
  if result.isInteger { values = NDArray.apply(.floor, values, site: site) }
  values = values.converted(to: result, site: site)
  return axis == 0 ? values : values.movingAxis(0, to: axis, name: "linspace", site: site)
}

/// Ones on a diagonal, zeros elsewhere.
///
/// - Shape: `[rows, columns ?? rows]`.
/// - DType: as given.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.eye`; `offset` is NumPy's `k`.
///
/// ```swift
/// eye(2)
/// // [[1. 0.]
/// //  [0. 1.]]
/// eye(2, 3, offset: 1, dtype: .int64)
/// // [[0 1 0]
/// //  [0 0 1]]
/// ```
public func eye(
  _ rows: Int, _ columns: Int? = nil, offset: Int = 0, dtype: DType = .float64,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let site = SourceSite(file: file, line: line)
  let extents = [rows, columns ?? rows]
  guard let shape = checkedShape(extents, "eye", site) else {
    return NDArray(Expr(badShape(extents, "eye", site)))
  }
  let type = TensorType(.int64, shape)
  let row = NDArray(Building.node(.iota(type, axis: 0), [], site: site))
  let column = NDArray(Building.node(.iota(type, axis: 1), [], site: site))
  // Offsets past the shape select nothing; clamping keeps the sum from wrapping.
  let bounded = min(max(offset, -rows - 1), (columns ?? rows) + 1)
  let diagonal = NDArray.apply(
    .add, row, NDArray(Building.constant(Scalar(Int64(bounded), .int64), site: site)), site: site)
  return NDArray.apply(.equal, column, diagonal, site: site).converted(to: dtype, site: site)
}
