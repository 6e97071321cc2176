import WeftIR

/// A call of a frontend function: the name and the user's line that its nodes and errors carry.
///
/// Short words for compositions; what they take has been checked unless they throw.
struct Call: Sendable {
  let name: String
  let site: SourceSite

  init(_ name: String, _ site: SourceSite) {
    self.name = name
    self.site = site
  }

  init(_ name: String, _ file: StaticString, _ line: UInt) {
    self.init(name, SourceSite(file: file, line: line))
  }

  /// What a body builds from sound operands; a poisoned operand or a thrown error poisons it.
  func build(
    _ operands: [NDArray], _ body: () throws(WeftError) -> NDArray
  ) -> NDArray {
    if let poison = Building.poison(operands.map(\.expr)) { return NDArray(poison) }
    do { return try body() } catch { return NDArray(Expr(error.located(at: site))) }
  }

  /// As `build` for several results; a mistake gives one poisoned array.
  func buildAll(
    _ operands: [NDArray], _ body: () throws(WeftError) -> [NDArray]
  ) -> [NDArray] {
    if let poison = Building.poison(operands.map(\.expr)) { return [NDArray(poison)] }
    do { return try body() } catch { return [NDArray(Expr(error.located(at: site)))] }
  }

  /// As `build` for two results; a mistake poisons both.
  func buildPair(
    _ operands: [NDArray], _ body: () throws(WeftError) -> (NDArray, NDArray)
  ) -> (NDArray, NDArray) {
    func poisoned(_ expr: Expr) -> (NDArray, NDArray) { (NDArray(expr), NDArray(expr)) }
    if let poison = Building.poison(operands.map(\.expr)) { return poisoned(poison) }
    do { return try body() } catch { return poisoned(Expr(error.located(at: site))) }
  }

  func error(_ code: ErrorCode, _ message: String, hint: String? = nil) -> WeftError {
    WeftError(code, name, message, site: site, hint: hint)
  }

  func failure(_ code: ErrorCode, _ message: String, hint: String? = nil) -> NDArray {
    NDArray(Expr(error(code, message, hint: hint)))
  }
}

// MARK: - Checks

extension Call {
  /// The axis counted from the front.
  func axis(_ axis: Int, of a: NDArray) throws(WeftError) -> Int {
    try Axes.normalized(axis, rank: a.rank, name, a, site)
  }

  /// The axes counted from the front, in the order given; none twice.
  func axes(_ axes: [Int], of a: NDArray) throws(WeftError) -> [Int] {
    try self.axes(axes, rank: a.rank, of: a)
  }

  /// The axes of a result of a rank, counted from the front, in the order given; none twice.
  func axes(_ axes: [Int], rank: Int, of a: NDArray) throws(WeftError) -> [Int] {
    var result: [Int] = []
    for axis in axes {
      let position = try Axes.normalized(axis, rank: rank, name, a, site)
      if result.contains(position) {
        throw error(.axisDuplicate, "axis \(position) is given twice in \(axes)")
      }
      result.append(position)
    }
    return result
  }

  /// The extent of an axis, which must be known.
  func extent(_ axis: Int, of a: NDArray) throws(WeftError) -> Int {
    // The axes of a poisoned part mean nothing.
    if let error = a.expr.error { throw error }
    guard case .known(let extent) = a.expr.type.shape[axis] else { throw unknown(a) }
    return extent
  }

  /// The extents, which must be known.
  func extents(of a: NDArray) throws(WeftError) -> [Int] {
    guard let extents = a.expr.type.shape.known else { throw unknown(a) }
    return extents
  }

  private func unknown(_ a: NDArray) -> WeftError {
    error(
      .unknownExtent, "\(a.expr.type) has an extent that only the data tell",
      hint: "compute() the array first")
  }

  /// The shape of extents that users gave or that products made.
  func shape(_ extents: [Int]) throws(WeftError) -> Shape {
    guard let shape = checkedShape(extents, name, site) else {
      throw badShape(extents, name, site)
    }
    return shape
  }

  /// The shape of extents that are made of arrays: see `Building.checkCountable`.
  func shape(_ extents: [Int], of arrays: [NDArray]) throws(WeftError) -> Shape {
    do {
      return try shape(extents)
    } catch {
      guard error.code == .tooLarge else { throw error }
      try Building.checkCountable(Shape(extents), of: arrays.map(\.expr), name)
      return Shape(extents)
    }
  }

  /// The product of two extents.
  func product(_ a: Int, _ b: Int) throws(WeftError) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    if overflow { throw error(.tooLarge, "\(a) times \(b) elements are too many") }
    return product
  }

  /// The product of extents, which sparse arrays may have too many of to be counted along one axis.
  func product(_ extents: some Sequence<Int>) throws(WeftError) -> Int {
    if extents.contains(0) { return 0 }
    var result = 1
    for extent in extents { result = try product(result, extent) }
    return result
  }

  /// The sum of two extents.
  func sum(_ a: Int, _ b: Int) throws(WeftError) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    if overflow { throw error(.tooLarge, "\(a) and \(b) elements are too many") }
    return sum
  }

  /// The dtype of arrays and host scalars together: scalars have no width where arrays decide.
  func promotedDType(_ arrays: [NDArray]) -> DType {
    let strong = arrays.filter { $0.weakKind == nil }.map(\.dtype)
    let kind = arrays.compactMap(\.weakKind).max()
    guard let dtype = DType.promoted(strong) else {
      return DType.promoted(arrays.map(\.dtype)) ?? .float64
    }
    return kind.map { dtype.promoted(withWeak: $0) } ?? dtype
  }

  /// The shape that arrays broadcast to.
  func broadcastShape(_ arrays: [NDArray]) throws(WeftError) -> Shape {
    var shape = Shape.scalar
    for array in arrays {
      guard let common = shape.broadcasted(with: array.expr.type.shape) else {
        throw error(
          .broadcast,
          "cannot broadcast " + arrays.map { $0.expr.type.description }.joined(separator: " with "))
      }
      shape = common
    }
    return shape
  }
}

// MARK: - Nodes

extension Call {
  func node(_ op: Op, _ operands: NDArray...) -> NDArray {
    NDArray(Building.node(op, operands.map(\.expr), name: name, site: site))
  }

  func node(_ op: Op, all operands: [NDArray]) -> NDArray {
    NDArray(Building.node(op, operands.map(\.expr), name: name, site: site))
  }

  func apply(_ f: ScalarFunction, _ a: NDArray) -> NDArray { NDArray.apply(f, a, site: site) }

  func apply(_ f: ScalarFunction, _ a: NDArray, _ b: NDArray) -> NDArray {
    NDArray.apply(f, a, b, site: site)
  }

  func select(_ condition: NDArray, _ a: NDArray, _ b: NDArray) -> NDArray {
    which(condition, a, b, name: name, site: site)
  }

  /// A 0-d constant with a dtype of its own.
  func constant(_ scalar: Scalar) -> NDArray {
    NDArray(Building.constant(scalar, site: site))
  }

  /// An `int64` constant.
  func integer(_ value: Int) -> NDArray { constant(Scalar(Int64(value), .int64)) }

  /// A constant of a dtype.
  func number(_ value: Double, _ dtype: DType) -> NDArray { constant(Scalar(value, dtype)) }

  func zero(_ dtype: DType) -> NDArray { constant(Scalar(0 as Int64, dtype)) }

  /// Counts 0, 1, 2, ... as `int64`, along an axis of a shape or in one axis.
  func counts(_ extents: [Int], axis: Int = 0) -> NDArray {
    node(.iota(TensorType(.int64, Shape(extents)), axis: axis))
  }

  /// For each element of an array its place along an axis.
  func counts(like a: NDArray, axis: Int) -> NDArray {
    let type = TensorType(.int64, a.expr.type.shape)
    return NDArray(Expr(.iota(type, axis: axis), .none, type: type, site: site))
  }

  /// Counts along the only axis that is not 1, which stands where an array of a rank has its axis.
  func counts(_ extent: Int, axis: Int, rank: Int) -> NDArray {
    var extents = Array(repeating: 1, count: rank)
    extents[axis] = extent
    return counts(extents, axis: axis)
  }

  func convert(_ a: NDArray, to dtype: DType) -> NDArray {
    a.strong.converted(to: dtype, site: site)
  }

  /// An operand in a promoted dtype; a weak integer must fit.
  func operand(_ a: NDArray, _ dtype: DType) throws(WeftError) -> NDArray {
    NDArray(try a.operand(.select, dtype, site))
  }

  func reshape(_ a: NDArray, _ extents: [Int]) -> NDArray {
    a.reshaped(extents, name: name, site: site)
  }

  /// The same elements under a shape that may have unknown extents.
  func reshape(_ a: NDArray, codes: [Int]) -> NDArray {
    NDArray(Building.reshape(a.expr, to: Shape(codes: codes), site: site))
  }

  func flatten(_ a: NDArray) -> NDArray {
    a.rank == 1 ? a.strong : a.strong.reshaped([-1], name: name, site: site)
  }

  func permute(_ a: NDArray, _ order: [Int]) -> NDArray {
    NDArray(Building.permute(a.expr, order, site: site))
  }

  func moveAxis(_ a: NDArray, _ source: Int, to target: Int) -> NDArray {
    a.movingAxis(source, to: target, name: name, site: site)
  }

  func broadcast(_ a: NDArray, to shape: Shape) -> NDArray {
    a.broadcasted(to: shape, name: name, site: site)
  }

  /// Elements `start, start + step, ...` along an axis; the others whole.
  func slice(_ a: NDArray, axis: Int, from start: Int, count: Int, step: Int = 1) -> NDArray {
    if a.expr.isPoison || start == 0 && step == 1 && a.expr.type.shape[axis] == .known(count) {
      return a
    }
    let spans = a.expr.type.shape.extents.enumerated().map { position, extent in
      if position == axis {
        return SliceSpan(start: count == 0 ? 0 : start, step: count <= 1 ? 1 : step, count: count)
      }
      guard case .known(let n) = extent else { return SliceSpan(start: 0, count: nil) }
      return SliceSpan(start: 0, count: n)
    }
    return node(.slice(spans), a)
  }

  /// One position of an axis, which disappears.
  func element(_ a: NDArray, axis: Int, at position: Int) -> NDArray {
    let part = slice(a, axis: axis, from: position, count: 1)
    var codes = part.expr.type.shape.codes
    if part.expr.isPoison { return part }
    codes.remove(at: axis)
    return reshape(part, codes: codes)
  }

  func reverse(_ a: NDArray, _ axes: [Int]) -> NDArray {
    axes.isEmpty ? a : node(.reverse(AxisSet(axes)), a)
  }

  func concatenate(_ arrays: [NDArray], axis: Int) -> NDArray {
    if arrays.count == 1 { return arrays[0] }
    return Weft.concatenate(arrays, axis: axis, name: name, site: site)
  }

  /// Takes along an axis at `int64` indices, none negative.
  func gather(_ a: NDArray, _ indices: NDArray, axis: Int) -> NDArray {
    node(.gather(axis: axis), a, indices)
  }

  func reduce(_ f: ScalarFunction, _ a: NDArray, _ axes: [Int]) -> NDArray {
    axes.isEmpty ? folded(f, a) : node(.reduce(f, AxisSet(axes)), a)
  }

  /// The fold over no axes: each element with the identity, which makes 0.0 of -0.0 in a sum.
  func folded(_ f: ScalarFunction, _ a: NDArray) -> NDArray {
    f == .add && a.dtype.isInexact ? apply(.add, a, zero(a.dtype)) : a
  }

  /// The values, once a condition holds throughout; an error at run time where it does not.
  func require(
    _ valid: NDArray, _ values: NDArray, _ code: ErrorCode, _ message: String
  ) -> NDArray {
    let all = reduce(.logicalAnd, convert(valid, to: .bool), Array(0..<valid.rank))
    let holds = node(.call(.require(name, code, message)), all)
    return select(holds, values, zero(values.dtype))
  }
}
