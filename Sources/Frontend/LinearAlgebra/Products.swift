import WeftIR

/// The matrix product; stacks of matrices broadcast.
///
/// - Shape: `[..., m, k]` and `[..., k, n]` give `[..., m, n]`; 1-d operands are rows and columns
///   that disappear.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch` when inner extents differ or an operand is 0-d.
/// - NumPy: `numpy.matmul`.
///
/// ```swift
/// let a: NDArray = [[1, 2], [3, 4]]
/// matmul(a, [[0, 1], [1, 0]])
/// // [[2 1]
/// //  [4 3]]
/// a • [1, 10]  // [21 43]
/// matmul(a, [1, 2, 3])
/// // error: matmul: inner extents 2 and 3 differ: int64[2, 2] and int64[3] [shape-mismatch]
/// ```
public func matmul(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  matmul(a, b, site: SourceSite(file: file, line: line))
}

/// Labels of products of vectors and matrices, made once since programs write many.
private enum PlainProducts {
  /// Vector and vector, vector and matrix, matrix and vector, two matrices.
  static let contractions = [
    Contraction([[0], [0]], to: []), Contraction([[0], [0, 1]], to: [1]),
    Contraction([[0, 1], [1]], to: [0]), Contraction([[0, 1], [1, 2]], to: [0, 2]),
  ]
}

func matmul(_ a: NDArray, _ b: NDArray, site: SourceSite) -> NDArray {
  if let poison = Building.poison([a.expr, b.expr]) { return NDArray(poison) }
  func mismatch(_ message: String) -> NDArray {
    NDArray(
      Expr(
        WeftError(
          .shapeMismatch, "matmul", "\(message): \(a.expr.type) and \(b.expr.type)", site: site)))
  }
  if a.rank == 0 || b.rank == 0 { return mismatch("operands need at least one axis") }
  let (dtype, _) = NDArray.promotedDType(a, b)
  let (x, y) = (
    a.strong.converted(to: dtype, site: site), b.strong.converted(to: dtype, site: site)
  )
  let inner = (x.expr.type.shape[x.rank - 1], y.expr.type.shape[max(0, y.rank - 2)])
  if case (.known(let m), .known(let n)) = inner, m != n {
    return mismatch("inner extents \(m) and \(n) differ")
  }
  let leftBatch = Shape(codes: Array(x.expr.type.shape.codes.dropLast(2)))
  let rightBatch = Shape(codes: Array(y.expr.type.shape.codes.dropLast(2)))
  guard let batch = leftBatch.broadcasted(with: rightBatch) else {
    return mismatch("stacks do not broadcast")
  }
  if batch.rank == 0 {
    return NDArray(
      Building.node(
        .contract(PlainProducts.contractions[2 * x.rank + y.rank - 3]), [x.expr, y.expr],
        name: "matmul", site: site))
  }
  // Labels: 0 is the summed index, 1 the row, 2 the column, the rest the stack from the right.
  func operand(_ array: NDArray, own: [Int], batch own_: Shape) -> (Expr, [Int]) {
    var labels: [Int] = []
    var codes: [Int] = []
    let offset = batch.rank - own_.rank
    for axis in 0..<own_.rank {
      // An extent of 1 that meets another is left out, which repeats it.
      if own_[axis] == .known(1) && batch[offset + axis] != .known(1) { continue }
      labels.append(3 + offset + axis)
      codes.append(own_.codes[axis])
    }
    codes += array.expr.type.shape.codes.suffix(min(array.rank, 2))
    return (
      Building.reshape(array.expr, to: Shape(codes: codes), site: site), labels + own
    )
  }
  let (left, leftLabels) = operand(x, own: x.rank == 1 ? [0] : [1, 0], batch: leftBatch)
  let (right, rightLabels) = operand(y, own: y.rank == 1 ? [0] : [0, 2], batch: rightBatch)
  var output = (0..<batch.rank).map { 3 + $0 }
  if x.rank > 1 { output.append(1) }
  if y.rank > 1 { output.append(2) }
  return NDArray(
    Building.node(
      .contract(Contraction([leftLabels, rightLabels], to: output)), [left, right],
      name: "matmul", site: site))
}
