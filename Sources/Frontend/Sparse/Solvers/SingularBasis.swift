import WeftExecution
import WeftIR

/// A factorisation of Golub and Kahan: A P = Q B and A^H Q = P B^T + r e^T, with P and Q orthonormal and B real:
/// upper bidiagonal but for what a restart leaves.
///
/// It is Lanczos' process for [[0, A], [A^H, 0]] without that matrix's squares: values come with errors of
/// rounding times the greatest, also the least ones. Steps are programs as those of `LanczosBasis` are, whose
/// parts along what is there already are taken out of several at once.
///
/// - Source: Golub and Kahan, SIAM J. Numer. Anal. 2 (1965) 205; restarts, Baglama and Reichel, SIAM J. Sci.
///   Comput. 27 (2005) 19; what orthogonality to the root of rounding does to B, Larsen, Lanczos
///   bidiagonalization with partial reorthogonalization, 1998, section 3.
struct SingularBasis: KrylovBasis {
  /// A matrix with at least as many rows as columns.
  private let multiply: VectorProduct
  private let adjoint: VectorProduct
  private let session: Session
  private let dtype: DType
  /// The number of rows of the matrix.
  private let height: Int
  /// The number of columns of the matrix.
  let order: Int
  /// The rows of P, and the vector behind them, of length 1.
  private var right: NDArray
  /// The rows of Q.
  private var left: NDArray
  /// B, row by row.
  private var projected: [[Double]] = []
  /// What A times the vector behind P has along the rows of Q.
  private var coupling: KrylovCoupling = .last(0)
  private var steps = mostKrylovSteps
  private var programs: [KrylovSteps: StepProgram] = [:]
  /// How many starts there were.
  private var starts = 1
  /// The greatest number of B so far: the size of the matrix.
  private var scale = 0.0

  /// Singular values of B, ascending, its vectors by rows, and how far each is from one of A.
  struct Pairs: RitzPairs {
    let values: [Double]
    let left: NDArray
    let right: NDArray
    let last: [Double]
    let residuals: [Double]
  }

  /// Left and right vectors, by rows.
  typealias Vectors = (left: NDArray, right: NDArray)

  /// A basis without vectors of a matrix that has at least as many rows as columns.
  init(
    _ matrix: LinearOperator, adjoint: VectorProduct, start: NDArray?, _ call: Call
  ) throws(WeftError) {
    multiply = matrix.product
    self.adjoint = adjoint
    session = matrix.session
    dtype = matrix.dtype
    (height, order) = (matrix.shape[0], matrix.shape[1])
    right = try KrylovStart.row(start, order, matrix.dtype, call)
    left = try zeros([0, height], dtype: matrix.dtype).compute()
  }

  /// The number of columns of B.
  var count: Int { projected.count }
  var rounding: Double { dtype.rounding }

  // MARK: - Steps

  mutating func expanded(to width: Int) throws(WeftError) -> Pairs {
    while count < min(width, order) {
      // Up to a multiple, so that programs are those of other restarts.
      let most = min(mostKrylovSteps - count % mostKrylovSteps, min(width, order) - count)
      try advance(by: min(steps, most))
    }
    let found = svd(NDArray(projected.flatMap { $0 }).reshaped([count, count]))
    let results = try session.computed([
      found.s, flip(found.u.T, axes: [0]).asType(dtype), flip(found.vh, axes: [0]).asType(dtype),
      flip(found.u[count - 1], axes: [0]),
    ])
    let values: [Double] = try results[0].toArray()
    let last: [Double] = try results[3].toArray()
    let length = coupling.size
    return Pairs(
      values: values.reversed(), left: results[1], right: results[2], last: last,
      residuals: last.map { abs($0) * length })
  }

  /// The program that makes the next vectors.
  ///
  /// Of P with the vector behind it, Q, and what the former is coupled by, it makes the numbers of B and the
  /// greatest parts that were left, P with the next vectors and Q with its next ones.
  private func program(_ key: KrylovSteps) -> StepProgram {
    StepProgram("bidiagonalisation", key.numbers, [multiply, adjoint]) {
      (products, arguments) -> [NDArray] in
      let (multiply, adjoint) = (products[0], products[1])
      let (right, left, coupling) = (arguments[0], arguments[1], arguments[2])
      let count = left.shape[0] ?? 0
      var vector = right[count]
      var coupled: NDArray? =
        count == 0 ? nil : key.couplesRows ? coupling • left : coupling * left[count - 1]
      var (own, beside): ([NDArray], [NDArray]) = ([], [])
      var (images, made): ([NDArray], [NDArray]) = ([], [])
      for _ in 0..<key.count {
        var image = multiply(vector)
        if let coupled { image = image - coupled }
        if key.count == 1, count > 0 {
          for _ in 0..<2 { image = image.orthogonal(to: left) }
        }
        let length = image.length
        image = image.scaledToLength(length)
        var rest = adjoint(image) - length * vector
        if key.count == 1 {
          for _ in 0..<2 { rest = rest.orthogonal(to: right) }
        }
        let next = rest.length
        own.append(length)
        beside.append(next)
        vector = rest.scaledToLength(next)
        coupled = next * image
        images.append(image)
        made.append(vector)
      }
      let (lefts, rights) = (stack(images), stack(made))
      let (cleanImages, leftParts) = lefts.cleaned(
        beside: count == 0 ? nil : left, weighed: lefts)
      let (clean, rightParts) = rights.cleaned(beside: right, weighed: rights)
      let numbers = concatenate([stack(own + beside), maximum(leftParts, rightParts)])
        .asType(.float64)
      return [numbers, concatenate([right, clean]), concatenate([left, cleanImages])]
    }
  }

  /// Makes the next vectors, or finds that these must be fewer.
  private mutating func advance(by steps: Int) throws(WeftError) {
    let (argument, couplesRows) = coupling.numbers
    let key = KrylovSteps(count: steps, couplesRows: couplesRows)
    let program = programs[key] ?? program(key)
    programs[key] = program
    let results = try program.results(
      [right, left, try NDArray(argument).asType(dtype).compute()], in: session)
    let numbers: [Double] = try results[0].toArray()
    let (own, beside) = (Array(numbers[..<steps]), Array(numbers[steps..<2 * steps]))
    let parts = Array(numbers[(2 * steps)...])
    guard numbers.allSatisfy(\.isFinite) else {
      throw WeftError(.noConvergence, "svds", "products of the matrix are infinite or NaN")
    }
    scale = max(scale, coupling.size)
    // The steps that stand, and whether the last product lies in what is there already, but for rounding.
    var used = steps
    var (isImageLost, isLost) = (false, false)
    for step in 0..<steps {
      scale = max(scale, own[step])
      let least = scale * rounding * 4
      if !(own[step] > least) {
        (used, isImageLost) = (step, true)
        break
      }
      if !(beside[step] > least) {
        (used, isLost) = (step + 1, true)
        break
      }
      if steps > 1, !(parts[step] <= rounding.squareRoot() / 20) {
        used = step
        break
      }
      scale = max(scale, beside[step])
    }
    if used < steps, !isImageLost, !isLost { self.steps = max(1, used) }
    let before = count
    for step in 0..<used {
      grow(by: own[step])
      coupling = .last(beside[step])
    }
    if used > 0 {
      let rows = before + used + (isLost ? 0 : 1)
      let cut = [results[1][..<rows], results[2][..<(before + used)]]
      let kept = used < steps || isLost ? try session.computed(cut) : [results[1], results[2]]
      (right, left) = (kept[0], kept[1])
    }
    if isLost { try beginAnew() }
    if isImageLost { try advanceWithoutImage() }
  }

  /// A step whose product vanishes: any vector that is orthogonal to Q goes on.
  private mutating func advanceWithoutImage() throws(WeftError) {
    let image = try fresh(beside: left, count: count, height)
    var rest = adjoint(image)
    for _ in 0..<2 { rest = rest.orthogonal(to: right) }
    let length = rest.length
    let results = try session.computed([
      concatenate([left, image.reshaped([1, height])]), rest.scaledToLength(length),
      length.asType(.float64),
    ])
    grow(by: 0)
    left = results[0]
    let next = try results[2].double
    if next > scale * rounding * 4 {
      scale = max(scale, next)
      coupling = .last(next)
      right = try concatenate([right, results[1].reshaped([1, order])]).compute()
    } else {
      try beginAnew()
    }
  }

  /// Puts a vector behind P that has nothing to do with what is there.
  private mutating func beginAnew() throws(WeftError) {
    coupling = .last(0)
    let vector =
      count < order ? try fresh(beside: right, count: count, order) : zeros([order], dtype: dtype)
    right = try concatenate([right, vector.reshaped([1, order])]).compute()
  }

  /// A vector of length 1 that is orthogonal to all rows of a matrix.
  private mutating func fresh(
    beside rows: NDArray, count: Int, _ order: Int
  ) throws(WeftError) -> NDArray {
    var vector = NDArray.unpatterned(starts, order, dtype)
    starts += 1
    for _ in 0..<3 {
      vector = vector / vector.length
      if count > 0 { vector = vector.orthogonal(to: rows) }
    }
    return try session.computed([vector / vector.length])[0]
  }

  /// Adds a row and column to B.
  private mutating func grow(by own: Double) {
    let column = coupling.column(count)
    let zeros = Array(repeating: 0.0, count: count)
    for place in projected.indices { projected[place].append(column[place]) }
    projected.append(zeros + [own])
  }

  // MARK: - Restarts

  mutating func restart(_ pairs: Pairs, _ kept: [Int]) throws(WeftError) {
    let vectors = combination(pairs, kept)
    let results = try session.computed([
      concatenate([vectors.right, right[count...]]), vectors.left,
    ])
    let length = coupling.size
    (right, left) = (results[0], results[1])
    coupling = .rows(kept.map { pairs.last[$0] * length })
    projected = Self.diagonal(kept.map { pairs.values[$0] })
  }

  mutating func restart(from vectors: Vectors, _ values: [Double]) throws(WeftError) {
    (left, right) = vectors
    projected = Self.diagonal(values)
    try beginAnew()
  }

  func combined(_ pairs: Pairs, _ chosen: [Int]) throws(WeftError) -> Vectors {
    let vectors = combination(pairs, chosen)
    let results = try session.computed([vectors.left, vectors.right])
    return (results[0], results[1])
  }

  func kept(_ places: [Int]) throws(WeftError) -> Vectors {
    let rows = NDArray(places.map { Int64($0) })
    let results = try session.computed([take(left, rows, axis: 0), take(right, rows, axis: 0)])
    return (results[0], results[1])
  }

  private func combination(_ pairs: Pairs, _ chosen: [Int]) -> Vectors {
    let places = NDArray(chosen.map { Int64($0) })
    return (
      take(pairs.left, places, axis: 0) • left,
      take(pairs.right, places, axis: 0) • right[..<count]
    )
  }
}
