import CSuiteSparse
import WeftIR

extension SparseRowRunner {
  /// The least-squares solutions for a sparse matrix, their residuals, the rank, and singular values that are none.
  ///
  /// A matrix of full rank is Q R by SPQR: the solution of a tall one comes from there, the shortest one of a wide one
  /// from A^H = Q R, refined. Others are made dense, within the limit.
  ///
  /// - Source: Davis, "Algorithm 915: SuiteSparseQR", ACM TOMS 38 (2011); the shortest solution by seminormal
  ///   equations with refinement, Bjorck, Linear Algebra Appl. 88 (1987) 31.
  func leastSquares(_ row: Int, _ operands: [Value]) throws -> [Buffer] {
    let elements = try elements(operands[0])
    let sides = try whole(operands[1])
    try sides.load()
    guard weft_spqr_open() == nil, elements.values.isFinite,
      let found = try fullRank(elements, sides)
    else { return try routineDensely(row, .call(.sparseLstsq), operands) }
    let types = Array(graph.types(row))
    let memory = kernels.context.memory
    let rank = try Buffer(allocating: types[2], in: memory)
    Scalar(Int64(min(elements.type.shape.codes[0], elements.type.shape.codes[1])), .int64)
      .store(to: rank.base)
    let count = types[3].shape.codes[0]
    return [
      try Buffer(doubles: found.solution, types[0], in: memory),
      try Buffer(doubles: found.residuals, types[1], in: memory), rank,
      try Buffer(doubles: Array(repeating: .nan, count: count), types[3], in: memory),
    ]
  }

  /// Solutions row by row, and the squares of what they leave; nil where the rank is not full.
  private func fullRank(
    _ elements: SparseElements, _ sides: Buffer
  ) throws -> (solution: [Double], residuals: [Double])? {
    let (rows, columns) = (elements.type.shape.codes[0], elements.type.shape.codes[1])
    let isTall = rows >= columns
    let isComplex = elements.type.dtype.isComplex
    let parts = isComplex ? 2 : 1
    let count = sides.type.shape.codes[1]
    // By columns, of a wide matrix the conjugate transpose.
    guard let matrix = try self.rows(elements, by: isTall ? 1 : 0).flatMap(MatrixRows.init) else {
      return nil
    }
    let (ends, places) = (matrix.positions.integers, matrix.coordinates.integers)
    var values = matrix.values.doubles
    if isComplex, !isTall {
      for n in stride(from: 1, to: values.count, by: 2) { values[n].negate() }
    }
    let given = sides.doubles
    /// Between numbers row by row and column by column.
    func turned(_ numbers: [Double], _ height: Int, byColumns: Bool) -> [Double] {
      var result = Array(repeating: 0.0, count: numbers.count)
      for i in 0..<height {
        for j in 0..<count * parts {
          let (row, column) = (
            i * count * parts + j, ((j / parts) * height + i) * parts + j % parts
          )
          result[byColumns ? column : row] = numbers[byColumns ? row : column]
        }
      }
      return result
    }
    let b = turned(given, rows, byColumns: true)
    var x = Array(repeating: 0.0, count: columns * count * parts)
    var rank: Int64 = 0
    let solve = isTall ? weft_spqr_solve : weft_spqr_least
    let (tall, short) = (Int64(max(rows, columns)), Int64(min(rows, columns)))
    kernels.context.counters.add("sparseFactors")
    let status = solve(
      isComplex ? 1 : 0, tall, short, ends, places, values, Int64(count), b, &x, &rank)
    guard Int(status) == WEFT_SUITESPARSE_OK else {
      throw WeftError(.outOfMemory, "lstsq", "the factors of the matrix need more memory")
    }
    guard rank == short, x.allSatisfy(\.isFinite) else { return nil }
    // A tall matrix is stored by columns here, a wide one by rows, conjugated.
    var left = b
    for side in 0..<count {
      for outer in 0..<Int(short) {
        for entry in Int(ends[outer])..<Int(ends[outer + 1]) {
          let inner = Int(places[entry])
          let (row, column) = isTall ? (inner, outer) : (outer, inner)
          let (target, source) = (
            (side * rows + row) * parts, (side * columns + column) * parts
          )
          guard isComplex else {
            left[target] -= values[entry] * x[source]
            continue
          }
          let (re, im) = (values[2 * entry], (isTall ? 1 : -1) * values[2 * entry + 1])
          left[target] -= re * x[source] - im * x[source + 1]
          left[target + 1] -= re * x[source + 1] + im * x[source]
        }
      }
    }
    let width = rows * parts
    let residuals = (0..<count).map { side in
      left[side * width..<(side + 1) * width].reduce(0) { $0 + $1 * $1 }
    }
    return (turned(x, columns, byColumns: false), residuals)
  }
}
