import Weft
import WeftIR

/// The workloads of sparse arrays: W11.
enum SparseWorkloads {
  static let all: [Workload] = [
    Workload(id: "W11a") { inputs in
      let (a, x) = (try inputs.rows("A"), try inputs("w11_x"))
      return .arrays { [a • x] }
    },
    Workload(id: "W11b") { inputs in
      let (a, d) = (try inputs.rows("A"), try inputs("w11_D"))
      return .arrays { [a • d] }
    },
    Workload(id: "W11c") { inputs in
      let a = try inputs.rows("A")
      return .arrays { [a • a] }
    },
    Workload(id: "W11d") { inputs in
      let (a, b) = (try inputs.rows("A"), try inputs.rows("B"))
      return .arrays { [a * b + a] }
    },
    Workload(id: "W11e") { inputs in
      let (a, u, v) = (try inputs.rows("A"), try inputs("w11_U"), try inputs("w11_V"))
      return .arrays { [einsum("ij,ik,jk->ij", a, u, v)] }
    },
    Workload(id: "W11f1") { inputs in
      let t = try inputs.tensor()
      return .arrays { [t.sum(axis: 2).asDense()] }
    },
    Workload(id: "W11f2") { inputs in
      let (t, m) = (try inputs.tensor(), try inputs("w11_M16"))
      return .arrays { [einsum("ijk,kr->ijr", t, m)] }
    },
    Workload(id: "W11f3") { inputs in
      let (t, f, g) = (try inputs.tensor(), try inputs("w11_F"), try inputs("w11_G"))
      return .arrays { [einsum("ijk,jr,kr->ir", t, f, g)] }
    },
  ]
}

extension Inputs {
  /// A matrix in CSR whose columns, ends of rows and values are arrays.
  fileprivate func rows(_ name: String) throws -> NDArray {
    let ends = try self("w11_\(name)_indptr", as: .int64)
    let columns = try self("w11_\(name)_indices", as: .int64)
    let values = try self("w11_\(name)_data")
    let n = (ends.count ?? 1) - 1
    let rows = searchsorted(ends[1...], arange(values.count ?? 0), side: .right)
    return try NDArray(coordinates: [rows, columns], values: values, shape: [n, n], format: .csr)
  }

  /// The tensor in coordinates.
  fileprivate func tensor() throws -> NDArray {
    let extent = try sizes("t11")[0]
    let coordinates = try self("w11_T_coords", as: .int64)
    return try NDArray(
      coordinates: [coordinates[0], coordinates[1], coordinates[2]],
      values: try self("w11_T_data"), shape: [extent, extent, extent])
  }
}
