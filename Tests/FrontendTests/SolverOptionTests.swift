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

  @Test("the least residual is kept where eigenvectors of 0 come up later")
  func semidefinite() throws {
    for n in [12, 30, 60] {
      let numbers = concatenate([zeros([2]), linspace(0.01, 1, count: n - 2)])
      let a = try diag(numbers).asSparse(.csr).compute()
      let b = 1 + 0.5 * sin(arange(n).asType(.float64))
      let least: Double = try norm(b[..<2]).item()
      let found = try minres(a, b, rtol: 1e-12)
      #expect(!found.isConverged && found.iterations < 4 * n, "\(n)")
      #expect(Swift.abs(found.residual - least) < 1e-7 * least, "\(n)")
      let own: Double = try norm(b - a • found.solution).item()
      #expect(Swift.abs(own - found.residual) < 1e-9, "\(n)")
    }
  }

  @Test("systems without elements, of zeros, and what is not finite")
  func ends() throws {
    let (none, a) = (zeros([0, 0]), try counting(4))
    #expect(try minres(none, zeros([0])).isConverged)
    #expect(try lsqr(zeros([0, 3]), zeros([0])).solution.shape == [3])
    #expect(try lsqr(zeros([3, 0]), ones([3])).stop == .atStart)
    #expect(try expmMultiply(a, zeros([4, 0])).shape == [4, 0])
    #expect(try minres(a, zeros([4]), start: ones([4])).solution.sum().item(Double.self) == 0)
    let zero = try lsqr(a, zeros([4]), start: ones([4]), atol: 1e-12, btol: 1e-12)
    #expect(try abs(zero.solution).max().item(Double.self) < 1e-10)
    #expect(try !minres(a, ones([4]) * Double.nan).isConverged)
    #expect(try !lsqr(a * Double.nan, ones([4])).isConverged)
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
    #expect(code { _ = try lsqr(a, ones([4]), damping: -1) } == .value)
    #expect(code { _ = try expmMultiply(a * 1e13, ones([4])) } == .value)
    let negative = LinearOperator(shape: [4, 4], dtype: .float64) { -$0 }
    #expect(code { _ = try minres(a, ones([4]), preconditioner: negative) } == .value)
  }
}
