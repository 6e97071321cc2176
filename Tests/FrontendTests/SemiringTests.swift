import Testing
import Weft
import WeftExecution
import WeftIR

/// Products over semirings against sums written out here, on every executor.
@Suite struct SemiringTests {
  /// A device where there is one.
  private static let executors: [ExecutorName] =
    [.reference, .blas, .sparse, .chunked, .auto]
    + (Session.standard.executors.contains {
      guard $0.name == ExecutorName.opencl.name, case .available = $0.probe() else { return false }
      return true
    } ? [.opencl] : [])

  /// The product of [m, k] and [k, n], rows after rows.
  private static func product(
    _ a: [Double], _ b: [Double], _ k: Int, _ semiring: Semiring
  ) -> [Double] {
    let (m, n) = (a.count / k, b.count / k)
    func multiply(_ x: Double, _ y: Double) -> Double {
      switch semiring {
      case .plusTimes, .maxTimes: x * y
      case .minPlus, .maxPlus: x + y
      case .minMax: max(x, y)
      case .maxMin: min(x, y)
      case .orAnd: x != 0 && y != 0 ? 1 : 0
      }
    }
    func add(_ x: Double, _ y: Double) -> Double {
      switch semiring {
      case .plusTimes: x + y
      case .minPlus, .minMax: min(x, y)
      case .maxPlus, .maxTimes, .maxMin, .orAnd: max(x, y)
      }
    }
    return (0..<m * n).map { place in
      let (row, column) = (place / n, place % n)
      let terms = (0..<k).map { multiply(a[row * k + $0], b[$0 * n + column]) }
      return terms.dropFirst().reduce(terms[0], add)
    }
  }

  /// Numbers of which most are the semiring's zero.
  private static func numbers(_ shape: [Int], seed: Int, zero: Double) throws -> NDArray {
    let plain = sparseNumbers(shape, seed: seed)
    return try which(plain .== 0, NDArray(floatLiteral: zero), abs(plain)).compute()
  }

  @Test("products of sparse and dense factors, on every executor", arguments: Semiring.allCases)
  func everywhere(semiring: Semiring) throws {
    let zero = semiring.zero(.float64)?.doubleValue ?? 0
    let (a, b) = (
      try Self.numbers([7, 6], seed: 3, zero: zero), try Self.numbers([6, 5], seed: 4, zero: zero)
    )
    let want = Self.product(try a.toArray(), try b.toArray(), 6, semiring)
    let fill = NDArray(floatLiteral: zero)
    for dtype in semiring == .orAnd ? [DType.bool] : [.float64, .float32] {
      let (x, y) = (a.asType(dtype), b.asType(dtype))
      let formats: [SparseFormat] = [.csr, .csc, .coordinates, .fibres]
      let pairs: [(NDArray, NDArray)] =
        [(x, y)]
        + formats.flatMap { format in
          let (s, t) = (
            x.asSparse(format, fill: fill.asType(dtype)),
            y.asSparse(format, fill: fill.asType(dtype))
          )
          return [(s, t), (s, y), (x, t), (s, y[.all, 1])]
        }
      for executor in Self.executors {
        for (n, (s, t)) in pairs.enumerated() {
          let made = try matmul(try s.compute(), try t.compute(), over: semiring)
            .compute(on: executor)
          let got: [Double] = try made.asDense().asType(.float64).toArray()
          let wanted =
            made.rank == 2 ? want : stride(from: 1, to: want.count, by: 5).map { want[$0] }
          #expect(
            got.count == wanted.count
              && zip(got, wanted).allSatisfy { abs($0 - $1) < 1e-4 || $0 == $1 },
            "\(semiring) of \(dtype), pair \(n), on \(executor): \(got) for \(wanted)")
        }
      }
    }
  }
}
