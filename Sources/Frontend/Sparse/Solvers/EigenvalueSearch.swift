import WeftIR

/// Lanczos with thick restarts until the wanted eigenvalues, or singular values, are there, and a look whether
/// there are more of them.
///
/// One start has a part along one vector of each eigenspace; what is orthogonal to that comes with rounding alone,
/// and may come after everything else has converged. So what has converged is held against a start that is
/// orthogonal to it, for a quarter of the restarts that it took.
struct EigenvalueSearch<Basis: KrylovBasis> {
  /// What was asked for: values, ascending, and vectors.
  typealias Result = (values: [Double], vectors: Basis.Vectors)

  /// How many vectors more than twice those that are asked for. With 48 in place of 20 six ends of a
  /// spectrum take a fifth of the products, and half of the work to keep vectors orthogonal.
  private static var room: Int { 36 }

  /// Residuals of so many times what is good may be good some steps later.
  private static var nearness: Double { 1e6 }

  private var basis: Basis
  private let count: Int
  /// The places of values, the most wanted first.
  private let order: ([Double]) -> [Int]
  private let tolerance: Double
  /// The most vectors.
  private let width: Int
  private var restarts = 0
  /// Whether all may be there before the basis is full.
  private var isNear = true
  /// What has converged and is being looked at once more.
  private var found: Found?
  /// The values that had converged at the last restart, and at which row of the basis their vectors stand.
  private var converged: [(value: Double, row: Int)] = []
  /// The number of vectors that the next expansion ends at.
  private var target: Int

  private struct Found {
    let result: Result
    /// The restarts that are left.
    var left: Int
  }

  init(
    _ basis: Basis, count: Int, basis asked: Int?, tolerance: Double,
    order: @escaping ([Double]) -> [Int]
  ) {
    self.basis = basis
    self.count = count
    self.order = order
    self.tolerance = tolerance
    let usual = (2 * count + Self.room).rounded(upTo: mostKrylovSteps)
    width = min(basis.order, max(asked ?? usual, count + 1))
    target = width
  }

  /// Expands the basis and restarts it until what was asked for is there; nil after so many restarts.
  mutating func result(within most: Int) throws(WeftError) -> Result? {
    for _ in 0..<most {
      if let found = try restarted() { return found }
    }
    return nil
  }

  /// The pairs of the full basis, or of a smaller one that has all that was asked for already.
  ///
  /// Who is far from that is not asked on the way: the first look is at half of the first basis.
  private mutating func expanded() throws(WeftError) -> (pairs: Basis.Pairs, wanted: [Int]) {
    var next = target
    if found == nil, isNear {
      let first = max(basis.count + 1, count + 1, restarts == 0 ? width / 2 : 0)
      next = first.rounded(upTo: mostKrylovSteps)
    }
    while true {
      let pairs = try basis.expanded(to: min(next, target))
      let wanted = order(pairs.values)
      if next >= target || basis.isWhole { return (pairs, wanted) }
      let far = wanted.prefix(count).map { pairs.residuals[$0] / bound(pairs, $0) }.max() ?? 0
      if far <= 1 { return (pairs, wanted) }
      next = far > Self.nearness ? target : next + mostKrylovSteps
    }
  }

  /// The residual with which a pair is good.
  private func bound(_ pairs: Basis.Pairs, _ place: Int) -> Double {
    let greatest = pairs.values.reduce(0) { max($0, abs($1)) }
    return max(
      tolerance * abs(pairs.values[place]), basis.rounding * greatest, .leastNormalMagnitude)
  }

  private mutating func restarted() throws(WeftError) -> Result? {
    let (pairs, wanted) = try expanded()
    target = width
    let greatest = pairs.values.reduce(0) { max($0, abs($1)) }
    // Those before the first that is not there yet.
    let good = wanted.prefix(count).prefix { pairs.residuals[$0] <= bound(pairs, $0) }
    isNear = wanted.prefix(count).allSatisfy {
      pairs.residuals[$0] <= Self.nearness * bound(pairs, $0)
    }
    let chosen = wanted.prefix(count).sorted { pairs.values[$0] < pairs.values[$1] }
    let values = chosen.map { pairs.values[$0] }
    if let found {
      let isSame = zip(found.result.values, values).allSatisfy {
        abs($0 - $1) <= 1e3 * basis.rounding * greatest + 2 * tolerance * abs($0)
      }
      if isSame, found.left == 0 || basis.isWhole { return found.result }
      if isSame { self.found?.left -= 1 } else { self.found = nil }
    }
    if found == nil, good.count >= count || basis.isWhole {
      let result = Result(values: values, vectors: try basis.combined(pairs, chosen))
      if basis.isWhole { return result }
      found = Found(result: result, left: restarts / 4)
      try basis.restart(from: result.vectors, values)
      // Where it took no restart a few steps tell.
      if restarts < 4 {
        target = min(width, (count + 1).rounded(upTo: mostKrylovSteps) + mostKrylovSteps)
      }
      return nil
    }
    // More than is asked for is kept, half of what has come beside it.
    let half = max(good.count, (width - count) / 2)
    let steps = mostKrylovSteps
    let fresh = max(1, (width - count - half + steps / 2) / steps * steps)
    let kept = max(min(count, width - 1), min(width - fresh, width - 1))
    restarts += 1
    try basis.restart(pairs, Array(wanted.prefix(min(kept, basis.count - 1))))
    // What is kept begins with what is wanted most.
    converged = good.enumerated().map { (value: pairs.values[$1], row: $0) }
      .sorted { $0.value < $1.value }
    return nil
  }

  /// The values that have converged although not all have, with their vectors; ascending.
  func partialResult() throws(WeftError) -> Result? {
    if let found { return found.result }
    guard !converged.isEmpty else { return nil }
    return Result(
      values: converged.map(\.value),
      vectors: try basis.kept(converged.map(\.row)))
  }
}

extension EigenvalueSearch {
  /// The error of giving up, which carries what has converged as the caller has it.
  func failure<Answer: Sendable>(
    of what: String, within most: Int, hint: String, _ call: Call,
    _ answer: (Result) throws(WeftError) -> Answer
  ) throws(WeftError) -> WeftError {
    let reached = try partialResult()
    var error = call.error(
      .noConvergence,
      "\(reached?.values.count ?? 0) of \(count) \(what) within \(most) restarts", hint: hint)
    if let reached { error.partial = PartialResult(try answer(reached)) }
    return error
  }
}

extension Int {
  /// The next multiple of a number.
  fileprivate func rounded(upTo step: Int) -> Int { (self + step - 1) / step * step }
}
