import Weft
import WeftIR

/// W15: eigenvalues, singular values and systems of sparse matrices that formulas make, which
/// `peers/solver_peer.py` has too.
enum SolverWorkloads {
  static let all: [Workload] =
    [
      eigenvalues("W15a", .largestMagnitude) { try poisson(150) },
      eigenvalues("W15b", .smallest) { try poisson(150) },
      eigenvalues("W15c", .bothEnds) { try poisson(150) },
      eigenvalues("W15d", .largestMagnitude) { try graph(2_600, 10_000) },
      eigenvalues("W15e", .smallest) { try graph(2_600, 10_000) },
      eigenvalues("W15f", .largest) { try graph(50_000, 500_000) },
      Workload(id: "W15g") { _ in
        let a = try scattered(20_000, 5_000, 200_000)
        return .computed { [try svds(a, count: 6).s] }
      },
      Workload(id: "W15h") { _ in
        let a = try scattered(400, 2_000, 8_000)
        return .computed { [try svds(a, count: 6).s] }
      },
    ]
    + [
      ("W15i", 30), ("W15j", 300),
    ].map { id, side in
      Workload(id: id) { _ in
        let (a, b) = (try poisson(side), try ones([side * side]).compute())
        return .computed { [try cg(a, b, rtol: 1e-8).solution] }
      }
    }
    + [("W15k", 30), ("W15l", 200)].map { id, side in
      Workload(id: id) { _ in
        let (a, b) = (try drifting(side), try ones([side * side]).compute())
        return .computed { [try bicgstab(a, b, rtol: 1e-8).solution] }
      }
    }
    + [("W15m", 30), ("W15n", 100)].map { id, side in
      Workload(id: id) { _ in
        let (a, b) = (try drifting(side), try ones([side * side]).compute())
        return .computed { [try gmres(a, b, rtol: 1e-8).solution] }
      }
    }

  private static func eigenvalues(
    _ id: String, _ choice: EigenvalueChoice, _ matrix: @escaping @Sendable () throws -> NDArray
  ) -> Workload {
    Workload(id: id) { _ in
      let a = try matrix()
      return .computed { [try eigsh(a, count: 6, which: choice).values] }
    }
  }

  /// Second differences on a square of points.
  private static func poisson(_ side: Int) throws -> NDArray {
    let line = try (2 * eye(side) - eye(side, offset: 1) - eye(side, offset: -1)).asSparse(.csr)
      .compute()
    let one = try eye(side).asSparse(.csr).compute()
    return try (kron(one, line) + kron(line, one)).asSparse(.csr).compute()
  }

  /// The same with a drift along one axis.
  private static func drifting(_ side: Int) throws -> NDArray {
    let drift = try (0.5 * eye(side, offset: 1) - 0.5 * eye(side, offset: -1)).asSparse(.csr)
      .compute()
    let one = try eye(side).asSparse(.csr).compute()
    return try (poisson(side) + kron(one, drift)).asSparse(.csr).compute()
  }

  /// Numbers without a pattern in [0, 1), the same on each machine.
  private static func fractions(_ count: Int, _ step: Double) -> NDArray {
    let products = arange(1, count + 1).asType(.float64) * step
    return products - floor(products)
  }

  /// A graph of few vertices with many edges and many with few.
  private static func graph(_ vertices: Int, _ edges: Int) throws -> NDArray {
    let (u, v) = (
      fractions(edges, 0.618_033_988_749_894_9), fractions(edges, 0.754_877_666_246_692_8)
    )
    let rows = floor(u * u * u * Double(vertices)).asType(.int64)
    let columns = floor(v * Double(vertices)).asType(.int64)
    let half = try NDArray(
      coordinates: [rows, columns], values: ones([edges]), shape: [vertices, vertices], format: .csr
    )
    return try (half + half.T).asSparse(.csr).compute()
  }

  /// Entries at places without a pattern.
  private static func scattered(_ rows: Int, _ columns: Int, _ entries: Int) throws -> NDArray {
    let (u, v) = (
      fractions(entries, 0.618_033_988_749_894_9), fractions(entries, 0.754_877_666_246_692_8)
    )
    return try NDArray(
      coordinates: [
        floor(u * Double(rows)).asType(.int64), floor(v * Double(columns)).asType(.int64),
      ], values: fractions(entries, 0.569_840_290_998_053_2), shape: [rows, columns],
      format: .csr)
  }
}
