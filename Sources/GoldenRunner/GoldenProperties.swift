import Weft
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tests results that are not unique by the property that makes them right: `check_property()` of
/// `check_golden.py`.
enum GoldenProperties {
  /// Why a result does not have the property named; nil when it has.
  static func difference(
    _ check: String, _ arguments: [ScriptValue], _ got: ScriptValue, _ want: ScriptValue,
    _ tolerance: GoldenTolerance
  ) throws -> String? {
    guard let input = arguments.first?.elements else { throw GoldenError("no input") }
    let comparison = GoldenComparison(tolerance: tolerance, comparesSignOfZero: false)
    let kind = check.split(separator: ":").first ?? ""
    switch kind {
    case "partition": return partition(input, arguments, got)
    case "eigvals": return eigenvalues(got, want, comparison)
    default: break
    }
    guard let results = got.items?.compactMap(\.elements),
      let expected = want.items?.compactMap(\.elements),
      results.count == expected.count
    else { return "expected several results" }
    for (a, b) in zip(results, expected) where a.type != b.type {
      return "\(a.type) for \(b.type)"
    }
    let near = Nearness(bound: 10 * max(tolerance.absolute, 1e-9) * max(1, largest(input)))
    let a = MatrixStack(input)
    switch kind {
    case "eigh" where results.count == 2:
      if let reason = comparison.difference(results[0], expected[0]) { return reason }
      let v = MatrixStack(results[1])
      let isEigen = near(a * v, v.scalingColumns(by: results[0]))
      return isEigen && near.isIdentity(v.adjoint * v) ? nil : "A v != v w or v not unitary"
    case "svd" where results.count == 3:
      if let reason = comparison.difference(results[1], expected[1]) { return reason }
      let (u, vh) = (MatrixStack(results[0]), MatrixStack(results[2]))
      let k = results[1].type.shape.known?.last ?? 0
      let product = u.firstColumns(k).scalingColumns(by: results[1]) * vh.firstRows(k)
      return near(product, a) && near.isIdentity(u.adjoint * u) ? nil : "U S Vh != A"
    case "qr" where results.count == 2:
      let (q, r) = (MatrixStack(results[0]), MatrixStack(results[1]))
      return near(q * r, a) && near.isIdentity(q.adjoint * q) && near(r.upperTriangle, r)
        ? nil : "Q R != A"
    default: return "unknown property \(check)"
    }
  }

  private static func largest(_ buffer: Buffer) -> Double {
    (0..<buffer.count).reduce(0) {
      let element = buffer.scalar(at: $1)
      return max($0, hypot(element.doubleValue, element.imaginary))
    }
  }

  private static func partition(
    _ input: Buffer, _ arguments: [ScriptValue], _ got: ScriptValue
  ) -> String? {
    guard let result = got.elements, result.type == input.type, arguments.count > 1,
      case .integer(let position) = arguments[1]
    else { return "not a partition" }
    let k = Int(position)
    let values = (0..<result.count).map { result.scalar(at: $0).doubleValue }
    let sorted = (0..<input.count).map { input.scalar(at: $0).doubleValue }.sorted()
    guard values.indices.contains(k) else { return "not a partition" }
    let isPartition =
      values[k] == sorted[k] && values[..<k].allSatisfy { $0 <= values[k] }
      && values[(k + 1)...].allSatisfy { $0 >= values[k] } && values.sorted() == sorted
    return isPartition ? nil : "not a partition"
  }

  /// Compares the sorted real parts.
  private static func eigenvalues(
    _ got: ScriptValue, _ want: ScriptValue, _ comparison: GoldenComparison
  ) -> String? {
    guard let a = got.elements.flatMap(sortedRealParts),
      let b = want.elements.flatMap(sortedRealParts)
    else { return "no eigenvalues" }
    return comparison.difference(a.converted(to: b.type.dtype), b)
  }

  private static func sortedRealParts(_ buffer: Buffer) -> Buffer? {
    let type = TensorType(buffer.type.dtype.realPart, buffer.type.shape)
    guard let result = try? Buffer(allocating: type, in: MemoryAccount()) else { return nil }
    let values = (0..<buffer.count).map { buffer.scalar(at: $0).doubleValue }.sorted()
    for (n, value) in values.enumerated() {
      Scalar(value, type.dtype).store(to: result.base + n * type.dtype.itemSize)
    }
    return result
  }
}

extension Buffer {
  fileprivate func converted(to dtype: DType) -> Buffer {
    let type = TensorType(dtype, type.shape)
    guard dtype != self.type.dtype,
      let result = try? Buffer(allocating: type, in: MemoryAccount())
    else { return self }
    for n in 0..<count {
      scalar(at: n).converted(to: dtype).store(to: result.base + n * dtype.itemSize)
    }
    return result
  }
}

extension ScriptValue {
  /// The elements of a computed array.
  fileprivate var elements: Buffer? {
    if case .array(let array) = self { array.expr.buffer } else { nil }
  }
}

/// Whether matrices agree up to an absolute bound.
private struct Nearness {
  let bound: Double

  func callAsFunction(_ a: MatrixStack, _ b: MatrixStack) -> Bool {
    a.rows == b.rows && a.columns == b.columns && a.values.count == b.values.count
      && zip(a.values, b.values).allSatisfy { hypot($0.re - $1.re, $0.im - $1.im) <= bound }
  }

  func isIdentity(_ a: MatrixStack) -> Bool {
    var identity = a
    for n in identity.values.indices {
      let (row, column) = (n / max(a.columns, 1) % max(a.rows, 1), n % max(a.columns, 1))
      identity.values[n] = (row == column ? 1 : 0, 0)
    }
    return a.rows == a.columns && self(a, identity)
  }
}

/// Matrices one behind the other, as complex float64.
private struct MatrixStack {
  var rows: Int
  var columns: Int
  var values: [(re: Double, im: Double)]

  /// The last two axes of a buffer are the matrices.
  init(_ buffer: Buffer) {
    let extents = buffer.type.shape.known ?? []
    rows = extents.dropLast().last ?? 1
    columns = extents.last ?? 1
    values = (0..<buffer.count).map {
      let element = buffer.scalar(at: $0)
      return (element.doubleValue, element.imaginary)
    }
  }

  private init(_ rows: Int, _ columns: Int, _ values: [(re: Double, im: Double)]) {
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  private var count: Int { rows * columns == 0 ? 0 : values.count / (rows * columns) }

  private func mapped(
    _ rows: Int, _ columns: Int,
    _ element: (_ base: Int, _ row: Int, _ column: Int) -> (Double, Double)
  ) -> MatrixStack {
    var result: [(re: Double, im: Double)] = []
    for matrix in 0..<count {
      for row in 0..<rows {
        for column in 0..<columns {
          result.append(element(matrix * self.rows * self.columns, row, column))
        }
      }
    }
    return MatrixStack(rows, columns, result)
  }

  /// The conjugate transpose.
  var adjoint: MatrixStack {
    mapped(columns, rows) { base, row, column in
      let value = values[base + column * columns + row]
      return (value.re, -value.im)
    }
  }

  var upperTriangle: MatrixStack {
    mapped(rows, columns) { base, row, column in
      row <= column ? values[base + row * columns + column] : (0, 0)
    }
  }

  func firstColumns(_ k: Int) -> MatrixStack {
    mapped(rows, min(k, columns)) { base, row, column in values[base + row * columns + column] }
  }

  func firstRows(_ k: Int) -> MatrixStack {
    mapped(min(k, rows), columns) { base, row, column in values[base + row * columns + column] }
  }

  /// Each column times a factor of its matrix.
  func scalingColumns(by factors: Buffer) -> MatrixStack {
    mapped(rows, columns) { base, row, column in
      let matrix = rows * columns == 0 ? 0 : base / (rows * columns)
      let factor = factors.scalar(at: matrix * columns + column).doubleValue
      let value = values[base + row * columns + column]
      return (value.re * factor, value.im * factor)
    }
  }

  static func * (a: MatrixStack, b: MatrixStack) -> MatrixStack {
    a.mapped(a.rows, b.columns) { base, row, column in
      let matrix = a.rows * a.columns == 0 ? 0 : base / (a.rows * a.columns)
      var sum = (re: 0.0, im: 0.0)
      for k in 0..<min(a.columns, b.rows) {
        let x = a.values[base + row * a.columns + k]
        let y = b.values[(matrix * b.rows + k) * b.columns + column]
        sum.re += x.re * y.re - x.im * y.im
        sum.im += x.re * y.im + x.im * y.re
      }
      return sum
    }
  }
}
