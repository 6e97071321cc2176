import WeftIR

/// Joins arrays along an axis that they have; promotes to one dtype.
///
/// - Shape: the extents along the axis added up.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate` when other extents differ or there is no array.
/// - NumPy: `numpy.concatenate`; a nil axis joins the flattened arrays.
///
/// ```swift
/// concatenate([[[1, 2]], [[3, 4], [5, 6]]])
/// // [[1 2]
/// //  [3 4]
/// //  [5 6]]
/// concatenate([[[1], [2]], [[3], [4]]], axis: 1)
/// // [[1 3]
/// //  [2 4]]
/// ```
public func concatenate(
  _ arrays: [NDArray], axis: Int? = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  concatenate(arrays, axis: axis, name: "concatenate", site: SourceSite(file: file, line: line))
}

func concatenate(_ arrays: [NDArray], axis: Int?, name: String, site: SourceSite) -> NDArray {
  guard let first = arrays.first, let dtype = DType.promoted(arrays.map(\.dtype)) else {
    return NDArray(
      Expr(WeftError(.concatenate, name, "needs at least one array", site: site)))
  }
  if let poison = Building.poison(arrays.map(\.expr)) { return NDArray(poison) }
  guard let axis else {
    let flat = arrays.map {
      $0.strong.converted(to: dtype, site: site).reshaped([-1], name: name, site: site).expr
    }
    return NDArray(Building.node(.concatenate(axis: 0), flat, name: name, site: site))
  }
  if first.rank == 0 {
    return NDArray(
      Expr(
        WeftError(
          .concatenate, name, "0-d arrays cannot be joined", site: site,
          hint: "stack joins along a new axis")))
  }
  do {
    let position = try Axes.normalized(axis, rank: first.rank, name, first, site)
    let operands = arrays.map { Building.convert($0.expr, to: dtype, site: site) }
    return NDArray(Building.node(.concatenate(axis: position), operands, name: name, site: site))
  } catch {
    return NDArray(Expr(error))
  }
}

/// Joins arrays of one shape along a new axis; promotes to one dtype.
///
/// - Shape: the arrays' with a new axis, whose extent is their number.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate` when shapes differ or there is no array.
/// - NumPy: `numpy.stack`.
///
/// ```swift
/// stack([[1, 2, 3], [4, 5, 6]])
/// // [[1 2 3]
/// //  [4 5 6]]
/// stack([[1, 2, 3], [4, 5, 6]], axis: 1)
/// // [[1 4]
/// //  [2 5]
/// //  [3 6]]
/// ```
public func stack(
  _ arrays: [NDArray], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  stack(arrays, axis: axis, name: "stack", site: SourceSite(file: file, line: line))
}

func stack(_ arrays: [NDArray], axis: Int = 0, name: String, site: SourceSite) -> NDArray {
  guard let first = arrays.first else {
    if name == "array literal" { return zeros([0]) }
    return NDArray(
      Expr(WeftError(.concatenate, name, "needs at least one array", site: site)))
  }
  if let poison = Building.poison(arrays.map(\.expr)) { return NDArray(poison) }
  if let other = arrays.first(where: { $0.rank != first.rank || $0.shape != first.shape }) {
    return NDArray(
      Expr(
        WeftError(
          .concatenate, name, "shapes differ: \(first.expr.type) and \(other.expr.type)",
          site: site)))
  }
  do {
    let position = try Axes.normalized(axis, rank: first.rank + 1, name, first, site)
    var codes = first.expr.type.shape.codes
    codes.insert(1, at: position)
    let parts = arrays.map {
      NDArray(Building.reshape($0.expr, to: Shape(codes: codes), site: site))
    }
    return concatenate(parts, axis: position, name: name, site: site)
  } catch {
    return NDArray(Expr(error))
  }
}
