import WeftIR
import WeftSparse

/// Factors of a sparse matrix, with which many systems are solved.
///
/// Symmetric positive definite matrices are factored by CHOLMOD, others by UMFPACK.
///
/// ```swift
/// let a: NDArray = [[4, 1], [1, 3]]
/// let factors = try factorized(a.asSparse(.csr))
/// round(factors.solve([1, 2]) * 11, decimals: 9)  // [1. 7.]
/// factors.method  // CHOLMOD
/// ```
public struct FactoredSystem: Sendable {
  private let factors: SparseFactors
  private let dtype: DType
  /// The number under which programs find the factors while somebody holds this array.
  let handle: NDArray

  fileprivate init(_ factors: SparseFactors, _ dtype: DType) {
    self.factors = factors
    self.dtype = dtype
    handle = FactorTable.handle(for: factors)
  }

  /// The number of equations.
  public var order: Int { factors.order }
  /// The library that made the factors.
  public var method: String { factors.method }

  /// The x with A x = b; lazy.
  ///
  /// - Shape: `[n]` to `[n]`, `[n, k]` to `[n, k]`.
  /// - DType: the matrix's; a complex b with a real matrix is an error.
  /// - Throws: from `compute()`: `shape-mismatch`, `dtype`.
  /// - NumPy: none; `solve` of `scipy.sparse.linalg.splu`.
  ///
  /// ```swift
  /// let factors = try factorized(eye(2).asSparse(.csr))
  /// factors.solve([[1, 2], [3, 4]])
  /// // [[1. 2.]
  /// //  [3. 4.]]
  /// ```
  public func solve(
    _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    Self.solution(handle, b, order: order, dtype, Call("solve", file, line))
  }

  /// The x with A x = b, for the factors that a handle stands for.
  static func solution(
    _ handle: NDArray, _ b: NDArray, order: Int, _ dtype: DType, _ call: Call
  ) -> NDArray {
    call.build([b]) { () throws(WeftError) in
      guard (1...2).contains(b.rank), b.shape[0] == order else {
        throw call.error(
          .shapeMismatch, "the right-hand side is \(b.expr.type), the matrix has \(order) rows")
      }
      if b.dtype.isComplex, !dtype.isComplex {
        throw call.error(.dtype, "the right-hand side is \(b.expr.type), the matrix \(dtype)")
      }
      let sides = b.strong.converted(to: dtype, site: call.site)
      return call.node(.call(FactorTable.routine), handle, sides)
    }
  }
}

/// The factors of a sparse matrix.
///
/// - Shape: `[n, n]`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`; `singular`; `unusable-executor` where SuiteSparse is missing.
/// - NumPy: none; `scipy.sparse.linalg.factorized`, `splu`.
///
/// ```swift
/// let a: NDArray = [[0, 2], [1, 0]]
/// try factorized(a.asSparse()).solve([4, 5])  // [5. 2.]
/// ```
public func factorized(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> FactoredSystem {
  try factorized(a, Call("factorized", file, line))
}

/// As the public function; `out-of-memory` where symbolic analysis says that elimination may take more than
/// `mostBytes`.
func factorized(
  _ a: NDArray, mostBytes: Int? = nil, _ call: Call
) throws(WeftError) -> FactoredSystem {
  if let error = a.expr.error { throw error }
  guard a.rank == 2, a.shape[0] == a.shape[1] else {
    throw call.error(.notSquare, "\(a.expr.type) is not square")
  }
  let dtype: DType
  switch a.dtype {
  case .float32, .float64, .complex64, .complex128: dtype = a.dtype
  case .float16, .bfloat16: throw call.error(.dtype, "is not defined for \(a.expr.type)")
  default: dtype = .float64
  }
  let matrix = a.strong.converted(to: dtype, site: call.site)
  let isStored = try matrix.layout().isDense ? false : matrix.fillValue()?.boolValue == false
  let stored = isStored ? matrix : matrix.asDense().asSparse(.csr)
  // Executors without sparse storage would make it dense.
  let buffer = try Session.current.with(executor: "sparse").evaluate([stored.expr])[0]
  guard let elements = buffer.sparse else {
    throw call.error(.internal, "the matrix is stored densely")
  }
  let factors = try Session.current.sparseContext {
    try SparseFactors(elements, mostBytes: mostBytes, $0)
  }
  return FactoredSystem(factors, dtype)
}

/// The factors that programs solve with, by number: programs are those of all factors, and take the number as an
/// array.
private enum FactorTable {
  private struct Content {
    var last = 0
    var factors: [Int: SparseFactors] = [:]
  }

  private static let content = Lock(Content())

  /// An array of a number under which the factors are found as long as somebody holds it.
  static func handle(for factors: SparseFactors) -> NDArray {
    let number = content.withLock { content in
      content.last += 1
      content.factors[content.last] = factors
      return content.last
    }
    let cell = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
    cell.initialize(to: Int64(number))
    let address = UInt(bitPattern: cell)
    return NDArray(
      Buffer(wrapping: cell, type: TensorType(.int64, Shape([1]))) {
        // Factors are let go outside the lock.
        let last = content.withLock { $0.factors.removeValue(forKey: number) }
        UnsafeMutablePointer<Int64>(bitPattern: address)?.deallocate()
        withExtendedLifetime(last) {}
      })
  }

  static let routine = Routine(
    "factored_solve", arity: 2,
    body: { _, operands, context in
      try operands[0].load()
      try operands[1].load()
      let number = operands[0].base.load(as: Int.self)
      guard let factors = content.withLock({ $0.factors[number] }) else {
        throw WeftError(.internal, "solve", "there are no factors of number \(number)")
      }
      return [try factors.solution(operands[1], operands[1].type, context)]
    }
  ) { types in [types[1]] }
}
