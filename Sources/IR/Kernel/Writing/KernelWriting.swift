/// What writes kernels and functions as text, one statement after the other.
///
/// In vector loops a value has an element for each of `lanes`, or is the same in all of them, or
/// grows evenly; elsewhere there is one lane. What is common to all texts stands in the extensions.
package protocol KernelWriting: AnyObject {
  /// What holds the text besides the statements: functions, tables.
  associatedtype Renderer: FunctionDefining

  /// Lanes of a varying value where the writer stands; 1 outside vector loops.
  var lanes: Int { get set }
  /// The names where the writer stands.
  var scope: WrittenScope { get set }

  /// Writes statements where the writer stands.
  func write(_ statements: [Kernel.Statement], _ renderer: inout Renderer) throws(WeftError)
  /// The value of an operand.
  func value(_ operand: Kernel.Operand) -> WrittenValue
  /// The text of a value in so many lanes.
  func spread(_ value: WrittenValue, _ lanes: Int) -> String
  /// A name as a value in so many lanes.
  func result(_ name: String, _ dtype: DType, _ lanes: Int) -> WrittenValue
  /// A sum, difference or product of uniform indices.
  func index(_ primitive: Primitive, _ a: String, _ b: String) -> String

  /// The value of an operation that every device has, where it does not stay an even index.
  func operation(
    _ primitive: Primitive, _ values: [WrittenValue], _ dtype: DType, _ renderer: inout Renderer
  ) -> WrittenValue
  /// The value of a function that is defined under a name.
  func call(
    _ name: String, _ values: [WrittenValue], _ dtype: DType, _ lanes: Int
  ) -> WrittenValue
  /// A number in another dtype.
  func convert(
    _ source: WrittenValue, to dtype: DType, _ renderer: inout Renderer
  ) -> WrittenValue
  /// The same bits in another dtype.
  func bitcast(_ source: WrittenValue, to dtype: DType) -> WrittenValue
  /// The element, or the elements, of a buffer parameter.
  func load(
    _ buffer: Int, at index: WrittenValue, _ renderer: inout Renderer
  ) -> WrittenValue
  /// The element of a constant table.
  func entry(
    _ bits: [UInt64], _ index: WrittenValue, _ dtype: DType, _ renderer: inout Renderer
  ) -> WrittenValue

  /// The low and the high half of a vector of so many elements.
  func halves(of vector: String, _ dtype: DType, width: Int) -> (low: String, high: String)
  /// Elements of two vectors of all lanes in turn: those of their low halves, or of their high ones.
  func interleaved(
    _ a: String, _ b: String, high: Bool, _ dtype: DType, _ renderer: inout Renderer
  ) -> String
}

// MARK: - Functions and expressions

extension KernelWriting {
  /// Gives a local a value.
  package func bind(_ local: Kernel.Local, _ value: WrittenValue) { scope.bind(local, value) }

  /// The text of a uniform value, or of the first of an even one.
  package func scalar(_ value: WrittenValue) -> String { value.name }

  /// The lanes in which a result of these operands is computed.
  package func common(_ values: [WrittenValue]) -> Int {
    values.allSatisfy(\.isUniform) ? 1 : lanes
  }

  /// Writes the body of a function of values where the writer stands, and gives its result.
  package func inline(
    _ function: KernelFunction, _ arguments: [WrittenValue], _ renderer: inout Renderer
  ) throws(WeftError) -> WrittenValue {
    let outer = scope
    scope = WrittenScope()
    defer { scope = outer }
    for (parameter, argument) in zip(function.parameters, arguments) {
      scope.bind(parameter, argument)
    }
    try write(function.body, &renderer)
    return value(function.result)
  }

  /// Writes the body of a function whose parameters have names, and gives its result's text.
  package func writeFunction(
    _ function: KernelFunction, parameters: (Int) -> String, _ renderer: inout Renderer
  ) throws(WeftError) -> String {
    let arguments = function.parameters.enumerated().map { result(parameters($0), $1.dtype, lanes) }
    return spread(try inline(function, arguments, &renderer), lanes)
  }

  /// The value of an expression in a dtype.
  package func expression(
    _ expression: Kernel.Expression, _ dtype: DType, _ renderer: inout Renderer
  ) throws(WeftError) -> WrittenValue {
    switch expression {
    case .primitive(let primitive, let operands):
      let values = operands.map { value($0) }
      return even(primitive, values) ?? operation(primitive, values, dtype, &renderer)
    case .call(let f, let operands):
      let operandType = operands[f == .select ? 1 : 0].dtype
      return try apply(f, operandType, operands.map { value($0) }, dtype, &renderer)
    case .convert(let operand): return convert(value(operand), to: dtype, &renderer)
    case .astype(let operand):
      let source = value(operand)
      let lanes = common([source])
      let name = try renderer.conversion(source.dtype, dtype, lanes: lanes)
      return call(name, [source], dtype, lanes)
    case .bitcast(let operand): return bitcast(value(operand), to: dtype)
    case .load(let buffer, let index): return load(buffer, at: value(index), &renderer)
    case .table(let bits, let index): return entry(bits, value(index), dtype, &renderer)
    }
  }

  /// The value of a scalar function: its body where that is short, else a call.
  private func apply(
    _ f: ScalarFunction, _ operandType: DType, _ values: [WrittenValue], _ dtype: DType,
    _ renderer: inout Renderer
  ) throws(WeftError) -> WrittenValue {
    if let body = renderer.shortBody(f, operandType) { return try inline(body, values, &renderer) }
    let lanes = common(values)
    let name = try renderer.function(f, operandType, lanes: lanes)
    return call(name, values, dtype, lanes)
  }

  /// A sum or product of indices that grows evenly; nil for all else.
  private func even(_ primitive: Primitive, _ values: [WrittenValue]) -> WrittenValue? {
    guard values.count == 2 else { return nil }
    switch (primitive, values[0], values[1]) {
    case (.add, .affine(let base, let stride), .uniform(let name, _)),
      (.add, .uniform(let name, _), .affine(let base, let stride)),
      (.subtract, .affine(let base, let stride), .uniform(let name, _)):
      return .affine(base: index(primitive, base, name), stride: stride)
    case (.multiply, .affine(let base, let stride), .uniform(let name, _)),
      (.multiply, .uniform(let name, _), .affine(let base, let stride)):
      return .affine(base: index(.multiply, base, name), stride: product(stride, name))
    default: return nil
    }
  }

  private func product(_ stride: WrittenValue.Stride, _ name: String) -> WrittenValue.Stride {
    switch (stride, Int(name)) {
    case (.constant(let a), let b?): .constant(a * b)
    case (.constant(1), nil): .named(name)
    case (.constant(let a), nil): .named(index(.multiply, "\(a)", name))
    case (.named(let a), _): .named(index(.multiply, a, name))
    }
  }
}

// MARK: - Folds

extension KernelWriting {
  /// Two elements of a fold, or two vectors of them, as one.
  package func combine(
    _ fold: Kernel.Fold, _ a: String, _ b: String, _ lanes: Int, _ renderer: inout Renderer
  ) throws(WeftError) -> String {
    let dtype = fold.variable.dtype
    let outer = self.lanes
    self.lanes = lanes
    defer { self.lanes = outer }
    let values = [a, b].map { result($0, dtype, lanes) }
    return spread(try apply(fold.function, dtype, values, dtype, &renderer), lanes)
  }

  /// Vectors of all lanes as one element: lane j combines with lane j + half until one is left.
  package func halve(
    _ fold: Kernel.Fold, _ vectors: [String], _ renderer: inout Renderer
  ) throws(WeftError) -> String {
    var parts = vectors
    while parts.count > 1 {
      let half = parts.count / 2
      for j in 0..<half {
        parts[j] = try combine(fold, parts[j], parts[j + half], lanes, &renderer)
      }
      parts.removeLast(half)
    }
    var (part, width) = (parts[0], lanes)
    while width > 1 {
      let (low, high) = halves(of: part, fold.variable.dtype, width: width)
      width /= 2
      part = try combine(fold, low, high, width, &renderer)
    }
    return part
  }
}

// MARK: - Tiles

extension KernelWriting {
  /// The most lanes whose squares stay in registers.
  package static var longestSide: Int { 16 }

  /// Reads a column of a block that is copied across, from a row on as many elements as there are
  /// lanes.
  package func column(
    _ place: String, of tile: Kernel.Loop.Tile, _ index: Kernel.Local, row: String,
    _ renderer: inout Renderer
  ) throws(WeftError) -> String {
    bind(index, .uniform(place, .int64))
    try write(tile.places, &renderer)
    bind(tile.loop.index, .affine(base: row, stride: .constant(1)))
    try write(tile.inner, &renderer)
    return spread(value(.local(tile.element)), lanes)
  }

  /// Where the column that was read last goes: the place of its first element, and the distance
  /// between its elements.
  package func target(of tile: Kernel.Loop.Tile) -> (base: String, stride: String) {
    guard case .affine(let base, let stride) = value(tile.target.at) else { return ("0", "1") }
    return (base, stride.text)
  }

  /// The rows of a square whose columns are vectors of all lanes.
  ///
  /// Interleaving vectors i and i + half, log2(lanes) times, exchanges rows and columns.
  package func transposed(
    _ columns: [String], _ dtype: DType, _ renderer: inout Renderer
  ) -> [String] {
    var vectors = columns
    for _ in 0..<lanes.trailingZeroBitCount {
      var next: [String] = []
      for k in 0..<lanes / 2 {
        for high in [false, true] {
          next.append(
            interleaved(vectors[k], vectors[k + lanes / 2], high: high, dtype, &renderer))
        }
      }
      vectors = next
    }
    return vectors
  }
}
