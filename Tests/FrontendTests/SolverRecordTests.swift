import Foundation
import Testing
import WeftIR

@testable import Weft

/// Solvers beside what `scripts/record-solvers.py` wrote of SciPy's, on every executor that is here.
@Suite struct SolverRecordTests {
  private struct LeastSquares: Decodable {
    let solution: [Double]
    let stop: Double
    let iterations: Double
    let residual: Double
    let dampedResidual: Double
    let matrixNorm: Double
    let condition: Double
    let normalResidual: Double
    let solutionNorm: Double
  }

  private struct Norms: Decodable {
    let greatest: Double
    let least: Double
    let one: Double
    let infinity: Double
    let frobenius: Double
  }

  private struct Record: Decodable {
    let minres: [Double]
    let minresShifted: [Double]
    let minresPreconditioned: [Double]
    let lsqr: LeastSquares
    let lsqrDamped: LeastSquares
    let lsqrWide: LeastSquares
    let lsqrShort: LeastSquares
    let expmMultiply: [Double]
    let expmMultiplyLong: [Double]
    let norms: Norms
  }

  private static let n = 40
  private static let executors = ["sparse", "reference", "blas", "opencl", "chunked"]

  private func record() throws -> Record {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(components: "Golden", "sparse", "solvers.json")
    return try JSONDecoder().decode(Record.self, from: Data(contentsOf: file))
  }

  private var i: NDArray { arange(Self.n).asType(.float64) }

  private func diagonals(_ parts: [(NDArray, Int)]) throws -> NDArray {
    let all = parts.map { diag($0.0, offset: $0.1) }
    return try all.dropFirst().reduce(all[0]) { $0 + $1 }.asSparse(.csr).compute()
  }

  private func symmetric() throws -> NDArray {
    let beside = ones([Self.n - 1])
    return try diagonals([(3 * sin(2 * i + 1), 0), (beside, 1), (beside, -1)])
  }

  private func tall() throws -> NDArray {
    let long = arange(60)
    let numbers = long.asType(.float64)
    return try NDArray(
      coordinates: [
        concatenate([long, long]), concatenate([long % Self.n, (7 * long + 3) % Self.n]),
      ], values: concatenate([2 + sin(numbers), cos(numbers)]), shape: [60, Self.n], format: .csr)
  }

  /// Runs a body on an executor, unless this machine has not got it.
  private func on(_ executor: String, _ body: () throws -> Void) throws {
    do { _ = try ones([2]).compute(on: ExecutorName(executor)) } catch {
      #expect(error.code == .unusableExecutor)
      return
    }
    try Session.$scoped.withValue(
      Session.standard.with(executor: ExecutorName(executor)), operation: body)
  }

  private func expectNear(
    _ x: NDArray, _ want: [Double], within bound: Double, _ name: Comment
  ) throws {
    let got: [Double] = try x.asType(.float64).reshaped([-1]).toArray()
    let size = want.map { Swift.abs($0) }.max() ?? 0
    #expect(got.count == want.count, name)
    for (x, y) in zip(got, want) { #expect(Swift.abs(x - y) <= bound * size, name) }
  }

  @Test("minres finds what SciPy's finds", arguments: executors)
  func minimalResiduals(executor: String) throws {
    let want = try record()
    try on(executor) {
      let (a, b) = (try symmetric(), cos(i))
      let plain = try minres(a, b, rtol: 1e-12)
      #expect(plain.isConverged && plain.info == 0)
      try expectNear(plain.solution, want.minres, within: 1e-9, "plain")
      let shifted = try minres(a, b, rtol: 1e-12, shift: 0.7)
      try expectNear(shifted.solution, want.minresShifted, within: 1e-9, "shifted")
      let weights = 1 + i / Self.n
      let scale = LinearOperator(shape: [Self.n, Self.n], dtype: .float64) { $0 * weights }
      let scaled = try minres(a, b, rtol: 1e-12, preconditioner: scale)
      try expectNear(scaled.solution, want.minresPreconditioned, within: 1e-9, "preconditioned")
      let rest: Double = try norm(b - a • scaled.solution).item()
      #expect(rest <= 1e-11)
    }
  }

  @Test("lsqr finds what SciPy's finds, and its norms", arguments: executors)
  func leastSquares(executor: String) throws {
    let want = try record()
    try on(executor) {
      let (a, b, side) = (try tall(), cos(arange(60).asType(.float64)), cos(i))
      let cases: [(String, LeastSquaresSolution, LeastSquares)] = [
        ("tall", try lsqr(a, b, atol: 1e-12, btol: 1e-12), want.lsqr),
        ("damped", try lsqr(a, b, damping: 0.5, atol: 1e-12, btol: 1e-12), want.lsqrDamped),
        ("wide", try lsqr(a.T, side, atol: 1e-12, btol: 1e-12), want.lsqrWide),
        ("short", try lsqr(a, b, atol: 1e-12, btol: 1e-12, maxIterations: 5), want.lsqrShort),
      ]
      for (name, got, want) in cases {
        try expectNear(got.solution, want.solution, within: 1e-9, "\(name)")
        #expect(Double(got.stop.rawValue) == want.stop, "\(name)")
        #expect(Swift.abs(Double(got.iterations) - want.iterations) <= 1, "\(name)")
        // Estimates, which grow with each iteration.
        for (x, y, bound) in [
          (got.residual, want.residual, 1e-9), (got.dampedResidual, want.dampedResidual, 1e-9),
          (got.matrixNorm, want.matrixNorm, 0.05), (got.condition, want.condition, 0.05),
          (got.solutionNorm, want.solutionNorm, 1e-6),
        ] {
          #expect(Swift.abs(x - y) <= bound * y + 1e-10, "\(name)")
        }
      }
      #expect(!cases[3].1.isConverged && cases[0].1.isConverged)
      let short = cases[3]
      #expect(Swift.abs(short.1.normalResidual / short.2.normalResidual - 1) < 1e-9)
    }
  }

  @Test("expmMultiply finds what SciPy's finds", arguments: executors)
  func exponentials(executor: String) throws {
    let want = try record()
    try on(executor) {
      let beside = ones([Self.n - 1])
      let drifting = try diagonals([
        (4 * cos(i), 0), (-beside, 1), (-2 * beside, -1), (ones([Self.n - 5]), 5),
      ])
      let sides = stack([cos(i), sin(i)], axis: 1)
      let found = try expmMultiply(drifting, sides)
      #expect(found.shape == [Self.n, 2])
      try expectNear(found, want.expmMultiply, within: 1e-12, "two columns")
      try expectNear(
        expmMultiply(symmetric(), cos(i), time: -3), want.expmMultiplyLong, within: 1e-12, "long")
    }
  }

  @Test("norms of sparse matrices are SciPy's, without dense elements", arguments: executors)
  func norms(executor: String) throws {
    let want = try record().norms
    try on(executor) {
      let a = try tall()
      for matrix in [a, try a.asSparse(.csc).compute(), try a.asSparse().compute()] {
        let got: [(NDArray, Double)] = [
          (norm(matrix, order: 2), want.greatest), (norm(matrix, order: -2), want.least),
          (matrixNorm(matrix, order: 2, keepAxes: true).reshaped([]), want.greatest),
          (norm(matrix, order: 1), want.one), (norm(matrix, order: .infinity), want.infinity),
          (norm(matrix), want.frobenius), (cond(matrix), want.greatest / want.least),
          (cond(matrix, order: -2), want.least / want.greatest),
        ]
        for (n, (x, y)) in got.enumerated() {
          #expect(try Swift.abs(x.item(Double.self) - y) < 1e-12 * y, "\(n)")
        }
      }
    }
  }
}
