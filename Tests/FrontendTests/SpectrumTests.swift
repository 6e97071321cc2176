import Testing
import WeftIR

@testable import Weft

/// `eigsh` near a number, with a metric, and what it says when it gives up.
@Suite struct SpectrumTests {
  private func line(_ n: Int) throws -> NDArray {
    try (2 * eye(n) - eye(n, offset: 1) - eye(n, offset: -1)).asSparse(.csr).compute()
  }

  /// A mass matrix: tridiagonal, positive definite.
  private func masses(_ n: Int) throws -> NDArray {
    let diagonal = 4 + sin(arange(n).asType(.float64))
    return try (diag(diagonal) + eye(n, offset: 1) + eye(n, offset: -1)).asSparse(.csr).compute()
  }

  /// The eigenvalues of A x = l M x by dense factors.
  private func generalised(_ a: NDArray, _ m: NDArray) throws -> [Double] {
    let half = inv(cholesky(m.asDense()))
    return try eigvalsh(half • a.asDense() • conj(half.T)).toArray()
  }

  private func check(
    _ found: (values: NDArray, vectors: NDArray), _ want: [Double], _ a: NDArray,
    metric m: NDArray? = nil, within tolerance: Double = 1e-9, _ what: Comment
  ) throws {
    let values: [Double] = try found.values.toArray()
    #expect(values.count == want.count, what)
    for (x, y) in zip(values, want.sorted()) {
      #expect(Swift.abs(x - y) <= tolerance * max(1, Swift.abs(y)), what)
    }
    let weighed = m.map { $0 • found.vectors } ?? found.vectors
    let residual = a • found.vectors - weighed * found.values
    #expect(try abs(residual).max().item(Double.self) < tolerance * 10, what)
    let gram = conj(found.vectors.T) • weighed - eye(want.count)
    #expect(try abs(gram).max().item(Double.self) < tolerance * 10, what)
  }

  /// The k of some numbers for which 1 / (x - shift) is wanted most.
  private func nearest(
    _ all: [Double], _ shift: Double, _ k: Int, _ choice: EigenvalueChoice = .largestMagnitude
  ) -> [Double] {
    choice.order(all.map { 1 / ($0 - shift) }).prefix(k).map { all[$0] }
  }

  @Test("eigenvalues near a number are the nearest ones", arguments: [40, 130])
  func near(n: Int) throws {
    let a = try line(n)
    let all: [Double] = try eigvalsh(a.asDense()).toArray()
    for (shift, choice) in [
      (0.0, EigenvalueChoice.largestMagnitude), (1.3, .largestMagnitude), (-0.5, .largestMagnitude),
      (5, .largestMagnitude), (1.3, .largest), (1.3, .smallest), (1.3, .bothEnds),
    ] {
      let found = try eigsh(a, count: 4, which: choice, near: shift)
      try check(found, nearest(all, shift, 4, choice), a, "\(choice) near \(shift), n = \(n)")
    }
    // Dense and integer matrices, and operators with an inverse.
    let numbers = (a * 1).asDense().asType(.int64)
    try check(eigsh(numbers, count: 3, near: 1.3), nearest(all, 1.3, 3), a, "integers")
    let factors = try factorized((a - 1.3 * eye(n)).asSparse(.csr))
    let operation = LinearOperator(shape: [n, n], dtype: .float64) { a • $0 }
    let inverse = LinearOperator(shape: [n, n], dtype: .float64) { factors.solve($0) }
    try check(
      eigsh(operation, count: 3, near: 1.3, inverse: inverse), nearest(all, 1.3, 3), a, "operators")
  }

  @Test("Hermitian matrices too")
  func hermitian() throws {
    let n = 120
    let i = NDArray(scalar: Complex(0.0, 1.0))
    let a = try
      (diag(arange(1, n + 1)).asType(.complex128)
      + i * (eye(n, offset: 1) - eye(n, offset: -1))).asSparse(.csr).compute()
    let all: [Double] = try eigvalsh(a.asDense()).toArray()
    try check(eigsh(a, count: 4, near: 50.4), nearest(all, 50.4, 4), a, "near 50.4")
    try check(
      eigsh(a, count: 3, which: .smallestMagnitude), nearest(all, 0, 3), a, "least magnitudes")
  }

  @Test("with a metric they are those of A x = l M x", arguments: ["sparse", "reference", "blas"])
  func metric(executor: String) throws {
    try Session.$scoped.withValue(Session.standard.with(executor: ExecutorName(executor))) {
      let n = 110
      let (a, m) = (try line(n), try masses(n))
      let all = try generalised(a, m)
      for choice in [EigenvalueChoice.largest, .smallest, .bothEnds] {
        let want = choice.order(all).prefix(3).map { all[$0] }
        try check(eigsh(a, count: 3, which: choice, metric: m), want, a, metric: m, "\(choice)")
      }
      try check(
        eigsh(a, count: 4, near: 0.2, metric: m), nearest(all, 0.2, 4), a, metric: m, "near 0.2")
      let few = try (a[..<20, ..<20].asSparse(.csr).compute(), m[..<20, ..<20].asSparse().compute())
      try check(
        eigsh(few.0, count: 3, near: 0.2, metric: few.1),
        nearest(try generalised(few.0, few.1), 0.2, 3), few.0, metric: few.1, "a small one")
    }
  }

  @Test("a metric may leave vectors without length where eigenvalues are near a number")
  func semidefinite() throws {
    let n = 100
    let a = try line(n)
    // Masses at every other point; the others are eliminated: S = A11 - A12 A22^-1 A21.
    let even = arange(n / 2) * 2
    let m = try NDArray(
      coordinates: [even, even], values: ones([n / 2]), shape: [n, n], format: .csr)
    let dense = a.asDense()
    let (e, o) = (even, even + 1)
    let a12 = take(take(dense, e, axis: 0), o, axis: 1)
    let schur =
      take(take(dense, e, axis: 0), e, axis: 1)
      - a12 • solve(take(take(dense, o, axis: 0), o, axis: 1), a12.T)
    let all: [Double] = try eigvalsh(schur).toArray()
    try check(
      eigsh(a, count: 4, near: 0, metric: m), nearest(all, 0, 4), a, metric: m, "half of the masses"
    )
  }

  @Test("the least magnitudes of a singular, an indefinite and a definite matrix")
  func leastMagnitudes() throws {
    let n = 150
    let path = try
      (diag(concatenate([[1.0], full([n - 2], 2.0), [1.0]]))
      - eye(n, offset: 1) - eye(n, offset: -1)).asSparse(.csr).compute()
    for (name, a) in [
      ("a path's Laplacian", path),
      ("an indefinite one", try (line(n) - 1.7 * eye(n)).asSparse(.csr).compute()),
      ("a definite one", try line(n)),
    ] {
      let all: [Double] = try eigvalsh(a.asDense()).toArray()
      let want = EigenvalueChoice.smallestMagnitude.order(all).prefix(5).map { all[$0] }
      try check(eigsh(a, count: 5, which: .smallestMagnitude), want, a, "\(name)")
    }
  }

  @Test("who gives up tells what there is")
  func partial() throws {
    // Two eigenvalues far out, the rest close together.
    let n = 400
    let values = concatenate([[50.0, 40], linspace(0, 1, count: n - 2)])
    let a = try diag(values).asSparse(.csr).compute()
    do {
      _ = try eigsh(a, count: 6, which: .largest, basis: 24, maxIterations: 2)
      Issue.record("no error")
    } catch {
      #expect(error.code == .noConvergence)
      let found = try #require(error.convergedEigenpairs)
      let count = try #require(found.values.shape[0])
      #expect(count >= 2 && count < 6)
      #expect(error.message.contains("\(count) of 6 eigenvalues within 2 restarts"))
      #expect(Swift.abs(try found.values[-1].item(Double.self) - 50) < 1e-9)
      #expect(found.vectors.shape == [n, count])
      let residual = a • found.vectors - found.vectors * found.values
      #expect(try abs(residual).max().item(Double.self) < 1e-9)
    }
  }

  @Test("mistakes are told")
  func mistakes() throws {
    func error(_ body: () throws -> Void) -> WeftError? {
      do { try body() } catch { return error as? WeftError }
      return nil
    }
    let a = try line(120)
    let operation = LinearOperator(shape: [120, 120], dtype: .float64) { a • $0 }
    #expect(error { _ = try eigsh(operation, near: 1) }?.code == .value)
    #expect(error { _ = try eigsh(operation, metric: operation) }?.code == .value)
    #expect(error { _ = try eigsh(operation, inverse: operation) }?.code == .value)
    #expect(error { _ = try eigsh(a, near: .nan) }?.code == .value)
    #expect(error { _ = try eigsh(a, tolerance: -1) }?.code == .value)
    #expect(error { _ = try eigsh(a, metric: line(119)) }?.code == .shapeMismatch)
    #expect(error { _ = try eigsh(a, start: ones([119])) }?.code == .shapeMismatch)
    #expect(error { _ = try eigsh(a, start: zeros([120])) }?.code == .value)
    let diagonal = try diag(arange(120)).asType(.float64).asSparse(.csr).compute()
    let found = error { _ = try eigsh(diagonal, near: 3) }
    #expect(found?.code == .singular && found?.message.contains("A - near") == true)
    let nan = try which(eye(120) .> 0, NDArray(scalar: Double.nan), 0.0).asSparse(.csr).compute()
    #expect(error { _ = try eigsh(nan, count: 2) }?.code == .noConvergence)
    #expect(error { _ = try svds(nan, count: 2) }?.code == .noConvergence)
  }
}
