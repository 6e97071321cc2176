import Foundation
import Testing
import WeftIR

@testable import Weft

/// Norms of matrices that are too large to be dense.
@Suite struct SparseNormTests {
  /// A session that may make nothing dense.
  private func sparsely(_ body: () throws -> Void) throws {
    var session = Session.standard
    session.densifyLimit = .kibibytes(64)
    try Session.$scoped.withValue(session, operation: body)
  }

  private func code(_ body: () throws -> Void) -> ErrorCode? {
    do { try body() } catch { return (error as? WeftError)?.code }
    return nil
  }

  /// n by n with 1, 2, ... on the diagonal.
  private func counting(_ n: Int, from first: Int = 1) throws -> NDArray {
    let places = arange(n)
    return try NDArray(
      coordinates: [places, places], values: arange(first, first + n).asType(.float64),
      shape: [n, n], format: .csr)
  }

  @Test("norms need no dense matrix")
  func large() throws {
    try sparsely {
      let n = 300
      let a = try counting(n)
      for (order, want) in [
        (NormOrder.number(2), 300.0), (.number(-2), 1), (.number(1), 300), (.number(-1), 1),
        (.infinity, 300), (.number(-.infinity), 1),
      ] {
        let got: Double = try norm(a, order: order).item()
        #expect(Swift.abs(got - want) < 1e-9, "\(order)")
      }
      #expect(try Swift.abs(cond(a).item(Double.self) - 300) < 1e-6)
      #expect(try Swift.abs(cond(2 * a, order: -2).item(Double.self) - 1 / 300) < 1e-11)
      #expect(try norm(a.asType(.float32), order: 2).compute().dtype == .float32)
      let p: Double = try vectorNorm(a, order: 3).item()
      #expect(Swift.abs(p - (90_000.0 * 301 * 301 / 4).cubeRoot) < 1e-8)
      #expect(try vectorNorm(a, order: 0).item(Double.self) == Double(n))
    }
  }

  @Test("norms of what is no ordinary matrix")
  func ends() throws {
    try sparsely {
      // Of rank 299: elimination says so.
      let singular = try counting(300, from: 0)
      #expect(try norm(singular, order: -2).item(Double.self) < 1e-10)
      #expect(try cond(singular).item(Double.self) > 1e12)
      let none = try (0 * counting(200)).compute()
      #expect(try norm(none, order: 2).item(Double.self) == 0)
      #expect(try cond(none).item(Double.self) == .infinity)
      let row = try NDArray(
        coordinates: [[0, 0], [3, 1_000_000]], values: [3e200, 4e200], shape: [1, 2_000_000])
      #expect(try Swift.abs(norm(row, order: 2).item(Double.self) / 5e200 - 1) < 1e-14)
      let infinite = try NDArray(
        coordinates: [[0, 5], [2, 3]], values: NDArray([Double.infinity, 1]), shape: [200, 200],
        format: .csr)
      #expect(code { _ = try norm(infinite, order: 2).compute() } == .noConvergence)
    }
  }

  @Test("a lazy norm is part of a program")
  func lazily() throws {
    let scaled = compile { (a: NDArray) -> NDArray in a / norm(a, order: 2) }
    let a = try counting(200)
    #expect(try abs(scaled(a) - a / 200).max().item(Double.self) < 1e-12)
  }
}

extension Double {
  fileprivate var cubeRoot: Double { pow(self, 1.0 / 3) }
}
