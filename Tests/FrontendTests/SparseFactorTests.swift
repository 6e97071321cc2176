import Testing
import WeftExecution
import WeftIR

@testable import Weft

/// Factorisations of sparse matrices over their entries: the answers of dense ones.
@Suite struct SparseFactorTests {
  /// A definite matrix without a pattern, of which most elements are zero.
  private static func definite(_ n: Int, _ dtype: DType) throws -> NDArray {
    let sparse = which(
      less(random.uniform([n, n], key: 5), 0.1), random.uniform([n, n], key: 6) - 0.5,
      zeros([n, n]))
    var root = sparse.asType(dtype)
    if dtype.isComplex { root = root * Complex<Double>(0.8, 0.6) + sparse.T.asType(dtype) }
    return try (matmul(root, conj(root).T) + 2 * eye(n)).asType(dtype).compute()
  }

  private static func general(_ n: Int, _ dtype: DType) throws -> NDArray {
    let sparse = which(
      less(random.uniform([n, n], key: 7), 0.2), random.uniform([n, n], key: 8) - 0.5,
      zeros([n, n]))
    let shifted = sparse + roll(2 * eye(n), 3, axis: 0)
    return try (dtype.isComplex ? shifted.asType(dtype) * Complex<Double>(0.6, -0.8) : shifted)
      .asType(dtype).compute()
  }

  private static func expectNear(
    _ a: NDArray, _ b: NDArray, _ dtype: DType, _ what: String
  ) throws {
    #expect(a.expr.type == b.expr.type, "\(what)")
    let difference: Double = try abs(a.asDense() - b).max().asType(.float64).item()
    let scale: Double = try abs(b).max().asType(.float64).item()
    let tolerance = dtype.realPart == .float32 ? 1e-4 : 1e-11
    #expect(difference <= tolerance * max(scale, 1e-300), "\(what): \(difference) of \(scale)")
  }

  private static let dtypes: [DType] = [.float32, .float64, .complex64, .complex128]

  @Test("are those of dense ones, over entries", arguments: dtypes)
  func answers(dtype: DType) throws {
    let before = Session.standard.densifyLimit
    var session = Session.standard
    session.densifyLimit = .bytes(100_000)
    #expect(before.bytes > 0)
    for n in [1, 2, 40] {
      let (a, g) = (try Self.definite(n, dtype), try Self.general(n, dtype))
      for format in [SparseFormat.csr, .csc, .coordinates] {
        let (s, t) = (try a.asSparse(format).compute(), try g.asSparse(format).compute())
        try session.with { () throws in
          let lower = try cholesky(s).compute()
          try Self.expectNear(lower, cholesky(a), dtype, "cholesky \(n)")
          #expect(try !lower.layout().isDense)
          let upper = try cholesky(s, upper: true).compute()
          try Self.expectNear(upper, cholesky(a, upper: true), dtype, "upper \(n)")
          try Self.expectNear(det(t), det(g), dtype, "det \(n)")
          try Self.expectNear(inv(t), inv(g), dtype, "inv \(n)")
          let (sign, size) = slogdet(t)
          let (wantedSign, wantedSize) = slogdet(g)
          try Self.expectNear(sign, wantedSign, dtype, "sign \(n)")
          let distance: Double = try abs(size - wantedSize).asType(.float64).item()
          #expect(distance < (dtype.realPart == .float32 ? 1e-4 : 1e-10))
        }
      }
    }
  }

  @Test("take matrices that no dense array has room for")
  func large() throws {
    let n = 60_000
    let places = arange(n)
    let diagonal = try NDArray(
      coordinates: [
        concatenate([places, places[1...]]), concatenate([places, places[..<(n - 1)]]),
      ],
      values: concatenate([full([n], 4), full([n - 1], -1)]), shape: [n, n], format: .csr
    ).compute()
    let lower = try cholesky(diagonal).compute()
    #expect(try lower.storedCount() == 2 * n - 1)
    // Rows of L have one element beside the diagonal, whose limit is the root of 2 + sqrt(3).
    let last: Double = try lower[n - 1, n - 1].item()
    #expect(Swift.abs(last - (2 + 3.0.squareRoot()).squareRoot()) < 1e-12)
    let (sign, size) = slogdet(2 * diagonal)
    #expect(try sign.item(Double.self) == 1)
    let expected = Double(n) * 8.0.logarithm
    #expect(Swift.abs(try size.item(Double.self) - expected) < 1e-6 * expected)
    // An inverse stores nearly everything.
    let m = 1500
    let small = diagonal[..<m, ..<m]
    let poisson = try (small + small.T - 6 * eye(m).asSparse(.csr)).compute()
    var session = Session.standard
    session.densifyLimit = .bytes(1_000_000)
    do {
      _ = try session.with { () throws in try inv(poisson).compute() }
      Issue.record("no error")
    } catch let error as WeftError {
      #expect(error.code == .wouldDensify && error.operation == "inv")
      #expect(error.message.contains("bytes") && error.site != .none)
    }
  }

  @Test("of singular and indefinite matrices are zero, or errors")
  func singular() throws {
    let a: NDArray = [[1, 2, 0], [2, 4, 0], [0, 0, 1]]
    let s = try a.asType(.float64).asSparse(.csr).compute()
    #expect(try det(s).item(Double.self) == 0)
    let (sign, size) = slogdet(s)
    #expect(try sign.item(Double.self) == 0)
    #expect(try size.item(Double.self) == -.infinity)
    func code(_ x: NDArray) -> ErrorCode? {
      do throws(WeftError) {
        _ = try x.compute()
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(inv(s)) == .singular)
    #expect(code(cholesky(s)) == .notPositiveDefinite)
    #expect(code(cholesky(-s)) == .notPositiveDefinite)
  }

  @Test("of matrices with infinities are those of dense ones, visibly")
  func infinite() throws {
    let a = NDArray([1, .infinity, 2, 4]).reshaped([2, 2])
    let s = try a.asSparse(.csr).compute()
    let session = Session.standard
    let before = session.runtime.counters["densified"]
    let got: [Double] = try solve(s, [1, 2]).toArray()
    let want: [Double] = try solve(a, [1, 2]).toArray()
    #expect(zip(got, want).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    #expect(session.runtime.counters["densified"] > before)
  }
}

extension Double {
  fileprivate var logarithm: Double {
    (try? log(NDArray.number(self, .float64)).item(Double.self)) ?? .nan
  }
}

extension SparseFactorTests {
  /// A sparse matrix of full rank without a pattern.
  private static func scattered(_ m: Int, _ n: Int, _ dtype: DType) throws -> NDArray {
    let sparse = which(
      less(random.uniform([m, n], key: 11), 0.15), random.uniform([m, n], key: 12) - 0.5,
      zeros([m, n]))
    let shifted = sparse + eye(m, n)
    return try (dtype.isComplex ? shifted.asType(dtype) * Complex<Double>(0.6, -0.8) : shifted)
      .asType(dtype).compute()
  }

  @Test("least squares of tall, wide and square matrices over entries", arguments: dtypes)
  func leastSquares(dtype: DType) throws {
    var session = Session.standard
    session.densifyLimit = .bytes(1_000)
    for (m, n) in [(60, 25), (25, 60), (40, 40)] {
      let a = try Self.scattered(m, n, dtype)
      for count in [0, 1, 3] {
        let b = try
          (count == 0
          ? sin(arange(m).asType(.float64))
          : cos(
            arange(m * count).asType(.float64)
          ).reshaped([m, count])).asType(dtype).compute()
        let want = lstsq(a, b)
        let results = try compute([want.solution, want.residuals, want.rank])
        for format in [SparseFormat.csr, .csc, .coordinates] {
          let s = try a.asSparse(format).compute()
          try session.with { () throws in
            let found = lstsq(s, b)
            let what = "\(m) x \(n), \(count) sides, \(format)"
            try Self.expectNear(found.solution, results[0], dtype, what)
            #expect(try found.rank.item(Int64.self) == Int64(min(m, n)))
            if m > n { try Self.expectNear(found.residuals, results[1], dtype, what) }
            #expect(try found.solution.explain().contains("sparse-solve"))
          }
        }
      }
    }
  }

  @Test(
    "least squares that are not of full rank, or whose singular values are asked for, are those of dense ones"
  )
  func leastSquaresOfLowRank() throws {
    let a = try concatenate([Self.scattered(30, 12, .float64), zeros([30, 3])], axis: 1).compute()
    let b = try sin(arange(30).asType(.float64)).compute()
    let s = try a.asSparse(.csr).compute()
    let (want, found) = (lstsq(a, b), lstsq(s, b))
    try Self.expectNear(found.solution, want.solution, .float64, "low rank")
    #expect(try found.rank.item(Int64.self) == 12)
    let full = try Self.scattered(30, 12, .float64)
    try Self.expectNear(
      lstsq(full.asSparse(.csr).compute(), b).singularValues, lstsq(full, b).singularValues,
      .float64, "singular values")
    let wrong = which(full .> 0.4, NDArray(scalar: Double.nan), full)
    #expect(throws: WeftError.self) {
      _ = try lstsq(wrong.asSparse(.csr).compute(), b).solution.compute()
    }
  }
}
