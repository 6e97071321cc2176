import Testing
import WeftIR

@testable import Weft

/// Options of `minres`, `lsqr` and `expmMultiply`, and what they say at their ends.
@Suite struct SolverOptionTests {
  private func code(_ body: () throws -> Void) -> ErrorCode? {
    do { try body() } catch { return (error as? WeftError)?.code }
    return nil
  }

  /// n by n with 1, 2, ... on the diagonal.
  private func counting(_ n: Int) throws -> NDArray {
    try diag(arange(1, n + 1)).asType(.float64).asSparse(.csr).compute()
  }

  @Test("complex systems, other dtypes, columns and starts")
  func options() throws {
    let n = 30
    let i = NDArray(scalar: Complex(0.0, 1.0))
    let x = cos(arange(n).asType(.float64)) + i * sin(arange(n).asType(.float64))
    let numbers = diag(3 * cos(arange(n).asType(.float64)))
    let hermitian = try (numbers + i * (eye(n, offset: 1) - eye(n, offset: -1))).asSparse(.csr)
      .compute()
    let found = try minres(hermitian, hermitian • x, rtol: 1e-12)
    #expect(try abs(found.solution - x).max().item(Double.self) < 1e-8)
    let least = try lsqr(hermitian, (hermitian • x).reshaped([n, 1]), atol: 1e-13, btol: 1e-13)
    #expect(least.solution.shape == [n, 1])
    #expect(try abs(least.solution.reshaped([n]) - x).max().item(Double.self) < 1e-8)
    #expect(try lsqr(hermitian, hermitian • x, start: x).iterations <= 1)
    let a = try counting(n).asType(.float32)
    #expect(try lsqr(a, ones([n], dtype: .float32)).solution.dtype == .float32)
    let exponential = try expmMultiply(a / 30, ones([n], dtype: .float32))
    #expect(exponential.dtype == .float32)
    #expect(try abs(exponential - exp(arange(1, n + 1) / 30)).max().item(Double.self) < 1e-5)
    // exp(i t) turns.
    let turned = try expmMultiply(i * counting(n), ones([n]), time: 0.25)
    #expect(try abs(turned - exp(i * arange(1, n + 1) / 4)).max().item(Double.self) < 1e-12)
    #expect(try abs(expmMultiply(zeros([2, 2]), [1, 2]) - [1, 2]).max().item(Double.self) == 0)
  }

  @Test("a singular system ends at the least residual")
  func inconsistent() throws {
    let a = try diag([0, 1, 2, 3]).asType(.float64).asSparse(.csr).compute()
    let found = try minres(a, [1, 1, 2, 3], rtol: 1e-12)
    #expect(!found.isConverged)
    #expect(Swift.abs(found.residual - 1) < 1e-10)
    #expect(try abs(found.solution[1...] - 1).max().item(Double.self) < 1e-10)
  }

  @Test("mistakes are told")
  func mistakes() throws {
    let a = try counting(4)
    #expect(code { _ = try minres(ones([3, 4]), ones([3])) } == .notSquare)
    #expect(code { _ = try lsqr(a, ones([5])) } == .shapeMismatch)
    #expect(code { _ = try lsqr(a, ones([4]), atol: -1) } == .value)
    #expect(code { _ = try expmMultiply(a, ones([5])) } == .shapeMismatch)
    #expect(code { _ = try expmMultiply(a, ones([4]), time: .infinity) } == .value)
    let half = LinearOperator(shape: [4, 4], dtype: .float64) { 0.5 * $0 }
    #expect(code { _ = try lsqr(half, ones([4])) } == .value)
  }
}
