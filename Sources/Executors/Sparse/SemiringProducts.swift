import WeftIR

extension SparseRowRunner {
  /// A product over a semiring of a sparse matrix and a sparse or a dense one, over what is stored.
  func semiringProduct(_ row: Int, _ semiring: Semiring, _ operands: [Value]) throws -> Buffer {
    let type = type(row)
    let left = try elements(operands[0])
    let right = values(of: operands[1])?.sparse
    let factor = try right?.values ?? whole(operands[1])
    if semiring == .maxTimes, !left.values.isNowhereNegative || !factor.isNowhereNegative {
      // Zero times a negative number is not the least: what is not stored counts.
      return try writtenOut(row, semiring, operands)
    }
    guard let rows = try rows(left, by: 0), let x = MatrixRows(rows) else {
      return try writtenOut(row, semiring, operands)
    }
    if let right {
      guard let columns = try self.rows(right, by: 0), let y = MatrixRows(columns) else {
        return try writtenOut(row, semiring, operands)
      }
      let product = GustavsonProduct(
        x: x, y: y, columns: right.type.shape.codes[1], type.dtype, kernels)
      let found = try withSemiring(semiring, type.dtype, product)
      let layout = Layout.csr(fill: semiring.zero(type.dtype) ?? Scalar(false))
      return buffer(
        SparseElements(
          type, layout,
          levels: [
            .dense, .compressed(positions: found.positions, coordinates: found.coordinates),
          ], values: found.values))
    }
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    let body = SemiringRows(
      matrix: x, factor: factor, result: result,
      width: type.shape.codes[1], kernels: kernels)
    try withSemiring(semiring, type.dtype, body)
    return result
  }

  /// The product of dense arrays, within the limit, where entries alone do not tell.
  private func writtenOut(
    _ row: Int, _ semiring: Semiring, _ operands: [Value]
  ) throws -> Buffer {
    var program = Graph(name: graph.name)
    var inputs: [Buffer] = []
    var parameters: [Value] = []
    for operand in operands {
      parameters.append(program.addParameter("p\(inputs.count)", graph.type(operand)))
      inputs.append(
        plan.layouts[operand].isSparse ? try densified(row, operand) : try whole(operand))
    }
    program.outputs = [
      try program.addSemiringProduct(semiring, parameters[0], parameters[1], site: .none)
    ]
    let executable = try plan.dense.prepare(program, plan.passContext)
    guard let result = try executable.run(inputs, kernels.context).first else {
      throw missing(operands[0])
    }
    guard let layout = layout(row) else { return result }
    return try compressed(result, type(row), layout, UInt64.self)
  }
}

/// The rows of a sparse matrix times a dense matrix over a semiring.
private struct SemiringRows: SparseNumberBody {
  let matrix: MatrixRows
  let factor: Buffer
  let result: Buffer
  let width: Int
  let kernels: SparseKernels

  func run<Element: SparseNumber>(_: Element.Type) throws {
    let (ends, columns) = try matrix.indices(Int.self, kernels)
    nonisolated(unsafe) let values = matrix.values.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let x = factor.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let y = result.base.assumingMemoryBound(to: Element.self)
    let parts = RowParts(matrix.count, entries: matrix.values.count, width: width) {
      ends.base[$0]
    }
    let width = width
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      for row in parts[part] {
        let out = y + row &* width
        for j in 0..<width { out[j] = .none }
        for entry in ends.base[row]..<ends.base[row &+ 1] {
          let (value, from) = (values[entry], x + columns.base[entry] &* width)
          for j in 0..<width { out[j] = Element.sum(out[j], Element.product(value, from[j])) }
        }
      }
    }
  }
}

// MARK: - Elements

/// What a semiring does with floats.
private protocol SemiringRule: Sendable {
  static func none<Value: BinaryFloatingPoint>() -> Value
  static func sum<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value
  static func product<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value
}

/// A float under a semiring's rule.
private struct SemiringNumber<
  Value: BinaryFloatingPoint & BitwiseCopyable & Sendable, Rule: SemiringRule
>: SparseNumber {
  var value: Value
  static var none: Self { Self(value: Rule.none()) }
  @inline(__always)
  static func sum(_ a: Self, _ b: Self) -> Self { Self(value: Rule.sum(a.value, b.value)) }
  @inline(__always)
  static func product(_ a: Self, _ b: Self) -> Self {
    Self(value: Rule.product(a.value, b.value))
  }
}

/// NaN wins, as in NumPy.
@inline(__always)
private func least<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value {
  a < b || a.isNaN ? a : b
}

@inline(__always)
private func greatest<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value {
  a > b || a.isNaN ? a : b
}

private enum MinPlus: SemiringRule {
  static func none<Value: BinaryFloatingPoint>() -> Value { .infinity }
  static func sum<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { least(a, b) }
  static func product<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { a + b }
}

private enum MaxPlus: SemiringRule {
  static func none<Value: BinaryFloatingPoint>() -> Value { -.infinity }
  static func sum<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { greatest(a, b) }
  static func product<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { a + b }
}

private enum MaxTimes: SemiringRule {
  static func none<Value: BinaryFloatingPoint>() -> Value { 0 }
  static func sum<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { greatest(a, b) }
  static func product<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { a * b }
}

private enum MinMax: SemiringRule {
  static func none<Value: BinaryFloatingPoint>() -> Value { .infinity }
  static func sum<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { least(a, b) }
  static func product<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value {
    greatest(a, b)
  }
}

private enum MaxMin: SemiringRule {
  static func none<Value: BinaryFloatingPoint>() -> Value { -.infinity }
  static func sum<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { greatest(a, b) }
  static func product<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value) -> Value { least(a, b) }
}

/// Runs a body for the elements of a dtype under a semiring.
///
/// - Precondition: the dtype is one that `GraphLayouts` lets through.
private func withSemiring<Body: SparseNumberBody>(
  _ semiring: Semiring, _ dtype: DType, _ body: Body
) throws -> Body.Result {
  switch (semiring, dtype) {
  case (.minPlus, .float64): try body.run(SemiringNumber<Double, MinPlus>.self)
  case (.minPlus, .float32): try body.run(SemiringNumber<Float, MinPlus>.self)
  case (.maxPlus, .float64): try body.run(SemiringNumber<Double, MaxPlus>.self)
  case (.maxPlus, .float32): try body.run(SemiringNumber<Float, MaxPlus>.self)
  case (.maxTimes, .float64): try body.run(SemiringNumber<Double, MaxTimes>.self)
  case (.maxTimes, .float32): try body.run(SemiringNumber<Float, MaxTimes>.self)
  case (.minMax, .float64): try body.run(SemiringNumber<Double, MinMax>.self)
  case (.minMax, .float32): try body.run(SemiringNumber<Float, MinMax>.self)
  case (.maxMin, .float64): try body.run(SemiringNumber<Double, MaxMin>.self)
  case (.maxMin, .float32): try body.run(SemiringNumber<Float, MaxMin>.self)
  default: try withSparseNumber(dtype, body)
  }
}

extension Buffer {
  /// Whether no number is negative or NaN, of floats or bools.
  var isNowhereNegative: Bool {
    if type.dtype == .bool { return true }
    if type.dtype == .float32 {
      let values = base.assumingMemoryBound(to: Float.self)
      return (0..<count).allSatisfy { values[$0] >= 0 }
    }
    let values = base.assumingMemoryBound(to: Double.self)
    return (0..<count).allSatisfy { values[$0] >= 0 }
  }
}
