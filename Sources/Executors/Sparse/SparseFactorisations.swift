import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension SparseRowRunner {
  /// The results of a routine of linear algebra of one square sparse matrix.
  ///
  /// A matrix with infinities or NaN, which SuiteSparse refuses, is made dense within the limit.
  func factorised(_ row: Int, _ routine: Routine, _ operands: [Value]) throws -> [Buffer] {
    let elements = try elements(operands[0])
    guard elements.values.isFinite else { return try routineDensely(row, .call(routine), operands) }
    if routine == .det || routine == .slogdet {
      let determinant = try determinant(elements)
      return try zip(
        routine == .det ? [determinant.product] : determinant.parts, graph.types(row)
      ).map { scalar, type in
        let result = try Buffer(allocating: type, in: kernels.context.memory)
        scalar.converted(to: type.dtype).store(to: result.base)
        return result
      }
    }
    if routine == .inv { return [try inverse(row, elements)] }
    return [try cholesky(row, elements, upper: routine == .cholesky(upper: true))]
  }

  /// The dense elements of an operand whose values ask for them, within the limit.
  func densified(_ row: Int, _ operand: Value, because reason: String) throws -> Buffer {
    let (type, limit) = (graph.type(operand), plan.passContext.densifyLimit)
    guard let bytes = type.byteCount, bytes <= limit else {
      let size = type.byteCount.map { "\($0)" } ?? "more than 2^63"
      throw WeftError(
        .wouldDensify, graph.title(of: row),
        "\(reason), for which \(type) must be a dense array of \(size) bytes; the limit is "
          + "\(limit) bytes",
        hint: "raise WEFT_DENSIFY_LIMIT, or replace these elements")
    }
    return try densified(row, operand)
  }

  /// A routine's results from dense arrays, within the limit.
  func routineDensely(_ row: Int, _ op: Op, _ operands: [Value]) throws -> [Buffer] {
    var program = Graph(name: graph.name)
    var inputs: [Buffer] = []
    var parameters: [Value] = []
    for operand in operands {
      let type = graph.type(operand)
      parameters.append(program.addParameter("p\(inputs.count)", type))
      guard plan.layouts[operand].isSparse else {
        inputs.append(try whole(operand))
        continue
      }
      inputs.append(
        try densified(row, operand, because: "the matrix has infinite or NaN elements"))
    }
    let copy = program.add(
      op, parameters, types: Array(graph.types(row)), site: graph.rows[row].site)
    program.outputs = graph.types(row).indices.map {
      Value(row: copy.index, result: $0 - graph.types(row).startIndex)
    }
    let executable = try plan.dense.prepare(program, plan.passContext)
    let results: [Buffer]
    do { results = try executable.run(inputs, kernels.context) } catch {
      guard var error = error as? WeftError, error.code == .singular else { throw error }
      error.message += ", and has infinite or NaN elements"
      throw error
    }
    guard let layout = layout(row), let result = results.first else { return results }
    let type = type(row)
    try result.load()
    return [
      try compressed(
        result, type, layout.filled((layout.fill ?? Scalar(false)).converted(to: type.dtype)),
        UInt64.self)
    ]
  }

  // MARK: - Determinants

  private func determinant(_ elements: SparseElements) throws -> SparseDeterminant {
    let order = elements.type.shape.codes[0]
    return try elements.derived(SparseDeterminant.self) { () throws in
      guard let rows = try rows(elements, by: 0).flatMap(MatrixRows.init) else {
        throw tooMany(elements)
      }
      kernels.context.counters.add("sparseFactors")
      do {
        return try SparseFactors(
          rows, order: order, elements.type.dtype, for: "det", isGeneral: true
        ).determinant()
      } catch {
        guard (error as? WeftError)?.code == .singular else { throw error }
        return SparseDeterminant(re: 0, im: 0, exponent: 0, elements.type.dtype)
      }
    }
  }

  private func tooMany(_ elements: SparseElements) -> WeftError {
    WeftError(.tooLarge, "factor", "\(elements.type) has more rows than can be stored")
  }

  // MARK: - The inverse

  /// The inverse by rows: the rows are solutions with the transpose.
  ///
  /// - Throws: `would-densify`, as `solutions`: the inverse of a connected matrix stores nearly all elements.
  private func inverse(_ row: Int, _ elements: SparseElements) throws -> Buffer {
    let (type, order) = (elements.type, elements.type.shape.codes[0])
    guard let turned = try rows(elements, by: 1).flatMap(MatrixRows.init) else {
      throw tooMany(elements)
    }
    kernels.context.counters.add("sparseFactors")
    // The rows of the transpose are the columns.
    let factors = try SparseFactors(turned, order: order, type.dtype, for: "inv")
    let found = try solutions(
      row, factors, type.dtype, count: order,
      hint: "solve(a, b) needs no inverse; factorized(a) keeps the factors"
    ) { (places: [$0], numbers: type.dtype.isComplex ? [1, 0] : [1]) }
    return buffer(try byRows(type, found.ends, found.places, found.values))
  }

  // MARK: - Cholesky

  private func cholesky(
    _ row: Int, _ elements: SparseElements, upper: Bool
  ) throws -> Buffer {
    // The lower triangle of the conjugate transpose is the upper one.
    guard let matrix = try rows(elements, by: upper ? 1 : 0).flatMap(MatrixRows.init) else {
      throw tooMany(elements)
    }
    do {
      return elements.type.dtype.isComplex
        ? try cholesky(matrix, elements.type, upper: upper, SparsePair<Double>.self)
        : try cholesky(matrix, elements.type, upper: upper, Double.self)
    } catch is NotDefinite {
      throw WeftError(.notPositiveDefinite, "cholesky", "the matrix is not positive definite")
    }
  }

  private func cholesky<Element: FactorElement>(
    _ matrix: MatrixRows, _ type: TensorType, upper: Bool, _: Element.Type
  ) throws -> Buffer {
    let order = type.shape.codes[0]
    let factor = try SparseCholesky<Element>(order: order, token: kernels.context.token) { row in
      let entries = matrix.end(row)..<matrix.end(row + 1)
      return (
        entries.map { matrix.coordinate($0) },
        entries.map {
          let element = Element(matrix.values.scalar(at: $0))
          return upper ? element.conjugate : element
        }
      )
    }
    let values = try kernels.values(factor.values.count, type.dtype)
    for (place, value) in factor.values.enumerated() {
      (upper ? value.conjugate : value).scalar(type.dtype)
        .store(to: values.base + place * type.dtype.itemSize)
    }
    return buffer(
      try byRows(type, factor.ends, factor.columns, values, isTransposed: upper))
  }

  /// A matrix by rows, or by columns, from the arrays of its levels.
  func byRows(
    _ type: TensorType, _ ends: [Int], _ columns: [Int], _ values: Buffer,
    isTransposed: Bool = false
  ) throws -> SparseElements {
    let dtype = SparseElements.indexDType(type.shape.codes, count: columns.count)
    func list(_ numbers: [Int]) throws -> Buffer {
      let buffer = try kernels.values(numbers.count, dtype)
      for (place, number) in numbers.enumerated() {
        Scalar(Int64(number), dtype).store(to: buffer.base + place * dtype.itemSize)
      }
      return buffer
    }
    let zero = Scalar(0 as Int64, type.dtype)
    return SparseElements(
      type, isTransposed ? .csc(fill: zero) : .csr(fill: zero),
      levels: [
        .dense, .compressed(positions: try list(ends), coordinates: try list(columns)),
      ],
      values: values)
  }
}

/// A determinant as a number from 1 to 10 in magnitude, or 0, times a power of ten.
struct SparseDeterminant: Sendable {
  private let re: Double
  private let im: Double
  private let exponent: Double
  private let dtype: DType

  init(re: Double, im: Double, exponent: Double, _ dtype: DType) {
    (self.re, self.im, self.exponent, self.dtype) = (re, im, exponent, dtype)
  }

  /// The determinant itself.
  var product: Scalar {
    let scale = pow(10, exponent)
    return Scalar(re * scale, im * scale, dtype.isComplex ? .complex128 : .float64)
  }

  /// Its sign and the logarithm of its magnitude.
  var parts: [Scalar] {
    let size = (re * re + im * im).squareRoot()
    let wide: DType = dtype.isComplex ? .complex128 : .float64
    if size == 0 { return [Scalar(0.0, 0, wide), Scalar(-Double.infinity, .float64)] }
    return [
      Scalar(re / size, im / size, wide),
      Scalar(log(size) + exponent * log(10), .float64),
    ]
  }
}
