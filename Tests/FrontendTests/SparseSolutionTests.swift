import Testing
import WeftIR

@testable import Weft

/// Systems with sparse right-hand sides, bounds on factors, and what ranks and pivots say.
@Suite struct SparseSolutionTests {
  private func expectCode(_ code: ErrorCode, _ name: Comment, _ body: () throws -> Void) {
    do {
      try body()
      Issue.record("no error: \(name)")
    } catch { #expect((error as? WeftError)?.code == code, name) }
  }

  private func line(_ n: Int) throws -> NDArray {
    try (3 * eye(n) - eye(n, offset: 1) - 2 * eye(n, offset: -1)).asSparse(.csr).compute()
  }

  /// A positive definite matrix whose factors fill up, and one that is not symmetric.
  private func scattered(_ n: Int) throws -> (definite: NDArray, general: NDArray) {
    let rows = arange(n)
    func links(_ factor: Int, _ offset: Int) throws -> NDArray {
      try NDArray(
        coordinates: [rows, (factor * rows + offset) % n], values: ones([n]), shape: [n, n],
        format: .csr)
    }
    let half = try links(37, 11) + links(91, 5) + links(173, 60) + links(211, 77) + links(293, 150)
    let diagonal = try NDArray(
      coordinates: [rows, rows], values: 20 + sin(rows.asType(.float64)), shape: [n, n],
      format: .csr)
    let definite = try (half + half.T + diagonal).asSparse(.csr).compute()
    return (definite, try (definite + links(59, 1)).asSparse(.csr).compute())
  }

  @Test("solutions for sparse right-hand sides are sparse where dense ones would be large")
  func sides() throws {
    let (n, count) = (120, 1 << 18)
    let a = try line(n)
    let columns = 6001 * arange(40)
    let b = try NDArray(
      coordinates: [7 * arange(40) % n, columns], values: 1 + arange(40).asType(.float64),
      shape: [n, count], format: .csr)
    var session = Session.standard
    session.densifyLimit = .mebibytes(4)
    try Session.$scoped.withValue(session) {
      let i = NDArray(scalar: Complex(0.0, 1.0))
      for (matrix, sides) in [(a, b), (try (a * (1 + i)).compute(), try (b * i).compute())] {
        let x = try solve(matrix, sides).compute()
        #expect(try !x.layout().isDense)
        #expect(try x.storedCount() <= 40 * n)
        let want = solve(matrix.asDense(), take(sides, columns, axis: 1).asDense())
        #expect(
          try abs(take(x, columns, axis: 1).asDense() - want).max().item(Double.self) < 1e-11)
      }
      // A narrow one is dense.
      #expect(try solve(a, b[.all, ..<100]).compute().layout().isDense)
    }
    session.densifyLimit = .kibibytes(16)
    Session.$scoped.withValue(session) {
      expectCode(.wouldDensify, "entries") { _ = try solve(a, b).compute() }
    }
  }

  @Test("factors that may not fit are not made")
  func bounded() throws {
    let n = 800
    let (definite, general) = try scattered(n)
    let i = NDArray(scalar: Complex(0.0, 1.0))
    let call = Call("factorized", .none)
    for (name, matrix) in [
      ("CHOLMOD", definite), ("UMFPACK", general), ("UMFPACK", try (general * (1 + i)).compute()),
    ] {
      expectCode(.outOfMemory, "\(name)") {
        _ = try factorized(matrix, mostBytes: 1 << 14, call)
      }
      let factors = try factorized(matrix, mostBytes: 1 << 30, call)
      #expect(factors.method == name)
    }
    // Then products alone find the values.
    expectCode(.outOfMemory, "within the limit") {
      _ = try factorized(definite, mostBytes: 1536 << 10, call)
    }
    let want: [Double] = try eigsh(definite, count: 3, which: .smallestMagnitude).values.toArray()
    let limited = Session.standard.with(memoryLimit: .kibibytes(1536))
    let found = try Session.$scoped.withValue(limited) {
      try eigsh(definite, count: 3, which: .smallestMagnitude)
    }
    for (x, y) in zip(try found.values.toArray(of: Double.self), want) {
      #expect(Swift.abs(x - y) < 1e-10)
    }
  }

  @Test("who gives up tells what has converged")
  func partial() throws {
    let a = try (2 * eye(400) - eye(400, offset: 1) - eye(400, offset: -1)).asSparse(.csr).compute()
    do {
      _ = try eigsh(a, count: 8, which: .smallest, maxIterations: 2)
      Issue.record("no error")
    } catch {
      #expect(error.code == .noConvergence)
      #expect(error.message.hasSuffix("of 8 eigenvalues within 2 restarts"))
    }
  }
}
