import Weft
import WeftIR

/// W15: eigenvalues, singular values and systems of sparse matrices that formulas make, which
/// `peers/solver_peer.py` has too.
enum SolverWorkloads {
  static let all: [Workload] =
    [
      eigenvalues("W15a", .largestMagnitude) { try SparseFormulas.poisson(150) },
      eigenvalues("W15b", .smallest) { try SparseFormulas.poisson(150) },
      eigenvalues("W15c", .bothEnds) { try SparseFormulas.poisson(150) },
      eigenvalues("W15d", .largestMagnitude) { try SparseFormulas.graph(2_600, 10_000) },
      eigenvalues("W15e", .smallest) { try SparseFormulas.graph(2_600, 10_000) },
      eigenvalues("W15f", .largest) { try SparseFormulas.graph(50_000, 500_000) },
      Workload(id: "W15g") { _ in
        let a = try SparseFormulas.scattered(20_000, 5_000, 200_000)
        return .computed { [try svds(a, count: 6).s] }
      },
      Workload(id: "W15h") { _ in
        let a = try SparseFormulas.scattered(400, 2_000, 8_000)
        return .computed { [try svds(a, count: 6).s] }
      },
    ]
    + [
      ("W15i", 30), ("W15j", 300),
    ].map { id, side in
      Workload(id: id) { _ in
        let (a, b) = (try SparseFormulas.poisson(side), try ones([side * side]).compute())
        return .computed { [try cg(a, b, rtol: 1e-8).solution] }
      }
    }
    + [("W15k", 30), ("W15l", 200)].map { id, side in
      Workload(id: id) { _ in
        let (a, b) = (try SparseFormulas.drifting(side), try ones([side * side]).compute())
        return .computed { [try bicgstab(a, b, rtol: 1e-8).solution] }
      }
    }
    + [("W15m", 30), ("W15n", 100)].map { id, side in
      Workload(id: id) { _ in
        let (a, b) = (try SparseFormulas.drifting(side), try ones([side * side]).compute())
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
}
