import Foundation
import Weft
import WeftIR

/// W17: what sparse arrays are asked for with real data, in the folder that `WEFT_REAL_DATA` names; `peers/real_peer.py` has
/// the same.
enum RealWorkloads {
  static let all: [Workload] = [
    rank("W17.rank.imports", "python_stdlib_imports"),
    rank("W17.rank.minnesota", "minnesota"),
    Workload(id: "W17.triangles.minnesota") { _ in
      let graph = try graph("minnesota")
      return .computed { try compute([((graph • graph) * graph).sum() / 6]) }
    },
    Workload(id: "W17.spectrum.minnesota") { _ in
      let graph = try graph("minnesota")
      return .computed { [try eigsh(graph, count: 6, which: .largest).values] }
    },
    Workload(id: "W17.embedding.minnesota") { _ in
      let a = try laplacian("minnesota")
      return .computed { [try eigsh(a, count: 6, near: -0.01).values] }
    },
    Workload(id: "W17.singular.digits") { _ in
      let a = try digits()
      return .computed { [try svds(a, count: 6).s] }
    },
    Workload(id: "W17.loss.digits") { _ in
      let r = try digits()
      let mask = try (r .> 0).asType(.float64).asSparse(.csr).compute()
      let (n, m) = (r.shape[0] ?? 0, r.shape[1] ?? 0)
      let u = try sin(arange(n * 8).asType(.float64)).reshaped([n, 8]).compute()
      let v = try cos(arange(m * 8).asType(.float64)).reshaped([m, 8]).compute()
      return .computed { try compute([(mask * square(r - u • v.T)).sum()]) }
    },
    Workload(id: "W17.poisson.minnesota") { _ in
      let a = try laplacian("minnesota")
      let places = try NDArray(contentsOf: file("minnesota_xy.npy"))
      let b = try (places - places.mean(axis: 0)).compute()
      // Another matrix in each call: factors of one would be kept.
      return .computed { try compute([solve(a * 1.0 + shift(a, by: 1e-3), b)]) }
    },
    Workload(id: "W17.conjugate.minnesota") { _ in
      let a = try laplacian("minnesota")
      let system = try (a + shift(a, by: 1e-3)).asSparse(.csr).compute()
      let b = try NDArray(contentsOf: file("minnesota_xy.npy"))[.all, 0].compute()
      return .computed { [try cg(system, b, rtol: 1e-8).solution] }
    },
  ]

  private static func file(_ name: String) throws -> String {
    guard let folder = ProcessInfo.processInfo.environment["WEFT_REAL_DATA"] else {
      throw Workload.Unsupported(reason: "WEFT_REAL_DATA names no folder")
    }
    return "\(folder)/\(name)"
  }

  private static func graph(_ name: String) throws -> NDArray {
    try NDArray(contentsOf: file("\(name).mtx")).asType(.float64).asSparse(.csr).compute()
  }

  private static func digits() throws -> NDArray {
    try NDArray(contentsOf: file("digits.npy")).asType(.float64).asSparse(.csr).compute()
  }

  /// A number times the identity, as large as a matrix.
  private static func shift(_ a: NDArray, by number: Double) throws -> NDArray {
    let n = a.shape[0] ?? 0
    return try NDArray(
      coordinates: [arange(n), arange(n)], values: full([n], NDArray(scalar: number)),
      shape: [n, n],
      format: .csr)
  }

  private static func laplacian(_ name: String) throws -> NDArray {
    let graph = try graph(name)
    let n = graph.shape[0] ?? 0
    let degrees = try NDArray(
      coordinates: [arange(n), arange(n)], values: graph.sum(axis: 1), shape: [n, n], format: .csr)
    return try (degrees - graph).asSparse(.csr).compute()
  }

  /// A hundred steps of PageRank.
  private static func rank(_ id: String, _ name: String) -> Workload {
    Workload(id: id) { _ in
      let graph = try graph(name)
      let n = Double(graph.shape[0] ?? 1)
      let degree = graph.sum(axis: 1)
      let isEnd = try (degree .== 0).asType(.float64).compute()
      let step = try (graph / which(degree .== 0, 1, degree).reshaped([-1, 1])).T.asSparse(.csr)
        .compute()
      let first = try (ones([Int(n)]) / n).compute()
      let steps = compile { (ranks: NDArray) -> NDArray in
        var ranks = ranks
        for _ in 0..<4 {
          ranks = 0.85 * (step • ranks + (ranks * isEnd).sum() / n) + 0.15 / n
        }
        return ranks
      }
      return .computed {
        var ranks = first
        for _ in 0..<25 { ranks = try steps(ranks) }
        return [ranks]
      }
    }
  }
}
