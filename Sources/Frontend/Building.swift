import WeftIR

/// Makes nodes from operands: infers types and turns mistakes into poisoned nodes.
enum Building {
  /// A node of any op; poisoned operands and inference errors poison it.
  static func node(_ op: Op, _ operands: [Expr], name: String? = nil, site: SourceSite) -> Expr {
    if let poison = poison(operands) { return poison }
    do {
      let types = try TypeInference.infer(op, operands.map(\.type))
      for type in types { try checkCountable(type.shape, of: operands, name ?? op.name) }
      return Expr(
        op, Expr.Operands(operands), type: types[0], laterTypes: Array(types.dropFirst()),
        site: site)
    } catch {
      var named = error.located(at: site)
      if let name { named.operation = name }
      // The operand's type is a guess that keeps later building within its axes.
      return Expr(named, type: operands.first?.type ?? TensorType(.float64, .scalar))
    }
  }

  /// Only sparse arrays have more elements than can be counted, and what is made of them may.
  ///
  /// - Throws: `too-large` for a shape that is not countable, of dense operands.
  static func checkCountable(
    _ shape: Shape, of operands: [Expr], _ operation: String
  ) throws(WeftError) {
    if shape.isCountable { return }
    let isSparse = operands.contains {
      !$0.type.shape.isCountable || (try? NDArray($0).graph())?.isSparse == true
    }
    if shape.rank > 64 || !isSparse { throw shape.tooLarge(operation) }
  }

  /// The poisoned node that stands for what depends on these operands; nil when all are sound.
  static func poison(_ operands: [Expr]) -> Expr? {
    var errors: [WeftError] = []
    var first: Expr?
    for operand in operands where operand.isPoison {
      guard let error = operand.error else { continue }
      if first == nil { first = operand }
      for one in [error] + error.others where !errors.contains(where: { $0.isSame(as: one) }) {
        errors.append(one)
      }
    }
    guard var error = errors.first, let first else { return nil }
    if errors.count == 1 { return first }
    error.others = Array(errors.dropFirst())
    return Expr(error)
  }

  /// The elements in another dtype.
  static func convert(_ expr: Expr, to dtype: DType, site: SourceSite) -> Expr {
    if expr.type.dtype == dtype || expr.isPoison { return expr }
    return Expr(
      .convert(dtype), .one(expr), type: TensorType(dtype, expr.type.shape), site: site)
  }

  /// A 0-d constant.
  static func constant(_ scalar: Scalar, site: SourceSite) -> Expr {
    Expr(.constant(scalar), .none, type: TensorType(scalar.dtype, .scalar), site: site)
  }

  /// The elements repeated to a shape by NumPy's rule, which the caller has checked.
  static func broadcast(_ expr: Expr, to shape: Shape, site: SourceSite) -> Expr {
    let own = expr.type.shape
    if own == shape || expr.isPoison { return expr }
    let offset = shape.rank - own.rank
    // Two unknown extents may be equal, which is no broadcast: run time checks it.
    if offset == 0,
      (0..<own.rank).allSatisfy({
        own[$0] == shape[$0] || isUnknown(own[$0]) && isUnknown(shape[$0])
      })
    {
      return expr
    }
    return Expr(
      .broadcast(to: shape, axes: Array(offset..<shape.rank)), .one(expr),
      type: TensorType(expr.type.dtype, shape), site: site)
  }

  static func isUnknown(_ extent: Extent) -> Bool {
    if case .unknown = extent { true } else { false }
  }

  /// The same elements under another shape of equal count.
  static func reshape(_ expr: Expr, to shape: Shape, site: SourceSite) -> Expr {
    if expr.type.shape == shape || expr.isPoison { return expr }
    return node(.reshape(shape), [expr], site: site)
  }

  /// The axes in another order.
  static func permute(_ expr: Expr, _ axes: [Int], site: SourceSite) -> Expr {
    if axes == Array(0..<axes.count) || expr.isPoison { return expr }
    return node(.permute(axes), [expr], site: site)
  }

  /// An elementwise node over operands of one shape and the function's dtypes.
  static func map(
    _ f: ScalarFunction, _ operands: Expr.Operands, _ type: TensorType, _ site: SourceSite
  )
    -> Expr
  {
    Expr(.map(f), operands, type: type, site: site)
  }
}

extension WeftError {
  /// Whether two errors tell the same mistake at the same place.
  fileprivate func isSame(as other: WeftError) -> Bool {
    code == other.code && site == other.site && message == other.message
      && operation == other.operation
  }
}

extension Shape {
  /// Whether there are at most 64 axes and the bytes of any part of the array can be counted:
  /// extents of 0 count as 1, so that products of some extents do not overflow either.
  var isCountable: Bool {
    guard rank <= 64 else { return false }
    var product = 1
    for extent in codes where extent > 1 {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow || next > Int.max / 16 { return false }
      product = next
    }
    return true
  }

  /// The error of a shape that is not countable.
  func tooLarge(_ operation: String) -> WeftError {
    WeftError(
      .tooLarge, operation,
      rank > 64 ? "\(rank) axes; an array has at most 64" : "shape \(self) has too many elements")
  }

  /// The shape that two broadcast to by NumPy's rule; nil when they do not.
  ///
  /// Two different unknown extents, or an unknown and a known one, are taken to be equal; run time
  /// checks it.
  func broadcasted(with other: Shape) -> Shape? {
    if self == other { return self }
    let (long, short) = rank >= other.rank ? (self, other) : (other, self)
    var result = long
    let offset = long.rank - short.rank
    for axis in 0..<short.rank {
      let (a, b) = (long[offset + axis], short[axis])
      if a == b || b == .known(1) { continue }
      if a == .known(1) {
        result[offset + axis] = b
        continue
      }
      switch (a, b) {
      case (.known, .known): return nil
      case (.unknown, .known): result[offset + axis] = b
      case (.known, .unknown), (.unknown, .unknown): break
      }
    }
    return result
  }
}
