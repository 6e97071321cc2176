import WeftIR

/// Lanczos with thick restarts until the wanted eigenvalues are there, and a look whether there are more of
/// them.
///
/// One start has a part along one vector of each eigenspace; what is orthogonal to that comes with rounding alone,
/// and may come after everything else has converged. So what has converged is held against a start that is
/// orthogonal to it, for a quarter of the restarts that it took.
struct EigenvalueSearch {
  /// How many vectors more than twice those that are asked for. With 48 in place of 20 six ends of a
  /// spectrum take a fifth of the products, and half of the work to keep vectors orthogonal.
  private static let room = 36

  private var basis: LanczosBasis
  private let count: Int
  private let choice: EigenvalueChoice
  private let tolerance: Double
  /// The most vectors.
  private let width: Int
  private var restarts = 0
  /// What has converged and is being looked at once more.
  private var found: Found?
  /// The number of vectors that the next expansion ends at.
  private var target: Int

  private struct Found {
    let values: [Double]
    let result: (values: NDArray, vectors: NDArray)
    /// The restarts that are left.
    var left: Int
  }

  init(
    _ basis: LanczosBasis, count: Int, _ choice: EigenvalueChoice, basis asked: Int?,
    tolerance: Double
  ) {
    self.basis = basis
    self.count = count
    self.choice = choice
    self.tolerance = tolerance
    let usual = (2 * count + Self.room).rounded(upTo: LanczosBasis.mostSteps)
    width = min(basis.order, max(asked ?? usual, count + 1))
    target = width
  }

  /// Expands the basis and restarts it; what was asked for where that is done.
  mutating func restarted() throws(WeftError) -> (values: NDArray, vectors: NDArray)? {
    let pairs = try basis.expanded(to: target)
    target = width
    let wanted = choice.order(pairs.values)
    let greatest = pairs.values.reduce(0) { max($0, abs($1)) }
    func allowed(_ value: Double) -> Double {
      max(tolerance * abs(value), basis.rounding * greatest)
    }
    let done = wanted.prefix(count).count {
      pairs.residuals[$0] <= allowed(pairs.values[$0])
    }
    let chosen = wanted.prefix(count).sorted { pairs.values[$0] < pairs.values[$1] }
    let values = chosen.map { pairs.values[$0] }
    if let found {
      let isSame = zip(found.values, values).allSatisfy {
        abs($0 - $1) <= 1e3 * basis.rounding * greatest + 2 * tolerance * abs($0)
      }
      if isSame, found.left == 0 || basis.isWhole { return found.result }
      if isSame { self.found?.left -= 1 } else { self.found = nil }
    }
    if found == nil, done >= count || basis.isWhole {
      let vectors = try basis.combined(pairs, chosen)
      let result = (
        NDArray(values).asType(basis.dtype.realPart), try vectors.T.asType(basis.dtype).compute()
      )
      if basis.isWhole { return (try result.0.compute(), result.1) }
      found = Found(
        values: values, result: (try result.0.compute(), result.1), left: restarts / 4)
      try basis.restart(from: vectors, values)
      // Where it took no restart a few steps tell.
      if restarts < 4 {
        target = min(
          width, (count + 1).rounded(upTo: LanczosBasis.mostSteps) + LanczosBasis.mostSteps)
      }
      return nil
    }
    // More than is asked for is kept, half of what has come beside it.
    let half = max(done, (width - count) / 2)
    let steps = LanczosBasis.mostSteps
    let fresh = max(1, (width - count - half + steps / 2) / steps * steps)
    let kept = max(min(count, width - 1), min(width - fresh, width - 1))
    restarts += 1
    try basis.restart(pairs, Array(wanted.prefix(min(kept, basis.count - 1))))
    return nil
  }
}

extension Int {
  /// The next multiple of a number.
  fileprivate func rounded(upTo step: Int) -> Int { (self + step - 1) / step * step }
}
