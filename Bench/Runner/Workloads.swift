import Weft
import WeftIR
import WeftPasses

/// The workloads, by the names of the list that they come from; formulas as written there.
enum Workloads {
  static let all: [Workload] =
    seed + elementwise + reductions + rows + distances + diffusion + products + latency
    + SparseWorkloads.all + SolverWorkloads.all + RealWorkloads.all + SparseVariations.all
    + ChunkWorkloads.all
    + DeepGraphs.all
    + Cancellation.all + Startup.all + absent

  private static let dtypes = ["f32", "f64"]

  private static let seed = ["W01a", "W01b"].map { id in
    Workload(id: id) { inputs in
      let x = try inputs("w01_x")
      return .arrays {
        let y = x.T • (log(x) + 1)
        let z = y - y.mean(axis: 0)
        return [id == "W01a" ? z[..<5] : z]
      }
    }
  }

  private static let elementwise = dtypes.flatMap { t in
    [
      Workload(id: "W02.\(t)") { inputs in
        let (a, b, c) = (
          try inputs("w02_a_\(t)"), try inputs("w02_b_\(t)"), try inputs("w02_c_\(t)")
        )
        return .arrays { [2 * a + 3 * b - sin(c)] }
      },
      Workload(id: "W03.\(t)") { inputs in
        let (s, k, time) = (
          try inputs("w03_S_\(t)"), try inputs("w03_K_\(t)"), try inputs("w03_T_\(t)")
        )
        return .arrays { blackScholes(s, k, time) }
      },
    ]
  }

  /// Prices of call and put; r = 0.03, s = 0.25.
  private static func blackScholes(_ s: NDArray, _ k: NDArray, _ t: NDArray) -> [NDArray] {
    let spread = 0.25 * sqrt(t)
    let d1 = (log(s / k) + (0.03 + 0.25 * 0.25 / 2) * t) / spread
    let d2 = d1 - spread
    let p1 = (1 + erf(d1 / 2.0.squareRoot())) / 2
    let p2 = (1 + erf(d2 / 2.0.squareRoot())) / 2
    let discounted = k * exp(-0.03 * t)
    return [s * p1 - discounted * p2, discounted * (1 - p2) - s * (1 - p1)]
  }

  private static let reductions = dtypes.flatMap { t in
    [
      Workload(id: "W04a.\(t)") { inputs in
        let (a, b) = (try inputs("w04_a_\(t)"), try inputs("w04_b_\(t)"))
        return .arrays { [pow(a - b, 2).sum()] }
      },
      Workload(id: "W04b.\(t)") { inputs in
        let x = try inputs("w04_x_\(t)")
        return .arrays { [x.mean(axis: 0)] }
      },
      Workload(id: "W04c.\(t)") { inputs in
        let x = try inputs("w04_x_\(t)")
        return .arrays { [x.std(axis: 1)] }
      },
    ]
  }

  private static func softmax(_ x: NDArray, axis: Int) -> NDArray {
    let e = exp(x - x.max(axis: axis, keepAxes: true))
    return e / e.sum(axis: axis, keepAxes: true)
  }

  /// The files are float32; the names without a dtype are theirs.
  private static let names: [(suffix: String, dtype: DType)] = [("", .float32), (".f64", .float64)]

  private static let rows = names.flatMap { suffix, dtype in
    [
      Workload(id: "W05a\(suffix)") { inputs in
        let x = try inputs("w05_x", as: dtype)
        return .arrays { [softmax(x, axis: 1)] }
      },
      Workload(id: "W05b\(suffix)") { inputs in
        let (x, g) = (try inputs("w05_x", as: dtype), try inputs("w05_g", as: dtype))
        let b = try inputs("w05_b", as: dtype)
        return .arrays {
          let mean = x.mean(axis: 1, keepAxes: true)
          let variance = x.var(axis: 1, keepAxes: true)
          return [(x - mean) / sqrt(variance + 1e-5) * g + b]
        }
      },
      // The numbers of W05a as rows of ten.
      Workload(id: "W05a.short\(suffix.isEmpty ? ".f32" : suffix)") { inputs in
        let flat = try inputs("w05_x", as: dtype).flattened()
        let rows = try inputs.sizes("x5").reduce(1, *) / 10
        let x = try flat[..<(rows * 10)].reshaped([rows, 10]).compute()
        return .arrays { [softmax(x, axis: 1)] }
      },
    ]
  }

  private static let diffusion = names.map { suffix, dtype in
    Workload(id: "W07\(suffix)") { inputs in
      let u = try inputs("w07_u", as: dtype)
      let steps = try inputs.parameter("steps7")
      return .arrays {
        var u = u
        let inner = AxisIndex.slice(start: 1, stop: -1, step: 1)
        for _ in 0..<steps {
          let middle = u[inner, inner]
          let around = u[..<(-2), inner] + u[2..., inner] + u[inner, ..<(-2)] + u[inner, 2...]
          u[inner, inner] = middle + 0.1 * (around - 4 * middle)
        }
        return [u]
      }
    }
  }

  private static let distances = [
    Workload(id: "W06a") { inputs in
      let (x, c) = (try inputs("w06_X"), try inputs("w06_C"))
      return .arrays { [((c * c).sum(axis: 1) - 2 * (x • c.T)).argmin(axis: 1)] }
    },
    Workload(id: "W06b") { inputs in
      let (x, c) = (try inputs("w06_X"), try inputs("w06_C"))
      return .arrays {
        let difference = x[.all, .newAxis, .all] - c[.newAxis]
        return [pow(difference, 2).sum(axis: 2).argmin(axis: 1)]
      }
    },
  ]

  private static func chain(_ id: String) -> Workload {
    Workload(id: id) { inputs in
      let (p, q) = (try inputs("w08_P"), try inputs("w08_Q"))
      let (r, v) = (try inputs("w08_R"), try inputs("w08_v"))
      return .arrays { [p • q • r • v] }
    }
  }

  private static let products =
    dtypes.map { t in
      Workload(id: "W08a.\(t)") { inputs in
        let (a, b) = (try inputs("w08_A_\(t)"), try inputs("w08_B_\(t)"))
        return .arrays { [a • b] }
      }
    } + [
      chain("W08b"),
      // The same as written; peers multiply in the best order.
      chain("W08b-order"),
      contraction("W09a", "bij,bjk->bik", ["w09a_A", "w09a_B"]),
      contraction("W09b", "ijk,jl,kl->il", ["w09b_X", "w09b_U", "w09b_V"]),
      Workload(id: "W09c") { inputs in
        let operands = try (0..<10).map { try inputs("w09c_\($0)") }
        let equation = try inputs.equation("w09c")
        return .arrays { [einsum(equation, operands)] }
      },
      basisChange("W09d32", 0), basisChange("W09d64", 1),
      contraction("W09e", "bhqd,bhkd->bhqk", ["w09e_Q", "w09e_K"]),
      Workload(id: "W09f") { inputs in
        let (q, k, v) = (try inputs("w09e_Q"), try inputs("w09e_K"), try inputs("w09e_V"))
        return .arrays {
          let scores = einsum("bhqd,bhkd->bhqk", q, k) / 8
          return [einsum("bhqk,bhkd->bhqd", softmax(scores, axis: -1), v)]
        }
      },
      Workload(id: "W14f") { inputs in
        let (x, w1, w2) = (try inputs("w14_X"), try inputs("w14_W1"), try inputs("w14_W2"))
        return .arrays { [pow(tanh(x • w1) • w2, 2).sum()] }
      },
    ]

  private static func contraction(_ id: String, _ equation: String, _ names: [String]) -> Workload {
    Workload(id: id) { inputs in
      let operands = try names.map { try inputs($0) }
      return .arrays { [einsum(equation, operands)] }
    }
  }

  private static func basisChange(_ id: String, _ size: Int) -> Workload {
    Workload(id: id) { inputs in
      // The two sizes of the list stand in the file names.
      let n = try inputs.sizes("ao")[size]
      let names = ["w09d_0_\(n)", "w09d_1_\(n)", "w09d_T\(n)", "w09d_2_\(n)", "w09d_3_\(n)"]
      let operands = try names.map { try inputs($0) }
      return .arrays { [einsum("ea,fb,abcd,gc,hd->efgh", operands)] }
    }
  }

  private static let latency = [
    Workload(id: "W13a") { _ in
      let arrays = (0..<3).map { n in NDArray((0..<10).map { Double($0 + n) / 10 }) }
      let (a, b, c) = (arrays[0], arrays[1], arrays[2])
      return .arrays { [a + b * c] }
    },
    Workload(id: "W13a.compiled") { _ in
      let arrays = (0..<3).map { n in NDArray((0..<10).map { Double($0 + n) / 10 }) }
      let (a, b, c) = (arrays[0], arrays[1], arrays[2])
      let step = compile { a, b, c in a + b * c }
      return .units({ for _ in 0..<100 { _ = try step(a, b, c) } }, 100)
    },
    // Ten operations on a hundred elements, which requirement R8 bounds.
    Workload(id: "R8") { _ in
      let arrays = (0..<3).map { n in NDArray((0..<100).map { Double($0 + n) / 10 }) }
      let (a, b, c) = (arrays[0], arrays[1], arrays[2])
      return .arrays { [((a + b) * c - a * 2 + b / 3) * (c + 1) - a * b] }
    },
    Workload(id: "W13b") { _ in
      let x = NDArray((0..<10).map(Double.init))
      return .units(
        {
          var y = x
          for _ in 0..<1000 { y = y + 1.0 }
          guard y.rank == 1 else { throw Unexpected() }
        }, 1000)
    },
    Workload(id: "W13c") { _ in
      let x = NDArray((0..<1000).map { Float($0) / 1000 })
      let round = Counter()
      return .units(
        {
          var y = x
          let base = round.next() * 200
          for i in 0..<200 { y = sin(y) + Double(base + i) * 1e-6 }
          try y.compute()
        }, 200)
    },
    planning("W13c.plan", nodes: true), planning("W13c.plan.one", nodes: false),
  ]

  /// The passes alone, on a graph that no cache knows: a chain of ten nodes, or one product.
  private static func planning(_ id: String, nodes isChain: Bool) -> Workload {
    Workload(id: id) { _ in
      let (a, b) = (zeros([64, 64]) + 1, zeros([64, 64]) + 2)
      try compute(a, b)
      let x = try (zeros([64]) + 3).compute()
      return .seconds {
        let chain = a.T • b • a.T • b • x
        var graph = try (isChain ? chain : a • b).graph()
        let start = ContinuousClock.now
        try Session.current.pipeline.run(&graph, PassContext())
        return Measurement.seconds(of: .now - start)
      }
    }
  }

  private struct Unexpected: Error {}

  /// What the library cannot do yet, and what would.
  private static let absent = [
    unsupported("W10", "paths are planned by `weft path`; see paths.py"),
    unsupported("W14g", "gradients are not there yet"),
  ]

  private static func unsupported(_ id: String, _ reason: String) -> Workload {
    Workload(id: id) { _ in throw Workload.Unsupported(reason: reason) }
  }
}
