import Weft
import WeftIR

/// Sparse matrices that formulas make, the same on each machine and in `peers/sparse_formulas.py`.
enum SparseFormulas {
  /// Second differences on a square of points.
  static func poisson(_ side: Int) throws -> NDArray {
    let line = try (2 * eye(side) - eye(side, offset: 1) - eye(side, offset: -1)).asSparse(.csr)
      .compute()
    let one = try eye(side).asSparse(.csr).compute()
    return try (kron(one, line) + kron(line, one)).asSparse(.csr).compute()
  }

  /// The same with a drift along one axis.
  static func drifting(_ side: Int) throws -> NDArray {
    let drift = try (0.5 * eye(side, offset: 1) - 0.5 * eye(side, offset: -1)).asSparse(.csr)
      .compute()
    let one = try eye(side).asSparse(.csr).compute()
    return try (poisson(side) + kron(one, drift)).asSparse(.csr).compute()
  }

  /// Numbers without a pattern in [0, 1), the same on each machine.
  static func fractions(_ count: Int, _ step: Double) -> NDArray {
    let products = arange(1, count + 1).asType(.float64) * step
    return products - floor(products)
  }

  /// A graph of few vertices with many edges and many with few.
  static func graph(_ vertices: Int, _ edges: Int) throws -> NDArray {
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
  static func scattered(_ rows: Int, _ columns: Int, _ entries: Int) throws -> NDArray {
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
