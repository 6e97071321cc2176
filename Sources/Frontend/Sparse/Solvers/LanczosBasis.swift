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
struct LanczosBasis: KrylovBasis {
  private let problem: SpectralProblem
  private var form: SpectralForm { problem.form }
  /// The rows of V, and the vector behind them, of length 1.
  private var rows: NDArray
  /// T, row by row; the last row and column are those of the vector behind V as far as they are known.
  private var triangle: [[Double]] = []
  private var coupling: KrylovCoupling = .last(0)
  private var steps = mostKrylovSteps
  private var programs: [KrylovSteps: StepProgram] = [:]
  /// How many starts there were.
  private var starts = 1

  /// Eigenvalues of T, its eigenvectors by rows, and how far each is from one of A.
  struct Pairs: RitzPairs {
    let values: [Double]
    let vectors: NDArray
    let last: [Double]
    let residuals: [Double]
  }

  /// A basis without vectors.
  init(_ problem: SpectralProblem, start: NDArray?, _ call: Call) throws(WeftError) {
    self.problem = problem
    order = problem.order
    rows = try KrylovStart.row(start, problem.order, problem.dtype, call)
    // In the range of the operator, should the metric have vectors without length.
    if form.metric != nil { rows = try inRange(rows[0]).reshaped([1, -1]).compute() }
  }

  /// The order of the matrix; less where the metric leaves some vectors without length.
  private(set) var order: Int
  var rounding: Double { problem.dtype.rounding }
  /// The number of vectors.
  var count: Int { triangle.count }

  /// The image of a vector, of length 1.
  private func inRange(_ x: NDArray) throws(WeftError) -> NDArray {
    let image = form.multiply(x, form.weighed(x))
    let results = try problem.session.computed([image, form.weighed(image)])
    let length = form.length(results[0], results[1])
    return try problem.session.computed([results[0].scaledToLength(length)])[0]
  }

  // MARK: - Steps

  /// Adds vectors until there are so many, and tells what they say of the eigenvalues.
  mutating func expanded(to width: Int) throws(WeftError) -> Pairs {
    while count < min(width, order) {
      // Up to a multiple, so that programs are those of other restarts.
      let most = min(mostKrylovSteps - count % mostKrylovSteps, min(width, order) - count)
      try advance(by: min(steps, most))
    }
    let found = eigh(NDArray(triangle.flatMap { $0 }).reshaped([count, count]))
    let results = try problem.session.computed([
      found.values, found.vectors.T.asType(problem.dtype), found.vectors[count - 1],
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
  private func program(_ key: KrylovSteps) -> StepProgram {
    let kind = form.kind
    return StepProgram("lanczos", key.numbers + [kind.rawValue], form.products) {
      (products, arguments) -> [NDArray] in
      let form = SpectralForm(kind: kind, products: products)
      let (rows, coupling) = (arguments[0], arguments[1])
      let count = rows.shape[0] ?? 0
      var vector = rows[count - 1]
      var weighed = form.weighed(vector)
      var coupled: NDArray? =
        count == 1
        ? nil : key.couplesRows ? coupling • rows[..<(count - 1)] : coupling * rows[count - 2]
      var (own, lengths): ([NDArray], [NDArray]) = ([], [])
      var (made, weighedOnes): ([NDArray], [NDArray]) = ([], [])
      for _ in 0..<key.count {
        let image = form.multiply(vector, weighed)
        let part = real(weighed.inner(image))
        var rest = image - part * vector
        if let coupled { rest = rest - coupled }
        if key.count == 1 {
          for _ in 0..<2 { rest = form.orthogonal(rest, to: rows) }
        }
        let weighedRest = form.weighed(rest)
        let length = form.length(rest, weighedRest)
        own.append(part)
        lengths.append(length)
        coupled = length * vector
        vector = rest.scaledToLength(length)
        weighed = form.metric == nil ? vector : weighedRest.scaledToLength(length)
        made.append(vector)
        weighedOnes.append(weighed)
      }
      let fresh = stack(made)
      let (clean, left) = fresh.cleaned(
        beside: rows, weighed: form.metric == nil ? fresh : stack(weighedOnes))
      let numbers = concatenate([stack(own + lengths), left]).asType(.float64)
      return [numbers, concatenate([rows, clean])]
    }
  }

  /// Makes the next vectors, or finds that these must be fewer.
  private mutating func advance(by steps: Int) throws(WeftError) {
    let (argument, couplesRows) = coupling.numbers
    let key = KrylovSteps(count: steps, couplesRows: couplesRows)
    let program = programs[key] ?? program(key)
    programs[key] = program
    let arguments = [rows, try NDArray(argument).asType(problem.dtype).compute()]
    let results = try program.results(arguments, in: problem.session)
    let numbers: [Double] = try results[0].toArray()
    guard numbers.allSatisfy(\.isFinite) else {
      throw WeftError(.noConvergence, "eigsh", "products of the matrix are infinite or NaN")
    }
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
    for step in 0..<used {
      grow(by: own[step])
      coupling = .last(lengths[step])
    }
    if isLost {
      rows = try results[1][..<(before + used)].compute()
      coupling = .last(0)
      rows = try concatenate([rows, fresh().reshaped([1, -1])]).compute()
    } else {
      rows = used < steps ? try results[1][..<(before + used + 1)].compute() : results[1]
      coupling = .last(lengths[used - 1])
    }
  }

  /// A vector of length 1 that is orthogonal to all others; zero where there is none.
  private mutating func fresh() throws(WeftError) -> NDArray {
    let width = problem.order
    guard count < order else { return zeros([width], dtype: problem.dtype) }
    var vector = NDArray.unpatterned(starts, width, problem.dtype)
    starts += 1
    if form.metric != nil { vector = try inRange(vector) }
    var length = form.length(vector, form.weighed(vector))
    for pass in 0..<3 {
      vector = form.orthogonal(vector / length, to: rows)
      length = form.length(vector, form.weighed(vector))
      if pass == 0, form.metric != nil, try length.double < rounding.squareRoot() {
        order = count
        return zeros([width], dtype: problem.dtype)
      }
    }
    return try problem.session.computed([vector / length])[0]
  }

  /// Adds a row and column to T.
  private mutating func grow(by own: Double) {
    let row = coupling.column(count)
    for place in triangle.indices { triangle[place].append(row[place]) }
    triangle.append(row + [own])
  }

  // MARK: - Restarts

  /// Goes on with some of the eigenvectors in place of the basis.
  mutating func restart(_ pairs: Pairs, _ kept: [Int]) throws(WeftError) {
    let length = coupling.size
    let next = rows[count...]
    rows = try problem.session.computed([concatenate([combination(pairs, kept), next])])[0]
    coupling = .rows(kept.map { pairs.last[$0] * length })
    triangle = Self.diagonal(kept.map { pairs.values[$0] })
  }

  /// Goes on with eigenvectors, the rows of a matrix, and a new start beside them.
  mutating func restart(from vectors: NDArray, _ values: [Double]) throws(WeftError) {
    triangle = Self.diagonal(values)
    rows = vectors
    coupling = .last(0)
    rows = try concatenate([vectors, fresh().reshaped([1, -1])]).compute()
  }

  /// Some of T's eigenvectors as vectors of the whole space, by rows.
  func combined(_ pairs: Pairs, _ chosen: [Int]) throws(WeftError) -> NDArray {
    try problem.session.computed([combination(pairs, chosen)])[0]
  }

  func kept(_ places: [Int]) throws(WeftError) -> NDArray {
    try problem.session.computed([take(rows, NDArray(places.map { Int64($0) }), axis: 0)])[0]
  }

  private func combination(_ pairs: Pairs, _ chosen: [Int]) -> NDArray {
    take(pairs.vectors, NDArray(chosen.map { Int64($0) }), axis: 0) • rows[..<count]
  }
}
