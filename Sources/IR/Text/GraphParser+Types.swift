/// Types, axes and spans.
extension GraphParser {
  mutating func type() throws(WeftError) -> TensorType {
    TensorType(try dtype(), try shape())
  }

  mutating func shape() throws(WeftError) -> Shape {
    Shape(try list { (p) throws(WeftError) in try p.extent() })
  }

  private mutating func extent() throws(WeftError) -> Extent {
    if case .unknown(let n) = token {
      try advance()
      return unknown(n)
    }
    return .known(try natural("an extent"))
  }

  mutating func natural(_ what: String) throws(WeftError) -> Int {
    let start = offset
    let number = try integer()
    if number < 0 { throw failure("\(what) is negative", at: start) }
    return number
  }

  /// Reads `[a, b]`.
  mutating func list<Element>(
    _ element: (inout GraphParser) throws(WeftError) -> Element
  ) throws(WeftError) -> [Element] {
    try expect("[")
    if try take("]") { return [] }
    var elements: [Element] = []
    repeat { elements.append(try element(&self)) } while try take(",")
    try expect("]")
    return elements
  }

  mutating func axis() throws(WeftError) -> Int {
    try expectWord("axis")
    return try natural("an axis")
  }

  mutating func axes() throws(WeftError) -> [Int] {
    try expectWord("axes")
    return try list { (p) throws(WeftError) in try p.natural("an axis") }
  }

  mutating func axisSet() throws(WeftError) -> AxisSet {
    let start = offset
    let axes = try axes()
    guard axes.allSatisfy({ $0 < 64 }), Set(axes).count == axes.count else {
      throw failure("axes repeat or are above 63", at: start, .axis)
    }
    return AxisSet(axes)
  }

  /// Reads `:` or `start:end` or `start:end:step`.
  mutating func sliceSpan() throws(WeftError) -> SliceSpan {
    if try take(":") { return SliceSpan(start: 0, count: nil) }
    let begin = offset
    let start = try natural("the start of a slice")
    try expect(":")
    let end = try natural("the end of a slice")
    let step = try take(":") ? try natural("the step of a slice") : 1
    guard end >= start, step >= 1 else {
      throw failure("a slice needs an end from its start on and a positive step", at: begin)
    }
    return SliceSpan(
      start: start, step: step, count: end > start ? (end - start - 1) / step + 1 : 0)
  }

  /// Reads `(low, high)` or `(low, high, interior)`.
  mutating func padSpan() throws(WeftError) -> PadSpan {
    try expect("(")
    let low = try natural("a padding")
    try expect(",")
    let high = try natural("a padding")
    let interior = try take(",") ? try natural("a padding") : 0
    try expect(")")
    return PadSpan(low: low, high: high, interior: interior)
  }

  /// Reads `{dense, dense}` or `{dense, dense} order [1, 0]`.
  mutating func layout() throws(WeftError) -> Layout {
    let start = offset
    try expect("{")
    var levels: [Layout.LevelKind] = []
    if try !take("}") {
      repeat {
        let start = offset
        let name = try name("a level")
        guard let level = Layout.LevelKind(rawValue: name) else {
          throw failure("no level is named '\(name)'", at: start, .name)
        }
        levels.append(level)
      } while try take(",")
      try expect("}")
    }
    var order = Array(levels.indices)
    if try takeWord("order") {
      order = try list { (p) throws(WeftError) in try p.natural("an axis") }
      guard order.sorted() == Array(levels.indices) else {
        throw failure("the order is no permutation of the levels", at: start)
      }
    }
    let chunks: [ChunkGrid.Cut]? =
      try takeWord("chunks") ? try list { (p) throws(WeftError) in try p.cut() } : nil
    let fill: Scalar? = try takeWord("fill") ? try typedScalar() : nil
    var layout = Layout(levels: levels, order: order, fill: fill)
    layout.chunks = chunks
    if let problem = layout.problem { throw failure(problem, at: start) }
    if layout.isDense != (fill == nil) {
      throw failure("sparse layouts have a fill, dense ones have none", at: start)
    }
    return layout
  }

  /// Reads `40`, an extent of pieces, or `[3, 4]`, the extents of all.
  private mutating func cut() throws(WeftError) -> ChunkGrid.Cut {
    guard token == .mark(UInt8(ascii: "[")) else { return .uniform(try natural("an extent")) }
    return .pieces(try list { (p) throws(WeftError) in try p.natural("an extent") })
  }

  /// Reads `float64 0.5`.
  private mutating func typedScalar() throws(WeftError) -> Scalar {
    let dtype = try dtype()
    let start = offset
    let (real, imaginary) = try number()
    guard let scalar = scalar(real, imaginary, dtype) else {
      throw failure("this is no \(dtype)", at: start)
    }
    return scalar
  }
}
