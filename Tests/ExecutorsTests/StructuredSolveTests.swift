import Testing
import Weft
import WeftExecution
import WeftIR

/// Systems and products whose matrices are too large or too special for the cases of every rule.
@Suite("Structure in systems")
struct StructuredSolveTests {
  private func random(_ shape: [Int], seed: Int) throws -> NDArray {
    let k = arange(shape.reduce(1, *)).asType(.float64)
    return try sin(k * k * 0.7318 + k * (12.9898 + Double(seed)) + Double(seed))
      .reshaped(shape).compute()
  }

  /// The greatest element of A X - B as a share of those of A, X and B, in float64.
  private func residual(_ a: NDArray, _ x: NDArray, _ b: NDArray) throws -> Double {
    let wide = [a, x, b].map { $0.asType(.float64) }
    let rest = abs(wide[0].dot(wide[1]) - wide[2]).max()
    let scale = abs(wide[0]).dot(abs(wide[1])).max() + abs(wide[2]).max()
    return try (rest / scale).item(Double.self)
  }

  @Test(
    "symmetric systems without definite matrices are solved from both sides",
    arguments: [DType.float32, .float64], [1, 3, 40])
  func indefinite(dtype: DType, width: Int) throws {
    let n = 530
    let half = try random([n, n], seed: 3)
    // Zeros on part of the diagonal: blocks of two are needed.
    let mask = (arange(n) .< n / 2).asType(.float64)
    let a = try (half + half.T - eye(n) * diag(half) * 2 * mask).asType(dtype).compute()
    let b = try random([n, width], seed: 5).asType(dtype).compute()
    let limit = dtype == .float32 ? 2e-5 : 1e-13
    #expect(try residual(a, solve(a, b).compute(), b) < limit)
    #expect(try residual(a, inv(a).dot(b).compute(), b) < limit)
    #expect(try residual(a, b.T.dot(inv(a)).T.compute(), b) < limit)
    #expect(try residual(a, inv(a.T).dot(b).compute(), b) < limit)
    #expect(
      try residual(a, solve(a, b[0..., 0]).reshaped([n, 1]).compute(), b[0..., ..<1]) < limit)
  }

  @Test("a symmetric matrix without an inverse is singular, and complex ones are solved")
  func indefiniteEdges() throws {
    let n = 520
    let row = try random([n], seed: 2)
    let signs = which(arange(n) .< 2, 1.0, 0.0) - which(arange(n) .>= n - 2, 1.0, 0.0)
    let hollow = try (outer(row, signs) * 0 + diag(signs)).compute()
    let x = solve(hollow, ones([n, 2]))
    #expect { try x.compute() } throws: { ($0 as? WeftError)?.code == .singular }
    let (re, im) = (try random([n, n], seed: 7), try random([n, n], seed: 8))
    let a = try (re + re.T + (im - im.T) * Complex(0, 1)).compute()
    let b = try random([n, 9], seed: 9).asType(.complex128).compute()
    let rest = abs(a.dot(solve(a, b)) - b).max()
    #expect(try rest.item(Double.self) < 1e-9)
  }

  @Test(
    "a diagonal system is a division, by rows and by columns",
    arguments: [DType.float32, .float64, .complex64, .complex128])
  func diagonal(dtype: DType) throws {
    for (n, width) in [(16, 1), (33, 7), (200, 400)] {
      let d = try (random([n], seed: 4) + 2).asType(dtype).compute()
      let a = try diag(d).compute()
      let b = try random([n, width], seed: 6).asType(dtype).compute()
      let expected = try (b / d.reshaped([n, 1])).compute()
      #expect(try (solve(a, b) .== expected).all().item(Bool.self))
      #expect(try (inv(a).dot(b) .== expected).all().item(Bool.self))
      #expect(try (b.T.dot(inv(a)) .== expected.T).all().item(Bool.self))
      #expect(try (solve(a, b[0..., 0]) .== expected[0..., 0]).all().item(Bool.self))
    }
  }

  @Test("a diagonal with a zero is singular, for the operation and the line that a user wrote")
  func singularDiagonal() throws {
    let d = which(arange(40) .== 7, 0.0, 3.0)
    let b = try ones([40, 3]).compute()
    for matrix in [try diag(d).compute(), diag(d)] {
      let line: UInt = #line + 1
      let (x, y) = (inv(matrix).dot(b), solve(matrix, b))
      for (result, name) in [(x, "inv"), (y, "solve")] {
        #expect { try result.compute() } throws: { error in
          let error = error as? WeftError
          return error?.code == .singular && error?.operation == name
            && error?.site.description.hasSuffix(":\(line)") == true
        }
      }
    }
  }

  @Test("the matrix of a system is looked at once, and the plan for what was found is kept")
  func looks() throws {
    let a = try diag(arange(64).asType(.float64) + 1).compute()
    let b = try random([64, 5], seed: 1)
    let lowered = try Session.current.preparation(of: [solve(a, b).expr]).lowered
    let names = lowered.rows.map { row -> String in
      if case .call(let routine) = row.op { routine.name } else { row.op.name }
    }
    #expect(names.contains("solve_diagonal") && !names.contains("factor"))
    let general = try random([64, 64], seed: 2)
    let other = try Session.current.preparation(of: [solve(general, b).expr]).lowered
    #expect(other.parameters.allSatisfy { $0.facts == .none })
    for _ in 0..<3 {
      for (matrix, isDiagonal) in [(a, true), (general, false)] {
        let x = solve(matrix, b)
        #expect(try residual(matrix, x.compute(), b) < 1e-14, "\(isDiagonal)")
      }
    }
  }

  @Test(
    "bands of every width give the sums of their products", arguments: [DType.float32, .float64])
  func bands(dtype: DType) throws {
    // Small integers: every order of a sum has the same bits.
    let n = 170
    let a = try (arange(n * n) % 7 - 3).reshaped([n, n]).asType(dtype).compute()
    let b = try (arange(n * 131) % 5 - 2).reshaped([n, 131]).asType(dtype).compute()
    for (lower, upper) in [(0, 1), (1, 1), (2, 0), (3, 9), (16, 16), (0, 32), (17, 17), (-2, 5)] {
      let band = try triu(tril(a, offset: upper), offset: -lower).compute()
      let facts = Facts.banded(lower: lower, upper: upper)
      for (product, plain) in [
        (a.assuming(facts).dot(b), band.dot(b)), (b.T.dot(a.assuming(facts)), b.T.dot(band)),
        (a.assuming(facts).T.dot(b), band.T.dot(b)), (band.dot(b), band.dot(b)),
      ] {
        let expected = try Session.current.with(exactness: .exact) { try plain.compute() }
        #expect(try (product .== expected).all().item(Bool.self), "\(lower) \(upper)")
      }
    }
  }

  @Test("right-hand sides of every width have the solutions of their columns")
  func widths() throws {
    let n = 150
    let general = try (random([n, n], seed: 11) + eye(n) * 3).compute()
    let definite = try (general.dot(general.T) + eye(n)).compute()
    for a in [general, definite, try tril(general).compute()] {
      for width in [1, 2, 8, 31, 64, 300] {
        let b = try random([n, width], seed: width)
        #expect(try residual(a, solve(a, b).compute(), b) < 1e-13)
        #expect(try residual(a.T, solve(a.T, b).compute(), b) < 1e-13)
        #expect(try residual(a.T, b.T.dot(inv(a)).T.compute(), b) < 1e-13)
      }
    }
  }

  @Test("determinants of factors have the signs and sizes of determinants", arguments: [21, 150])
  func sharedDeterminants(order: Int) throws {
    let x = try StructuredCase.Operands(order, .float64, seed: 11, grade: 3)
    var off = Session.current
    off.disabledRules = ["shared-determinant", "band-storage"]
    // A diagonal system needs no factors.
    for a in [x.general, x.lower, x.tridiagonal, x.blocks, x.definite, x.symmetric] {
      func results() -> [NDArray] {
        let (sign, logarithm) = slogdet(a)
        return [solve(a, x.vector).sum(), sign, logarithm, det(a)]
      }
      func values() throws -> [Double] {
        try compute(results()).map { try $0.item(Double.self) }
      }
      let text = try Session.current.explain(results().map(\.expr))
      #expect(text.contains("determinant_factored") || text.contains("band_determinant"), "\(text)")
      let (got, want) = (try values(), try off.with { try values() })
      #expect(got[1] == want[1])
      #expect(abs(got[2] - want[2]) <= 1e-11 * Double(order) * max(1, abs(want[2])))
      #expect(abs(got[3] - want[3]) <= 1e-9 * abs(want[3]))
    }
  }
}
