import WeftIR

/// Writes one function of NumPy as a composition of ops: its name and line go into every row.
struct Composition {
  /// The function's name, for errors.
  let name: String
  /// The user's line.
  let site: SourceSite

  init(_ name: String, _ file: StaticString, _ line: UInt) {
    self.name = name
    site = SourceSite(file: file, line: line)
  }

  init(_ name: String, site: SourceSite) {
    self.name = name
    self.site = site
  }

  // MARK: - Errors

  func error(_ code: ErrorCode, _ message: String, hint: String? = nil) -> WeftError {
    WeftError(code, name, message, site: site, hint: hint)
  }

  /// Builds a result from sound operands; what is wrong with operands or thrown poisons it.
  func one(
    _ operands: [NDArray], _ build: () throws(WeftError) -> NDArray
  ) -> NDArray {
    if let poison = Building.poison(operands.map(\.expr)) { return NDArray(poison) }
    do {
      return renamed(try build())
    } catch {
      return NDArray(Expr(error.located(at: site)))
    }
  }

  /// Builds some results from sound operands.
  func several(
    _ count: Int, _ operands: [NDArray], _ build: () throws(WeftError) -> [NDArray]
  ) -> [NDArray] {
    if let poison = Building.poison(operands.map(\.expr)) {
      return Array(repeating: NDArray(poison), count: count)
    }
    do {
      return try build().map(renamed)
    } catch {
      return Array(repeating: NDArray(Expr(error.located(at: site))), count: count)
    }
  }

  /// An error inside the composition is one of the function that the user called.
  private func renamed(_ result: NDArray) -> NDArray {
    guard var error = result.expr.error, error.operation != name else { return result }
    error.operation = name
    return NDArray(Expr(error))
  }

  // MARK: - Elementwise

  func callAsFunction(_ f: ScalarFunction, _ a: NDArray) -> NDArray {
    NDArray.apply(f, a, site: site)
  }

  func callAsFunction(_ f: ScalarFunction, _ a: NDArray, _ b: NDArray) -> NDArray {
    NDArray.apply(f, a, b, site: site)
  }

  func select(_ condition: NDArray, _ a: NDArray, _ b: NDArray) -> NDArray {
    which(condition, a, b, name: name, site: site)
  }

  func convert(_ a: NDArray, _ dtype: DType) -> NDArray {
    a.strong.converted(to: dtype, site: site)
  }

  /// Where elements are NaN; false for dtypes that have none.
  func isNaN(_ a: NDArray) -> NDArray {
    a.dtype.isInexact ? self(.isnan, a) : fill(Scalar(false), like: a)
  }

  func not(_ a: NDArray) -> NDArray { self(.logicalNot, a) }
  func and(_ a: NDArray, _ b: NDArray) -> NDArray { self(.logicalAnd, a, b) }
  func or(_ a: NDArray, _ b: NDArray) -> NDArray { self(.logicalOr, a, b) }

  // MARK: - Sources

  func constant(_ scalar: Scalar) -> NDArray { NDArray(Building.constant(scalar, site: site)) }
  func integer(_ n: Int) -> NDArray { constant(Scalar(Int64(n), .int64)) }
  func number(_ x: Double, _ dtype: DType) -> NDArray { constant(Scalar(x, dtype)) }
  func fill(_ scalar: Scalar, _ shape: Shape) -> NDArray {
    NDArray(Building.broadcast(Building.constant(scalar, site: site), to: shape, site: site))
  }

  /// One value in the shape of an array, whose extents, where only the data tell them, are found.
  func fill(_ scalar: Scalar, like a: NDArray) -> NDArray {
    a.settingExtents(of: fill(scalar, a.expr.type.shape), site)
  }

  func iota(_ shape: Shape, axis: Int = 0, _ dtype: DType = .int64) -> NDArray {
    node(.iota(TensorType(dtype, shape), axis: axis), [])
  }

  // MARK: - Structure

  func node(_ op: Op, _ operands: [NDArray]) -> NDArray {
    NDArray(Building.node(op, operands.map(\.expr), name: name, site: site))
  }

  func reshape(_ a: NDArray, _ codes: [Int]) -> NDArray {
    NDArray(Building.reshape(a.expr, to: Shape(codes: codes), site: site))
  }

  func broadcast(_ a: NDArray, _ shape: Shape) -> NDArray {
    a.broadcasted(to: shape, name: name, site: site)
  }

  func permute(_ a: NDArray, _ order: [Int]) -> NDArray {
    NDArray(Building.permute(a.expr, order, site: site))
  }

  /// The elements in one axis, C order.
  func flat(_ a: NDArray) -> NDArray { a.strong.reshaped([-1], name: name, site: site) }

  /// A new axis of extent 1.
  func expand(_ a: NDArray, _ axis: Int) -> NDArray {
    if a.expr.isPoison { return a }
    var codes = a.codes
    codes.insert(1, at: axis)
    return reshape(a, codes)
  }

  /// An axis of extent 1 taken away.
  func squeeze(_ a: NDArray, _ axis: Int) -> NDArray {
    if a.expr.isPoison { return a }
    var codes = a.codes
    codes.remove(at: axis)
    return reshape(a, codes)
  }

  func move(_ a: NDArray, _ source: Int, to target: Int) -> NDArray {
    if source == target { return a }
    return a.movingAxis(source, to: target, name: name, site: site)
  }

  /// Elements `start, start + step, ...` along an axis of known extent.
  func slice(_ a: NDArray, _ axis: Int, from start: Int, _ count: Int, step: Int = 1) -> NDArray {
    if a.expr.isPoison || start == 0 && step == 1 && a.expr.type.shape[axis] == .known(count) {
      return a
    }
    let spans = (0..<a.rank).map { other -> SliceSpan in
      if other == axis { return SliceSpan(start: start, step: step, count: count) }
      if case .known(let n) = a.expr.type.shape[other] { return SliceSpan(start: 0, count: n) }
      return SliceSpan(start: 0, count: nil)
    }
    return node(.slice(spans), [a])
  }

  /// One position along an axis, which disappears.
  func at(_ a: NDArray, _ axis: Int, _ position: Int) -> NDArray {
    squeeze(slice(a, axis, from: position, 1), axis)
  }

  func reverse(_ a: NDArray, _ axis: Int) -> NDArray { node(.reverse([axis]), [a]) }

  func join(_ arrays: [NDArray], _ axis: Int) -> NDArray {
    concatenate(arrays.map(\.strong), axis: axis, name: name, site: site)
  }

  /// Elements at indices along an axis; indices are in bounds and not negative.
  func gather(_ a: NDArray, _ indices: NDArray, axis: Int = 0) -> NDArray {
    node(.gather(axis: axis), [a, indices])
  }

  func compress(_ a: NDArray, _ mask: NDArray, axis: Int = 0) -> NDArray {
    node(.compress(axis: axis, extent: mask.expr.selectionExtent), [a, mask])
  }

  /// The values, once a condition holds throughout. See `Call.require`.
  func require(
    _ valid: NDArray, _ values: NDArray, _ code: ErrorCode, _ message: String
  ) -> NDArray {
    Call(name, site).require(valid, values, code, message)
  }

  // MARK: - Folds

  func reduce(
    _ f: ScalarFunction, _ a: NDArray, _ axes: [Int], keepAxes: Bool = false
  ) -> NDArray {
    // The axes of a poisoned part mean nothing.
    if a.expr.isPoison { return a }
    let result =
      axes.isEmpty ? Call(name, site).folded(f, a) : node(.reduce(f, AxisSet(axes)), [a])
    return keepAxes ? restore(result, axes) : result
  }

  func scan(_ f: ScalarFunction, _ a: NDArray, _ axis: Int) -> NDArray {
    node(.scan(f, axis: axis), [a])
  }

  /// The array with one element more, a 0-d value, along those axes whose extent only the data
  /// tell: a fold that it does not change has elements then.
  func withOneMore(_ a: NDArray, _ axes: [Int], _ value: NDArray) -> NDArray {
    var result = a
    for axis in axes where !result.expr.isPoison && result.codes[axis] < 0 {
      let row = reduce(.logicalOr, convert(result, .bool), [axis], keepAxes: true)
      let more = row.settingExtents(of: broadcast(value, row.expr.type.shape), site)
      result = join([result, more], axis)
    }
    return result
  }

  /// Puts axes of extent 1 back where axes were folded.
  func restore(_ a: NDArray, _ axes: [Int]) -> NDArray {
    if a.expr.isPoison { return a }
    var codes = a.codes
    for axis in axes { codes.insert(1, at: axis) }
    return reshape(a, codes)
  }

  /// How many elements some axes hold: a weak number, or a 0-d array where only data tell.
  func extent(_ a: NDArray, _ axes: [Int]) -> NDArray {
    if a.expr.isPoison { return a }
    let known = axes.map { a.codes[$0] }
    if known.allSatisfy({ $0 >= 0 }) {
      if let count = Shape(known).count {
        return NDArray(weak: Scalar(Int64(count), .int64), .integer, site: site)
      }
      // Of a sparse array, and more than an integer holds.
      let count = known.reduce(1) { $0 * Double($1) }
      return NDArray(weak: Scalar(count, .float64), .float, site: site)
    }
    // A row of ones as long as each axis, made from the array so that its extent is found.
    var total = integer(1)
    for axis in axes {
      let row = reduce(.logicalOr, convert(a, .bool), (0..<a.rank).filter { $0 != axis })
      let ones = row.settingExtents(
        of: fill(Scalar(1 as Int64, .int64), Shape(codes: [a.codes[axis]])), site)
      total = self(.multiply, total, reduce(.add, ones, [0]))
    }
    return total
  }
}

extension NDArray {
  /// The extents, with unknown ones as negative codes.
  var codes: [Int] { expr.type.shape.codes }

  /// The extent of an axis; nil when only the data tell.
  func extent(_ axis: Int) -> Int? {
    // A poisoned part may have fewer axes than it would have had.
    guard axis >= 0, axis < rank else { return nil }
    if case .known(let n) = expr.type.shape[axis] { return n }
    return nil
  }
}

extension DType {
  /// What sums and products of the dtype are: integers widen to 64 bits, bool counts.
  var foldDType: DType {
    switch kind {
    case .bool, .signed: .int64
    case .unsigned: .uint64
    case .float, .complex: self
    }
  }

  /// What a mean of the dtype is: float64 for integers and bool.
  var meanDType: DType { isInexact ? self : .float64 }

  /// The dtype in which means of this one are computed: 16-bit floats take float32.
  var meanComputing: DType {
    switch self {
    case .float16, .bfloat16: .float32
    default: meanDType
    }
  }
}
