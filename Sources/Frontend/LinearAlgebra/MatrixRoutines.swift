import WeftIR

/// Calling the routines of linear algebra: operands in their dtypes, results as arrays.
extension Composition {
  /// An operand in a dtype that linear algebra has: integers and bool become float64.
  ///
  /// - Throws: `shape-mismatch` below two axes; `dtype` for 16-bit floats, as NumPy.
  func matrix(_ a: NDArray) throws(WeftError) -> NDArray {
    if a.rank < 2 {
      throw error(
        .shapeMismatch, "\(a.expr.type) is no matrix: it has fewer than two axes")
    }
    return convert(a, try linearAlgebraDType(a.dtype, a))
  }

  func linearAlgebraDType(_ dtype: DType, _ a: NDArray) throws(WeftError) -> DType {
    switch dtype {
    case .float16, .bfloat16:
      throw error(
        .dtype, "is not defined for \(a.expr.type)", hint: "convert it to float32 or float64")
    default: return dtype.isInexact ? dtype : .float64
    }
  }

  /// The results of a routine.
  func results(_ routine: Routine, _ operands: [NDArray]) throws(WeftError) -> [NDArray] {
    let expr = Building.node(
      .call(routine), operands.map(\.expr), name: name, site: site)
    if let error = expr.error { throw error }
    return (0...expr.laterTypes.count).map {
      NDArray(expr.laterTypes.isEmpty ? expr : Expr(projecting: $0, of: expr))
    }
  }

  /// The only result of a routine with one matrix operand.
  func result(_ routine: Routine, of a: NDArray) -> NDArray {
    one([a]) { () throws(WeftError) in try results(routine, [try matrix(a)])[0] }
  }

  /// Two operands of a system of equations, and whether the right-hand side is one vector.
  func system(
    _ a: NDArray, _ b: NDArray
  ) throws(WeftError) -> (a: NDArray, b: NDArray, isVector: Bool) {
    let dtype = try linearAlgebraDType(NDArray.promotedDType(a, b).0, b)
    guard b.rank > 0 else {
      throw error(.shapeMismatch, "the right-hand side \(b.expr.type) has no axes")
    }
    let left = convert(try matrix(a), dtype)
    let isVector = b.rank == 1
    let right = convert(b, dtype)
    return (left, isVector ? expand(right, 1) : right, isVector)
  }

  /// The conjugate transpose of the last two axes.
  func adjoint(_ a: NDArray) -> NDArray {
    let order = Array(0..<a.rank - 2) + [a.rank - 1, a.rank - 2]
    return permute(a.dtype.isComplex ? self(.conj, a) : a, order)
  }
}

extension DType {
  /// The distance from 1 to the next number of the dtype's real part.
  var rounding: Double {
    switch realPart {
    case .float32: Double(Float.ulpOfOne)
    default: Double.ulpOfOne
    }
  }
}
