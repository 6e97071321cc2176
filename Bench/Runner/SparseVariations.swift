import Weft
import WeftIR

/// W16: what W11 leaves out: other shapes, dtypes, layouts and operations, rows of very different lengths.
enum SparseVariations {
  static let all: [Workload] = names.map { name in
    Workload(id: "W16." + name) { _ in
      let parts = name.split(separator: ".").map(String.init)
      let a = try matrix(parts[0], parts[1], parts[2])
      return try work(
        a, parts[2], parts[3], parts[1] == "f32" ? .float32 : parts[1] == "i64" ? .int64 : .float64)
    }
  }

  /// Matrix, dtype, layout, operation.
  private static let names: [String] = {
    let operations = [
      "vector", "turned-vector", "left-vector", "matrix8", "turned-matrix8", "left-matrix8",
      "square",
      "times", "plus", "plus-turned", "rows-sum", "columns-sum", "scaled", "positive", "row-scaled",
      "slice",
      "take", "turn",
    ]
    var names = operations.map { "even.f64.csr.\($0)" } + operations.map { "skew.f64.csr.\($0)" }
    names += operations.filter { $0 != "turn" }.map { "even.f64.csc.\($0)" }
    for layout in ["csr", "csc"] {
      names += ["step", "turned-round", "take-columns", "join-rows", "join-columns"].map {
        "even.f64.\(layout).\($0)"
      }
    }
    for dtype in ["f32", "i64"] {
      names += ["vector", "turned-vector", "matrix8", "square", "times", "plus", "rows-sum"].map {
        "even.\(dtype).csr.\($0)"
      }
    }
    for shape in ["wide", "tall", "full"] {
      names += ["vector", "turned-vector", "matrix8", "turned-matrix8", "gram", "rows-sum"].map {
        "\(shape).f64.csr.\($0)"
      }
    }
    names += ["vector", "turned-vector", "matrix8", "plus", "scaled"].flatMap {
      ["blocks.f64.bsr.\($0)", "bands.f64.dia.\($0)"]
    }
    return names
  }()

  private static func matrix(_ shape: String, _ dtype: String, _ layout: String) throws -> NDArray {
    var a =
      switch shape {
      case "skew": try SparseFormulas.graph(100_000, 500_000)
      case "wide": try SparseFormulas.scattered(2_000, 400_000, 1_000_000)
      case "tall": try SparseFormulas.scattered(400_000, 2_000, 1_000_000)
      case "full": try SparseFormulas.scattered(2_000, 2_000, 400_000)
      case "blocks":
        try kron(SparseFormulas.scattered(25_000, 25_000, 100_000), ones([4, 4]).asSparse(.csr))
      case "bands": try SparseFormulas.drifting(700)
      default: try SparseFormulas.scattered(100_000, 100_000, 1_000_000)
      }
    switch dtype {
    case "f32": a = a.asType(.float32)
    case "i64": a = floor(a * 100).asType(.int64)
    default: break
    }
    return try stored(a, layout)
  }

  private static func stored(_ a: NDArray, _ layout: String) throws -> NDArray {
    switch layout {
    case "csc": try a.asSparse(.csc).compute()
    case "bsr": try a.asSparse(.blocks(rows: 4, columns: 4)).compute()
    case "dia": try a.asSparse(.diagonals).compute()
    default: try a.asSparse(.csr).compute()
    }
  }

  private static func work(
    _ a: NDArray, _ layout: String, _ operation: String, _ dtype: DType
  ) throws -> Workload.Work {
    let (rows, columns) = (a.shape[0] ?? 0, a.shape[1] ?? 0)
    func dense(_ shape: [Int]) throws -> NDArray {
      let numbers = SparseFormulas.fractions(shape.reduce(1, *), 0.819_172_513_396_164_4)
      return try (dtype == .int64 ? floor(numbers * 100) : numbers).asType(dtype).reshaped(shape)
        .compute()
    }
    let x = try dense([columns])
    let y = try dense([rows])
    switch operation {
    case "vector": return .arrays { [a • x] }
    case "turned-vector": return .arrays { [a.T • y] }
    case "left-vector": return .arrays { [y • a] }
    case "matrix8":
      let d = try dense([columns, 8])
      return .arrays { [a • d] }
    case "turned-matrix8":
      let d = try dense([rows, 8])
      return .arrays { [a.T • d] }
    case "left-matrix8":
      let d = try dense([8, rows])
      return .arrays { [d • a] }
    case "square": return .arrays { [a • a] }
    case "gram": return .arrays { [rows > columns ? a.T • a : a • a.T] }
    case "times":
      let b = try stored(shifted(a) + a * 2, layout)
      return .arrays { [a * b] }
    case "plus":
      let b = try stored(shifted(a), layout)
      return .arrays { [a + b] }
    case "plus-turned": return .arrays { [a + a.T] }
    case "rows-sum": return .arrays { [a.sum(axis: 1)] }
    case "columns-sum": return .arrays { [a.sum(axis: 0)] }
    case "scaled": return .arrays { [a * 2] }
    case "positive": return .arrays { [maximum(a, 0)] }
    case "row-scaled":
      let scale = y.reshaped([rows, 1])
      return .arrays { [a * scale] }
    case "slice": return .arrays { [a[1_000..<90_000, 500..<60_000]] }
    case "take":
      let places = try (arange(20_000) * 37 % 100_000).compute()
      return .arrays { [take(a, places, axis: 0)] }
    case "step": return .arrays { [a[.stride(by: 2), .stride(from: 1, by: 3)]] }
    case "turned-round": return .arrays { [a[.stride(by: -1), .all]] }
    case "take-columns":
      let places = try (arange(20_000) * 37 % 100_000).compute()
      return .arrays { [take(a, places, axis: 1)] }
    case "join-rows": return .arrays { [concatenate([a, a], axis: 0)] }
    case "join-columns": return .arrays { [concatenate([a, a], axis: 1)] }
    default: return .arrays { [a.T.asSparse(.csr)] }
    }
  }

  /// The same entries three columns on.
  private static func shifted(_ a: NDArray) throws -> NDArray {
    let columns = a.shape[1] ?? 0
    let rows = try a.asSparse(.csr).compute()
    return try concatenate(
      [rows[.all, (columns - 3)...], rows[.all, ..<(columns - 3)]], axis: 1
    ).compute()
  }
}
