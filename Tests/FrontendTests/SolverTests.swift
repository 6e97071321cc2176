import Foundation
import Testing
import WeftIR

@testable import Weft

/// Solvers beside what SciPy gets and what is known in closed form.
@Suite struct SolverTests {
  /// Second differences on n points: eigenvalues 2 - 2 cos(k pi / (n + 1)).
  private func differences(_ n: Int) throws -> NDArray {
    try (2 * eye(n) - eye(n, offset: 1) - eye(n, offset: -1)).asSparse(.csr).compute()
  }

  /// A matrix that is not symmetric, diagonally dominant.
  private func drifting(_ n: Int) throws -> NDArray {
    try (4 * eye(n) - eye(n, offset: 1) - 2 * eye(n, offset: -1) + eye(n, offset: 5)).asSparse(.csr)
      .compute()
  }

  private func error(_ x: NDArray, _ want: NDArray) throws -> Double {
    try abs(x - want).max().item()
  }

  @Test(
    "iterative solvers find what they are asked for", arguments: ["sparse", "reference", "blas"])
  func systems(executor: String) throws {
    try Session.$scoped.withValue(Session.standard.with(executor: ExecutorName(executor))) {
      let x = sin(arange(40).asType(.float64))
      let (a, b) = (try differences(40), try drifting(40))
      let found = try cg(a, a • x, rtol: 1e-12)
      #expect(found.isConverged && found.info == 0)
      #expect(try error(found.solution, x) < 1e-9)
      #expect(try error(gmres(b, b • x, rtol: 1e-12).solution, x) < 1e-9)
      #expect(try error(bicgstab(b, b • x, rtol: 1e-12).solution, x) < 1e-9)
    }
  }

  @Test("solvers take float32, complex numbers, columns, starts and preconditioners")
  func options() throws {
    let a = try drifting(30)
    let x = cos(arange(30).asType(.float64))
    let column = try gmres(a, (a • x).reshaped([30, 1]), rtol: 1e-12, restart: 5)
    #expect(column.solution.shape == [30, 1])
    #expect(try error(column.solution.reshaped([30]), x) < 1e-8)
    let single = try bicgstab(a.asType(.float32), (a • x).asType(.float32))
    #expect(single.solution.dtype == .float32 && single.isConverged)
    let i = try #require(Script.evaluate("1j").array)
    let complex = a.asType(.complex128) + i * eye(30)
    let z = x + i * x
    for found in [
      try gmres(complex, complex • z, rtol: 1e-11), try bicgstab(complex, complex • z, rtol: 1e-11),
    ] {
      #expect(try error(found.solution, z) < 1e-8)
    }
    let scale = LinearOperator(shape: [30, 30], dtype: .float64) { $0 / 4 }
    let plain = try bicgstab(a, a • x, rtol: 1e-10)
    for found in [
      try bicgstab(a, a • x, rtol: 1e-10, preconditioner: scale),
      try gmres(a, a • x, rtol: 1e-10, preconditioner: scale),
      try bicgstab(a, a • x, start: x, rtol: 1e-10),
    ] {
      #expect(found.isConverged && found.iterations <= plain.iterations + 1 || found.isConverged)
      #expect(try error(found.solution, x) < 1e-7)
    }
    #expect(try cg(differences(30), zeros([30])).iterations == 0)
    let stopped = try cg(differences(200), ones([200]), rtol: 1e-14, maxIterations: 3)
    #expect(!stopped.isConverged && stopped.info == 3)
  }

  @Test("mistakes are told")
  func mistakes() throws {
    func code(_ body: () throws -> Void) -> ErrorCode? {
      do { try body() } catch { return (error as? WeftError)?.code }
      return nil
    }
    let a = try differences(4)
    #expect(code { _ = try cg(ones([3, 4]), ones([3])) } == .notSquare)
    #expect(code { _ = try gmres(a, ones([5])) } == .shapeMismatch)
    #expect(code { _ = try gmres(a, ones([4]), restart: 0) } == .value)
    #expect(code { _ = try eigsh(a, count: 4) } == .value)
    #expect(code { _ = try svds(a, count: 0) } == .value)
    #expect(code { _ = try cg(ones([2]), ones([2])) } == .shapeMismatch)
    #expect(code { _ = try factorized(ones([2, 3])) } == .notSquare)
  }

  @Test(
    "eigenvalues at either end are those of the closed form", arguments: ["sparse", "reference"])
  func eigenvalues(executor: String) throws {
    try Session.$scoped.withValue(Session.standard.with(executor: ExecutorName(executor))) {
      let n = 60
      let a = try differences(n)
      func exact(_ k: Int) -> Double { 2 - 2 * cosine(Double(k) * .pi / Double(n + 1)) }
      for (choice, places) in [
        (EigenvalueChoice.largest, [n - 1, n]), (.largestMagnitude, [n - 1, n]),
        (.smallest, [1, 2]), (.bothEnds, [1, n]),
      ] {
        let found = try eigsh(a, count: 2, which: choice)
        let values: [Double] = try found.values.toArray()
        for (value, place) in zip(values, places) {
          #expect(Swift.abs(value - exact(place)) < 1e-10, "\(choice)")
        }
        let residual = a • found.vectors - found.vectors * found.values
        #expect(try abs(residual).max().item(Double.self) < 1e-8)
        let gram = found.vectors.T • found.vectors - eye(2)
        #expect(try abs(gram).max().item(Double.self) < 1e-10)
      }
    }
  }

  @Test("the karate club has the eigenvalues that SciPy finds")
  func karate() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(components: "Golden", "sparse", "karate.mtx")
    let graph = try NDArray(contentsOf: file.path).asType(.float64)
    #expect(
      try Swift.abs(eigsh(graph, count: 1, which: .largest).values[0].item() - 6.72569772763)
        < 1e-10)
    let laplacian = try (diag(graph.sum(axis: 1)) - graph).asSparse(.csr).compute()
    let found = try eigsh(laplacian, count: 6, which: .smallest)
    // SciPy 1.17.1, 12 digits.
    let want = [0, 0.468525226701, 0.909247663803, 1.12501071824, 1.25940411012, 1.59928307543]
    for (x, y) in zip(try found.values.toArray(of: Double.self), want) {
      #expect(Swift.abs(x - y) < 1e-10)
    }
    let greatest: Double = try eigsh(laplacian, count: 2).values[1].item()
    #expect(Swift.abs(greatest - 18.136695973) < 1e-8)
  }

  @Test("a Hermitian matrix has real eigenvalues")
  func hermitian() throws {
    let i = try #require(Script.evaluate("1j").array)
    let a = diag(arange(1, 41)).asType(.complex128) + i * (eye(40, offset: 1) - eye(40, offset: -1))
    let found = try eigsh(a.asSparse(.csr), count: 3)
    let dense: [Double] = try eigvalsh(a)[37...].toArray()
    for (x, y) in zip(try found.values.toArray(of: Double.self), dense) {
      #expect(Swift.abs(x - y) < 1e-9)
    }
    #expect(found.values.dtype == .float64)
  }

  @Test("singular values are those of the dense matrix")
  func singular() throws {
    let a = sparseNumbers([50, 30], seed: 5)
    let want: [Double] = try svdvals(a).toArray()
    for matrix in [a, a.T] {
      let found = try svds(matrix.asSparse(.csr), count: 4)
      let got: [Double] = try found.s.toArray()
      for (x, y) in zip(got.reversed(), want) { #expect(Swift.abs(x - y) < 1e-9) }
      #expect(try abs(found.u.T • found.u - eye(4)).max().item(Double.self) < 1e-9)
      let product = (found.u * found.s) • found.vh
      let rest = try norm(matrix - product).item(Double.self)
      let left = want.dropFirst(4).reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(Swift.abs(rest - left) < 1e-8)
    }
  }

  // MARK: - Factors

  @Test("sparse systems are solved by sparse factors")
  func factors() throws {
    let x = arange(120).reshaped([60, 2]).asType(.float64)
    for (a, method) in [(try differences(60), "CHOLMOD"), (try drifting(60), "UMFPACK")] {
      let found = solve(a, a • x)
      #expect(try found.explain().contains("sparse-solve"))
      #expect(try error(found, x) < 1e-8)
      #expect(try error(solve(a, a • x[.all, 0]), x[.all, 0]) < 1e-8)
      let factors = try factorized(a)
      #expect(factors.method == method)
      #expect(try error(factors.solve(a • x), x) < 1e-8)
      #expect(try error(factors.solve(a • x[.all, 1]), x[.all, 1]) < 1e-8)
      #expect(solve(a.asType(.float32), (a • x).asType(.float32)).dtype == .float32)
      #expect(try error(solve(a.T, a.T • x), x) < 1e-8)
    }
    // Symmetric but not definite: LU.
    let indefinite = try (differences(60) - 1.5 * eye(60)).asSparse(.csr).compute()
    #expect(try factorized(indefinite).method == "UMFPACK")
    #expect(try error(solve(indefinite, indefinite • x), x) < 1e-7)
  }

  @Test("complex systems too, and their transposes")
  func complexFactors() throws {
    let i = try #require(Script.evaluate("1j").array)
    let a = try (drifting(20).asDense() + i * eye(20, offset: 2)).asSparse(.csc).compute()
    let x = arange(20).asType(.complex128) + i
    #expect(try error(solve(a, a • x), x) < 1e-10)
    #expect(try error(factorized(a).solve(a • x), x) < 1e-10)
  }

  @Test("factors are made once for each matrix")
  func reuse() throws {
    let a = try differences(50)
    let counters = Session.current.runtime.counters
    _ = try solve(a, ones([50])).compute()
    let before = counters["sparseFactors"]
    _ = try solve(a, arange(50).asType(.float64)).compute()
    #expect(counters["sparseFactors"] == before)
  }

  @Test("singular matrices are errors")
  func singularMatrix() throws {
    let a = try diag(arange(5)).asType(.float64).asSparse(.csr).compute()
    do {
      _ = try solve(a, ones([5])).compute()
      Issue.record("no error")
    } catch {
      #expect(error.code == .singular)
    }
  }

  // MARK: - Semirings

  @Test("products over semirings are folds of elementwise products", arguments: Semiring.allCases)
  func semirings(semiring: Semiring) throws {
    let dtype: DType = semiring == .orAnd ? .bool : .float64
    let zero = try #require(semiring.zero(dtype))
    let fill = NDArray(Building.constant(zero, site: .none))
    func matrix(_ rows: Int, _ columns: Int, _ seed: Int) throws -> NDArray {
      let a = abs(sparseNumbers([rows, columns], seed: seed)).asType(dtype)
      return try which(a .> 0, a, fill).compute()
    }
    let (a, b, x) = (try matrix(7, 9, 1), try matrix(9, 6, 2), try matrix(9, 1, 3).reshaped([9]))
    var want: [NDArray] = []
    for row in 0..<7 {
      let products = NDArray.apply(
        semiring.multiply, a[row].reshaped([9, 1]), b, site: .none)
      want.append(
        semiring.add == .minimum
          ? products.min(axis: 0)
          : semiring.add == .maximum
            ? products.max(axis: 0)
            : semiring == .orAnd ? products.any(axis: 0) : products.sum(axis: 0))
    }
    let expected = stack(want)
    try expectSame(matmul(a, b, over: semiring), expected, "dense")
    let s = try a.asSparse(.csr, fill: fill).compute()
    for t in [try b.asSparse(.csr, fill: fill).compute(), try b.asSparse(fill: fill).compute()] {
      let product = matmul(s, t, over: semiring)
      #expect(try !product.layout().isDense)
      try expectSame(product.asDense(), expected, "sparse")
    }
    try expectSame(matmul(s, b, over: semiring), expected, "sparse with dense")
    try expectSame(
      matmul(s, x, over: semiring), matmul(a, x, over: semiring), "a vector")
    try expectSame(
      matmul(s.T, a, over: semiring).asDense(), matmul(a.T, a, over: semiring), "a transpose")
  }

  @Test("shortest paths are products over (min, +)")
  func paths() throws {
    let far = NDArray(Building.constant(Scalar(Double.infinity, .float64), site: .none))
    let road = try NDArray(
      coordinates: [[0, 0, 1, 2, 3], [1, 2, 3, 3, 4]], values: [1.0, 4, 7, 2, 1], shape: [5, 5],
      fill: far, format: .csr)
    let home = which(eye(5) .> 0, 0.0, far)
    var steps = try minimum(road, home).asSparse(.csr, fill: far).compute()
    for _ in 0..<3 { steps = try matmul(steps, steps, over: .minPlus).compute() }
    try expectSame(steps.asDense()[0], [0.0, 1.0, 4, 6, 7])
    #expect(try steps.fillValue() == Scalar(Double.infinity, .float64))
  }

  @Test("greatest products of negative numbers count what is not stored")
  func negative() throws {
    let a = sparseNumbers([6, 7], seed: 9)
    let s = try a.asSparse(.csr).compute()
    try expectSame(
      matmul(s, s.T, over: .maxTimes).asDense(), matmul(a, a.T, over: .maxTimes))
  }
}

private func cosine(_ x: Double) -> Double {
  (try? cos(NDArray(Building.constant(Scalar(x, .float64), site: .none))).item(Double.self)) ?? .nan
}
