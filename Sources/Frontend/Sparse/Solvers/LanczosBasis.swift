import WeftExecution
import WeftIR

/// A Lanczos factorisation: A V = V T + r e^T, with V orthonormal and T real, symmetric: tridiagonal but
/// for what a restart leaves.
///
/// Some steps are one program, compiled once for each number of vectors: the recurrence, and then one pass that
/// takes out what rounding has left in all of them along V and along each other. Vectors that obey the
/// recurrence have parts along V that obey it too, so that taking them out of all at once leaves T as it
/// is, but for the squares of these parts; where they are too large for that, steps are fewer.
///
/// - Source: the growth of these parts, Simon, Math. Comp. 42 (1984) 115; taking them out of neighbours at
///   once, Grcar, Analyses of the Lanczos algorithm, 1981.
struct LanczosBasis {
  /// The most steps of a program.
  static let mostSteps = 8

  private let matrix: LinearOperator
  private let session: Session
  /// The rows of V, and the vector behind them, of length 1.
  private var rows: NDArray
  /// T, row by row; the last row and column are those of the vector behind V as far as they are known.
  private var triangle: [[Double]] = []
  private var coupling: Coupling = .last(0)
  private var steps = Self.mostSteps
  private var programs: [Steps: CompiledFunction<[NDArray], [NDArray]>] = [:]
  /// How many starts there were.
  private var starts = 1

  /// What A times the vector behind V has along V.
  private enum Coupling {
    /// A number for each row.
    case rows([Double])
    /// The length of what was left before it, along the last row.
    case last(Double)

    /// The greatest number in magnitude.
    var size: Double {
      switch self {
      case .rows(let parts): parts.map(abs).max() ?? 0
      case .last(let length): abs(length)
      }
    }
  }

  /// What tells programs apart.
  private struct Steps: Hashable {
    let count: Int
    let couplesRows: Bool
  }

  /// Eigenvalues of T, its eigenvectors by rows, and how far each is from one of A.
  struct Pairs {
    let values: [Double]
    let vectors: NDArray
    let last: [Double]
    let residuals: [Double]
  }

  /// A basis without vectors.
  init(_ matrix: LinearOperator, start: NDArray?, _ call: Call) throws(WeftError) {
    self.matrix = matrix
    session = matrix.session
    let order = matrix.shape[0]
    let first: NDArray
    if let start {
      guard start.count == order else {
        throw call.error(
          .shapeMismatch, "the start is \(start.expr.type), expected \(order) elements")
      }
      first = start.reshaped([order]).asType(matrix.dtype)
    } else {
      first = Self.numbers(0, order, matrix.dtype)
    }
    rows = try (first / first.length).reshaped([1, order]).compute()
  }

  /// The order of the matrix.
  var order: Int { matrix.shape[0] }
  var dtype: DType { matrix.dtype }
  var rounding: Double { matrix.dtype.rounding }
  /// The number of vectors.
  var count: Int { triangle.count }
  /// Whether the basis is one of the whole space.
  var isWhole: Bool { count >= order }

  /// Numbers without a pattern that some eigenvector might be orthogonal to.
  private static func numbers(_ start: Int, _ order: Int, _ dtype: DType) -> NDArray {
    (sin(arange(1, order + 1).asType(.float64) * (12.9898 + Double(start))) + 0.1).asType(dtype)
  }

  // MARK: - Steps

  /// Adds vectors until there are so many, and tells what they say of the eigenvalues.
  mutating func expanded(to width: Int) throws(WeftError) -> Pairs {
    while count < min(width, order) {
      // Up to a multiple, so that programs are those of other restarts.
      let most = min(Self.mostSteps - count % Self.mostSteps, min(width, order) - count)
      try advance(by: min(steps, most))
    }
    let found = eigh(NDArray(triangle.flatMap { $0 }).reshaped([count, count]))
    let results = try session.computed([
      found.values, found.vectors.T.asType(matrix.dtype), found.vectors[count - 1],
    ])
    let last: [Double] = try results[2].toArray()
    let length = coupling.size
    return Pairs(
      values: try results[0].toArray(), vectors: results[1], last: last,
      residuals: last.map { abs($0) * length })
  }

  /// The program that makes the next vectors.
  ///
  /// Of the vectors with the one behind them, and what the latter is coupled by, it makes T's numbers (diagonal,
  /// lengths, greatest parts that were left), and all vectors.
  private func program(_ key: Steps) -> CompiledFunction<[NDArray], [NDArray]> {
    let multiply = matrix.multiply
    return compile { (arguments: [NDArray]) -> [NDArray] in
      let (rows, coupling) = (arguments[0], arguments[1])
      let count = rows.shape[0] ?? 0
      var vector = rows[count - 1]
      var coupled: NDArray? =
        count == 1
        ? nil : key.couplesRows ? coupling • rows[..<(count - 1)] : coupling * rows[count - 2]
      var (own, lengths, made): ([NDArray], [NDArray], [NDArray]) = ([], [], [])
      for _ in 0..<key.count {
        let image = multiply(vector)
        let part = real(vector.inner(image))
        var rest = image - part * vector
        if let coupled { rest = rest - coupled }
        if key.count == 1 {
          for _ in 0..<2 { rest = rest - (rows.conjugated • rest) • rows }
        }
        let length = rest.length
        own.append(part)
        lengths.append(length)
        coupled = length * vector
        vector = rest.scaledToLength(length)
        made.append(vector)
      }
      let fresh = stack(made)
      let along = fresh • rows.conjugated.T
      let among = tril(fresh • fresh.conjugated.T, offset: -1)
      let clean = fresh - along • rows - among • fresh
      let left = maximum(abs(along).max(axis: 1), abs(among).max(axis: 1))
      let numbers = concatenate([stack(own + lengths), left]).asType(.float64)
      return [numbers, concatenate([rows, clean])]
    }
  }

  /// Makes the next vectors, or finds that these must be fewer.
  private mutating func advance(by steps: Int) throws(WeftError) {
    let argument: [Double]
    let couplesRows: Bool
    switch coupling {
    case .rows(let parts): (argument, couplesRows) = (parts, true)
    case .last(let length): (argument, couplesRows) = ([length], false)
    }
    let key = Steps(count: steps, couplesRows: couplesRows)
    let program = programs[key] ?? program(key)
    programs[key] = program
    let arguments = [rows, try NDArray(argument).asType(matrix.dtype).compute()]
    let results = try session.results(of: program, arguments)
    let numbers: [Double] = try results[0].toArray()
    let (own, lengths) = (Array(numbers[..<steps]), Array(numbers[steps..<2 * steps]))
    let left = numbers[(2 * steps)...].map { $0 }
    // The steps that stand, and whether the last product lies in what is there already, but for rounding.
    var used = steps
    var isLost = false
    for step in 0..<steps {
      let beside = step == 0 ? coupling.size : lengths[step - 1]
      if !(lengths[step] > max(abs(own[step]), beside) * rounding * 4) {
        (used, isLost) = (step + 1, true)
        break
      }
      if steps > 1, !(left[step] <= rounding.squareRoot() / 20) {
        used = step
        break
      }
    }
    if used == 0 {
      self.steps = 1
      return
    }
    if used < steps, !isLost { self.steps = used }
    let before = count
    for step in 0..<used { grow(by: own[step], beside: step == 0 ? nil : lengths[step - 1]) }
    if isLost {
      rows = try results[1][..<(before + used)].compute()
      coupling = .last(0)
      rows = try concatenate([rows, fresh().reshaped([1, order])]).compute()
    } else {
      rows = used < steps ? try results[1][..<(before + used + 1)].compute() : results[1]
      coupling = .last(lengths[used - 1])
    }
  }

  /// A vector of length 1 that is orthogonal to all others; zero where there is none.
  private mutating func fresh() throws(WeftError) -> NDArray {
    guard count < order else { return zeros([order], dtype: matrix.dtype) }
    var vector = Self.numbers(starts, order, matrix.dtype)
    starts += 1
    for _ in 0..<3 {
      vector = vector / vector.length
      vector = vector - (rows.conjugated • vector) • rows
    }
    return try session.computed([vector / vector.length])[0]
  }

  /// Adds a row and column to T.
  private mutating func grow(by own: Double, beside: Double?) {
    var row = Array(repeating: 0.0, count: count)
    if let beside {
      row[count - 1] = beside
    } else {
      switch coupling {
      case .rows(let parts): row = parts
      case .last(let length): if count > 0 { row[count - 1] = length }
      }
    }
    for place in triangle.indices { triangle[place].append(row[place]) }
    triangle.append(row + [own])
  }

  // MARK: - Restarts

  /// Goes on with some of the eigenvectors in place of the basis.
  mutating func restart(_ pairs: Pairs, _ kept: [Int]) throws(WeftError) {
    let length = coupling.size
    let next = rows[count...]
    rows = try session.computed([concatenate([combination(pairs, kept), next])])[0]
    coupling = .rows(kept.map { pairs.last[$0] * length })
    triangle = Self.diagonal(kept.map { pairs.values[$0] })
  }

  /// Goes on with eigenvectors, the rows of a matrix, and a new start beside them.
  mutating func restart(from vectors: NDArray, _ values: [Double]) throws(WeftError) {
    triangle = Self.diagonal(values)
    rows = vectors
    coupling = .last(0)
    rows = try concatenate([vectors, fresh().reshaped([1, order])]).compute()
  }

  private static func diagonal(_ values: [Double]) -> [[Double]] {
    values.indices.map { n in values.indices.map { $0 == n ? values[n] : 0 } }
  }

  /// Some of T's eigenvectors as vectors of the whole space, by rows.
  func combined(_ pairs: Pairs, _ chosen: [Int]) throws(WeftError) -> NDArray {
    try session.computed([combination(pairs, chosen)])[0]
  }

  private func combination(_ pairs: Pairs, _ chosen: [Int]) -> NDArray {
    take(pairs.vectors, NDArray(chosen.map { Int64($0) }), axis: 0) • rows[..<count]
  }
}
