import CSuiteSparse
import WeftIR

/// Factors of a square sparse matrix, with which systems are solved.
///
/// A symmetric positive definite matrix is L L^T by CHOLMOD, another one L U by UMFPACK; both in double
/// precision, whatever the matrix has.
///
/// - Source: Chen, Davis, Hager, Rajamanickam, "Algorithm 887: CHOLMOD", ACM TOMS 35 (2008); Davis,
///   "Algorithm 832: UMFPACK V4.3", ACM TOMS 30 (2004).
///
/// `@unchecked Sendable`: the arrays are never written once made, and one thread at a time uses
/// CHOLMOD's workspace.
public final class SparseFactors: @unchecked Sendable {
  /// What asks for them.
  private let operation: String
  /// The number of equations.
  public let order: Int
  private let isComplex: Bool
  private let dtype: DType
  // UMFPACK reads the matrix again to refine solutions.
  private let ends: [Int64]
  private let columns: [Int64]
  private let values: [Double]
  private var triangles: UnsafeMutableRawPointer?
  private var definite: OpaquePointer?
  private let isBusy = Lock(())

  /// Which library made the factors.
  public var method: String { definite == nil ? "UMFPACK" : "CHOLMOD" }

  /// The factors of a matrix stored by rows, whose fill is zero: those of a `general` one at any rate,
  /// or L L^T where that can be.
  ///
  /// - Throws: `singular`; `unusable-executor` where SuiteSparse is missing; `out-of-memory`, also where symbolic
  ///   analysis says that elimination may take more than `mostBytes`.
  init(
    _ rows: MatrixRows, order: Int, _ dtype: DType, for operation: String = "solve",
    isGeneral: Bool = false, mostBytes: Int? = nil
  ) throws(WeftError) {
    try Self.requireLibrary(operation)
    self.operation = operation
    self.order = order
    isComplex = dtype.isComplex
    ends = rows.positions.integers
    columns = rows.coordinates.integers
    values = rows.values.doubles
    guard values.allSatisfy(\.isFinite) else {
      throw WeftError(.value, operation, "the matrix has infinite or NaN elements")
    }
    self.dtype = dtype
    let most = mostBytes.map { Double($0) } ?? .infinity
    if !isGeneral, !isComplex, hasDefiniteLook {
      var factor: OpaquePointer?
      let status = weft_cholmod_factor(Int64(order), ends, columns, values, most, &factor)
      if Int(status) == WEFT_SUITESPARSE_OK {
        definite = factor
        return
      }
      if Int(status) == WEFT_SUITESPARSE_TOO_LARGE { try check(status) }
    }
    let status = weft_umfpack_factor(
      isComplex ? 1 : 0, Int64(order), ends, columns, values, most, &triangles)
    try check(status)
  }

  deinit {
    if let definite { weft_cholmod_free(definite) }
    if triangles != nil { weft_umfpack_free(isComplex ? 1 : 0, &triangles) }
  }

  /// Why SuiteSparse cannot be used; nil when it can. The first use opens it.
  public static let unavailable: String? = weft_suitesparse_open().map { String(cString: $0) }

  private static func requireLibrary(_ operation: String) throws(WeftError) {
    guard let unavailable else { return }
    throw WeftError(
      .unusableExecutor, operation, "a sparse system needs SuiteSparse: \(unavailable)",
      hint: "install it (Debian: apt install libsuitesparse-dev), or call asDense() on the matrix")
  }

  private func check(_ status: Int32) throws(WeftError) {
    switch Int(status) {
    case WEFT_SUITESPARSE_OK: return
    case WEFT_SUITESPARSE_SINGULAR:
      throw WeftError(.singular, operation, "the matrix is singular")
    case WEFT_SUITESPARSE_TOO_LARGE:
      throw WeftError(
        .outOfMemory, operation, "elimination may take more memory than there is room for")
    case WEFT_SUITESPARSE_NO_MEMORY:
      throw WeftError(.outOfMemory, operation, "the factors of the matrix need more memory")
    default: throw WeftError(.internal, operation, "UMFPACK gave up with code \(status)")
    }
  }

  /// Whether the matrix equals its transpose and has a positive diagonal.
  private var hasDefiniteLook: Bool {
    var next = ends
    for row in 0..<order {
      var hasDiagonal = false
      for entry in Int(ends[row])..<Int(ends[row + 1]) {
        let column = Int(columns[entry])
        if column == row { hasDiagonal = values[entry] > 0 }
        // Rows come in order, so that the entries of each column are met in order.
        let mirrored = Int(next[column])
        guard mirrored < Int(ends[column + 1]), columns[mirrored] == Int64(row),
          values[mirrored] == values[entry]
        else { return false }
        next[column] += 1
      }
      if !hasDiagonal { return false }
    }
    return true
  }

  /// The solutions for right-hand sides, the columns of a matrix; in place.
  ///
  /// - Precondition: `sides` has `order` times `count` numbers, a column after the other; two
  ///   doubles each for complex ones.
  func solve(_ sides: inout [Double], count: Int) throws(WeftError) {
    let width = order * (isComplex ? 2 : 1)
    guard width > 0 else { return }
    var found = Array(repeating: 0.0, count: sides.count)
    if let definite {
      let status = isBusy.withLock { _ in
        weft_cholmod_solve(definite, Int64(count), sides, &found)
      }
      try check(status)
    } else {
      for column in 0..<count {
        let status = sides.withUnsafeBufferPointer { b in
          found.withUnsafeMutableBufferPointer { x in
            weft_umfpack_solve(
              isComplex ? 1 : 0, 0, ends, columns, values,
              x.baseAddress.map { $0 + column * width },
              b.baseAddress.map { $0 + column * width }, triangles)
          }
        }
        try check(status)
      }
    }
    sides = found
  }
}

extension SparseFactors {
  /// The determinant.
  ///
  /// - Precondition: the factors are those of a general matrix.
  func determinant() throws(WeftError) -> SparseDeterminant {
    var (re, im, exponent) = (0.0, 0.0, 0.0)
    try check(
      weft_umfpack_determinant(isComplex ? 1 : 0, &re, &im, &exponent, triangles))
    return SparseDeterminant(re: re, im: im, exponent: exponent, dtype)
  }
}

extension SparseRowRunner {
  /// The solution of a system whose matrix is sparse; its factors serve whoever asks again.
  func solved(_ row: Int, _ operands: [Value]) throws -> Buffer {
    let elements = try elements(operands[0])
    guard elements.values.isFinite else {
      return try routineDensely(row, .call(.solve), operands)[0]
    }
    let order = elements.type.shape.codes[0]
    let factors = try elements.derived(SparseFactors.self) { () throws in
      guard let rows = try rows(elements, by: 0).flatMap(MatrixRows.init) else {
        throw WeftError(.tooLarge, "solve", "\(elements.type) has more rows than can be stored")
      }
      kernels.context.counters.add("sparseFactors")
      return try SparseFactors(rows, order: order, elements.type.dtype)
    }
    if layout(row) != nil { return try solvedByEntries(row, factors, operands[1]) }
    return try Self.solution(factors, try whole(operands[1]), type(row), kernels.context)
  }

  /// A system's solution for a dense right-hand side.
  static func solution(
    _ factors: SparseFactors, _ sides: Buffer, _ type: TensorType, _ context: RunContext
  ) throws -> Buffer {
    let count = type.rank < 2 ? 1 : type.shape.codes[1]
    let parts = type.dtype.isComplex ? 2 : 1
    let given = sides.doubles
    if count == 1 {
      var column = given
      try factors.solve(&column, count: 1)
      return try Buffer(doubles: column, type, in: context.memory)
    }
    var columns = Array(repeating: 0.0, count: given.count)
    func move(_ body: (_ row: Int, _ column: Int) -> Void) {
      for i in 0..<factors.order { for j in 0..<count * parts { body(i, j) } }
    }
    move { i, j in
      columns[(j / parts * factors.order + i) * parts + j % parts] = given[i * count * parts + j]
    }
    try factors.solve(&columns, count: count)
    var result = given
    move { i, j in
      result[i * count * parts + j] = columns[(j / parts * factors.order + i) * parts + j % parts]
    }
    return try Buffer(doubles: result, type, in: context.memory)
  }
}

extension SparseFactors {
  /// The factors of a sparse matrix, for `factorized`.
  ///
  /// - Throws: as the first solution with it; `out-of-memory` where that may take more than `mostBytes`.
  public convenience init(
    _ elements: SparseElements, mostBytes: Int? = nil, _ context: RunContext
  ) throws {
    let kernels = SparseKernels(context: context)
    let csr = Layout.csr(fill: elements.fill)
    let rows = try elements.inLayout(csr) { () throws in
      let entries = try kernels.entries(of: elements, order: csr.order, UInt64.self)
      return try kernels.elements(entries, elements.type, csr)
    }
    guard elements.type.rank == 2, !elements.fill.boolValue, let matrix = MatrixRows(rows) else {
      throw WeftError(
        .value, "factorized",
        "\(elements.type) in \(elements.layout) is no matrix of zeros and entries")
    }
    try self.init(
      matrix, order: elements.type.shape.codes[0], elements.type.dtype, mostBytes: mostBytes)
  }

  /// The solution for a right-hand side, a vector or columns.
  public func solution(
    _ sides: Buffer, _ type: TensorType, _ context: RunContext
  ) throws -> Buffer {
    try SparseRowRunner.solution(self, sides, type, context)
  }
}

extension Buffer {
  /// Indices of 64 bits.
  var integers: [Int64] {
    if type.dtype == .int32 {
      let source = base.assumingMemoryBound(to: Int32.self)
      return (0..<count).map { Int64(source[$0]) }
    }
    return Array(UnsafeBufferPointer(start: base.assumingMemoryBound(to: Int64.self), count: count))
  }

  /// Floats in double precision; complex numbers are two.
  var doubles: [Double] {
    let parts = count * (type.dtype.isComplex ? 2 : 1)
    if type.dtype.realPart == .float32 {
      let source = base.assumingMemoryBound(to: Float.self)
      return (0..<parts).map { Double(source[$0]) }
    }
    return Array(
      UnsafeBufferPointer(start: base.assumingMemoryBound(to: Double.self), count: parts))
  }

  convenience init(
    doubles: [Double], _ type: TensorType, in account: MemoryAccount
  ) throws(WeftError) {
    try self.init(allocating: type, in: account)
    if type.dtype.realPart == .float32 {
      let target = base.assumingMemoryBound(to: Float.self)
      for (place, value) in doubles.enumerated() { target[place] = Float(value) }
    } else {
      doubles.withUnsafeBytes { source in
        if let start = source.baseAddress { base.copyMemory(from: start, byteCount: source.count) }
      }
    }
  }
}
