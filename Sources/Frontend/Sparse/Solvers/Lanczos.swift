import WeftExecution
import WeftIR
import WeftPasses

/// Which eigenvalues are asked for; scripts have SciPy's two letters.
public enum EigenvalueChoice: String, Hashable, Sendable, CaseIterable {
  /// Those of greatest magnitude.
  case largestMagnitude = "LM"
  /// Those of least magnitude.
  case smallestMagnitude = "SM"
  /// The greatest.
  case largest = "LA"
  /// The least.
  case smallest = "SA"
  /// Half of them from either end.
  case bothEnds = "BE"

  /// The places of the values that are wanted most, the most wanted first.
  func order(_ values: [Double]) -> [Int] {
    let places = Array(values.indices)
    switch self {
    case .largestMagnitude:
      return places.sorted { abs(values[$0]) > abs(values[$1]) }
    case .smallestMagnitude:
      return places.sorted { abs(values[$0]) < abs(values[$1]) }
    case .largest: return places.sorted { values[$0] > values[$1] }
    case .smallest: return places.sorted { values[$0] < values[$1] }
    case .bothEnds:
      let ascending = places.sorted { values[$0] < values[$1] }
      return places.map { n in
        n % 2 == 0 ? ascending[ascending.count - 1 - n / 2] : ascending[n / 2]
      }
    }
  }
}

/// Some eigenvalues, in ascending order, and eigenvectors, as columns, of a Hermitian matrix.
///
/// - Shape: `[n, n]` or an operator gives `[k]` and `[n, k]`; k below n.
/// - DType: float or complex; integers convert to float64.
/// - Throws: as `compute()`; `not-square`; `value` for a wrong k; `no-convergence` after
///   `maxIterations` restarts.
/// - Accuracy: residuals of at most `tolerance` times the eigenvalue, or the dtype's rounding times the
///   norm of the matrix.
/// - NumPy: none; `scipy.sparse.linalg.eigsh`. What is asked for at one end is found soon, the
///   least magnitudes slowly: there the solution with a factored matrix is the better operator.
/// - Source: Lanczos with thick restarts, Wu and Simon, SIAM J. Matrix Anal. Appl. 22 (2000) 602,
///   all vectors kept orthogonal; `basis` is the most of them, 2 k + 36 unless given.
///
/// ```swift
/// let a = diag(arange(1, 41)).asType(.float64).asSparse(.csr)
/// let found = try eigsh(a, count: 3)
/// round(found.values, decimals: 8)  // [38. 39. 40.]
/// ```
public func eigsh(
  _ a: NDArray, count k: Int = 6, which: EigenvalueChoice = .largestMagnitude,
  start: NDArray? = nil, basis: Int? = nil, maxIterations: Int? = nil, tolerance: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
  try eigsh(
    LinearOperator(a, Call("eigsh", file, line)), count: k, which: which, start: start,
    basis: basis, maxIterations: maxIterations, tolerance: tolerance, file: file, line: line)
}

/// As `eigsh` of a matrix, for an operator.
///
/// - Shape: `[n, n]` gives `[k]` and `[n, k]`.
/// - DType: the operator's; eigenvalues are real.
/// - Throws: as for a matrix.
/// - NumPy: none; `scipy.sparse.linalg.eigsh` of a `LinearOperator`.
///
/// ```swift
/// let scaled = LinearOperator(shape: [30, 30], dtype: .float64) { arange(30) * $0 }
/// round(try eigsh(scaled, count: 2).values, decimals: 8)  // [28. 29.]
/// ```
public func eigsh(
  _ a: LinearOperator, count k: Int = 6, which: EigenvalueChoice = .largestMagnitude,
  start: NDArray? = nil, basis: Int? = nil, maxIterations: Int? = nil, tolerance: Double = 0,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
  let call = Call("eigsh", file, line)
  try a.requireSquare(call)
  let order = a.shape[0]
  guard k > 0, k < order else {
    throw call.error(.value, "\(k) eigenvalues of a matrix of order \(order), expected 1 to n - 1")
  }
  let width = min(order, max(basis ?? 2 * k + LanczosRun.room, k + 1))
  var lanczos = try LanczosRun(a, start: start, call)
  for _ in 0..<(maxIterations ?? 10 * order) {
    let pairs = try lanczos.expanded(to: width)
    let wanted = which.order(pairs.values)
    let greatest = pairs.values.reduce(0) { max($0, abs($1)) }
    let done = wanted.prefix(k).count {
      pairs.residuals[$0] <= max(tolerance * abs(pairs.values[$0]), a.dtype.rounding * greatest)
    }
    if done >= k || lanczos.isWhole {
      let chosen = wanted.prefix(k).sorted { pairs.values[$0] < pairs.values[$1] }
      return try lanczos.vectors(pairs, chosen)
    }
    // More than is asked for is kept, half of what has come beside it.
    let kept = min(k + max(done, (width - k) / 2), width - 1)
    try lanczos.restart(pairs, Array(wanted.prefix(kept)))
  }
  throw call.error(
    .noConvergence, "no \(k) eigenvalues within \(maxIterations ?? 10 * order) restarts",
    hint: "a larger basis, or a looser tolerance")
}

/// A Lanczos factorisation: A V = V T + r e^T, with V orthonormal and T real, symmetric: tridiagonal but
/// for what a restart leaves.
///
/// Several steps are one program, so that each is planned once: V is a list of blocks of rows, and
/// what a program makes is the next block.
private struct LanczosRun {
  /// How many vectors more than twice those that are asked for. With 48 in place of 20 six ends of a
  /// spectrum take a fifth of the products, and half of the work to keep vectors orthogonal.
  static let room = 36
  /// The steps of a program: planning one takes longer the more products it has.
  private static let steps = 4

  private let matrix: LinearOperator
  /// Who computes: of a matrix without the search for cheaper products, which would take longer than they.
  private let session: Session
  /// The rows of V.
  private var blocks: [NDArray] = []
  /// T, row by row; the last row and column are those of `next` as far as they are known.
  private var triangle: [[Double]] = []
  /// The vector behind V, of length 1.
  private var next: NDArray
  /// What A times `next` has along V: a number for each row of the only block after a restart, or the
  /// length of what was left before `next`, which the last row has it along.
  private var coupling: Coupling = .none
  /// The length of what is left of the last product.
  private var length = 0.0
  private func computed(_ arrays: [NDArray]) throws(WeftError) -> [NDArray] {
    let outcome = session.with { Result { () throws(WeftError) in try compute(arrays) } }
    return try outcome.get()
  }

  /// Whether the basis is one of the whole space.
  var isWhole: Bool { count >= matrix.shape[0] }

  private enum Coupling {
    case none
    case rows([Double])
    case last(NDArray, Double)

    /// The greatest number in magnitude.
    var size: Double {
      switch self {
      case .none: 0
      case .rows(let parts): parts.map(abs).max() ?? 0
      case .last(_, let length): length
      }
    }
  }

  /// Eigenvalues of T, its eigenvectors by rows, and how far each is from one of A.
  struct Pairs {
    let values: [Double]
    let vectors: NDArray
    let last: [Double]
    let residuals: [Double]
  }

  init(_ matrix: LinearOperator, start: NDArray?, _ call: Call) throws(WeftError) {
    self.matrix = matrix
    var session = Session.current
    if matrix.isMatrix { session.disabledPasses.insert(Pass.contractions.name) }
    self.session = session
    let order = matrix.shape[0]
    let first: NDArray
    if let start {
      guard start.count == order else {
        throw call.error(
          .shapeMismatch, "the start is \(start.expr.type), expected \(order) elements")
      }
      first = start.reshaped([order]).asType(matrix.dtype)
    } else {
      // Numbers without a pattern that some eigenvector might be orthogonal to.
      first = (sin(arange(1, order + 1).asType(.float64) * 12.9898) + 0.1).asType(matrix.dtype)
    }
    next = try (first / first.length).compute()
  }

  private var count: Int { triangle.count }

  mutating func expanded(to width: Int) throws(WeftError) -> Pairs {
    while count < width {
      let steps = min(Self.steps, width - count)
      if try !advance(by: steps, passes: 1) { _ = try advance(by: steps, passes: 2) }
    }
    let found = eigh(NDArray(triangle.flatMap { $0 }).reshaped([count, count]))
    let results: [NDArray] = try compute([
      found.values, found.vectors.T.asType(matrix.dtype), found.vectors[count - 1],
    ])
    let last: [Double] = try results[2].toArray()
    return Pairs(
      values: try results[0].toArray(), vectors: results[1], last: last,
      residuals: last.map { abs($0) * length })
  }

  /// Makes the next vectors; false, with nothing changed, where one pass leaves them not orthogonal.
  ///
  /// A pass takes out parts along all vectors; what the recurrence has not taken out is rounding, unless
  /// little is left of a product.
  private mutating func advance(by steps: Int, passes: Int) throws(WeftError) -> Bool {
    var vector = next
    var loose: [NDArray] = []
    var numbers: [NDArray] = []
    var coupled: NDArray? =
      switch coupling {
      case .none: nil
      case .rows(let parts): NDArray(parts).asType(matrix.dtype) • blocks[0]
      // An array, not a number: plans hold numbers.
      case .last(let row, let length): row * NDArray([length]).asType(matrix.dtype)
      }
    for _ in 0..<steps {
      let image = matrix.multiply(vector)
      let own = real(vector.inner(image))
      var rest = image - own * vector
      if let coupled { rest = rest - coupled }
      let before = rest.length
      loose.append(vector)
      for _ in 0..<passes { rest = without(loose, rest) }
      let length = rest.length
      numbers += [own, before, length].map { $0.asType(.float64) }
      coupled = length * vector
      vector = rest / length
    }
    let results = try computed([stack(numbers), stack(loose), vector])
    let found: [Double] = try results[0].toArray()
    // The step whose product lies in what is there already, but for rounding.
    var used = steps
    var isLost = false
    for step in 0..<steps {
      let (own, before, length) = (found[3 * step], found[3 * step + 1], found[3 * step + 2])
      let beside = step == 0 ? coupling.size : found[3 * step - 1]
      if length <= max(abs(own), beside) * matrix.dtype.rounding * 4 || length == 0 {
        (used, isLost) = (step + 1, true)
        break
      }
      if passes == 1, length < before / 2 { return false }
    }
    for step in 0..<used {
      grow(by: found[3 * step], beside: step == 0 ? nil : found[3 * step - 1])
    }
    blocks.append(used < steps ? try results[1][..<used].compute() : results[1])
    if isLost {
      length = 0
      coupling = .none
      next = try fresh()
    } else {
      length = found[3 * used - 1]
      coupling = .last(try results[1][used - 1].compute(), length)
      next = results[2]
    }
    return true
  }

  /// A vector of length 1 that is orthogonal to all others; zero where there is none.
  private func fresh() throws(WeftError) -> NDArray {
    let order = matrix.shape[0]
    guard count < order else { return next }
    let numbers = sin(arange(1, order + 1).asType(.float64) * (12.9898 + Double(count)))
    var vector = numbers.asType(matrix.dtype)
    for _ in 0..<3 { vector = without([], vector / vector.length) }
    return try (vector / vector.length).compute()
  }

  /// A vector without its parts along all others.
  private func without(_ loose: [NDArray], _ vector: NDArray) -> NDArray {
    var rest = vector
    for block in blocks { rest = rest - (block.conjugated • vector) • block }
    for other in loose { rest = rest - other.inner(vector) * other }
    return rest
  }

  /// Adds a row and column to T.
  private mutating func grow(by own: Double, beside: Double?) {
    var row = Array(repeating: 0.0, count: count)
    if let beside {
      row[count - 1] = beside
    } else {
      switch coupling {
      case .none: break
      case .rows(let parts): row = parts
      case .last(_, let length): row[count - 1] = length
      }
    }
    for place in triangle.indices { triangle[place].append(row[place]) }
    triangle.append(row + [own])
  }

  /// Goes on with some of the eigenvectors in place of the basis.
  mutating func restart(_ pairs: Pairs, _ kept: [Int]) throws(WeftError) {
    let rows = try computed([combined(pairs, kept)])[0]
    triangle = kept.indices.map { n in
      kept.indices.map { $0 == n ? pairs.values[kept[n]] : 0 }
    }
    coupling = .rows(kept.map { pairs.last[$0] * length })
    blocks = [rows]
  }

  /// Some of T's eigenvectors as vectors of the whole space, by rows.
  private func combined(_ pairs: Pairs, _ chosen: [Int]) -> NDArray {
    let parts = take(pairs.vectors, NDArray(chosen.map { Int64($0) }), axis: 0)
    var first = 0
    var sum: NDArray?
    for block in blocks {
      let count = block.shape[0] ?? 0
      let part = parts[.all, first..<first + count] • block
      sum = sum.map { $0 + part } ?? part
      first += count
    }
    return sum ?? parts
  }

  /// Some eigenvalues with vectors as columns.
  func vectors(
    _ pairs: Pairs, _ chosen: [Int]
  ) throws(WeftError) -> (values: NDArray, vectors: NDArray) {
    let values = NDArray(chosen.map { pairs.values[$0] }).asType(matrix.dtype.realPart)
    let results: [NDArray] = try compute([values, combined(pairs, chosen).T])
    return (results[0], results[1])
  }
}
