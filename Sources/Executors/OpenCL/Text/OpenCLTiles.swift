import WeftIR

extension OpenCLWriter {
  /// A block that is copied across in squares of vectors through shuffles, those at its ends in
  /// part; on devices whose work-items are lanes, and of elements with more lanes than such squares
  /// have, column by column.
  func tileLoop(
    _ loop: Kernel.Loop, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    guard case .vectors(let bytes) = renderer.style, let tile = loop.copiedTile,
      case let side = VectorWidth.lanes(of: tile.loop, vectorBytes: bytes), side > 1,
      side <= Self.longestSide
    else {
      try countedLoop(loop, &renderer)
      return
    }
    let (lower, upper) = (scalar(value(loop.lower)), scalar(value(loop.upper)))
    let (first, last) = (scalar(value(tile.loop.lower)), scalar(value(tile.loop.upper)))
    let (column, row) = (fresh("i"), fresh("i"))
    try block("for (long \(column) = \(lower); \(column) < \(upper); \(column) += \(side))") {
      () throws(WeftError) in
      let columns = emit("int", "(int)min(\(upper) - \(column), (long)\(side))")
      try block("for (long \(row) = \(first); \(row) < \(last); \(row) += \(side))") {
        () throws(WeftError) in
        let rows = emit("int", "(int)min(\(last) - \(row), (long)\(side))")
        try square(tile, loop.index, column, row, side, columns, rows, &renderer)
      }
    }
  }

  /// Copies so many rows of so many columns, at most as many as a vector has lanes.
  ///
  /// What is read and written stands once in the text: its ends take compilers long.
  private func square(
    _ tile: Kernel.Loop.Tile, _ index: Kernel.Local, _ column: String, _ row: String, _ side: Int,
    _ columns: String, _ rows: String, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    lanes = side
    defer {
      lanes = 1
      rest = nil
    }
    let type = OpenCLNames.type(tile.element.dtype, side)
    let (block, base, stride, turn) = (fresh("block"), fresh("base"), fresh("stride"), fresh("n"))
    line("\(type) \(block)[\(side)];")
    line("long \(base) = 0, \(stride) = 0;")
    rest = rows
    line("#pragma unroll 1")
    try self.block("for (int \(turn) = 0; \(turn) < \(side); \(turn)++)") { () throws(WeftError) in
      // Behind the last column the first one again, which is there.
      let place = emit("long", "\(turn) < \(columns) ? \(column) + \(turn) : \(column)")
      let vector = try self.column(place, of: tile, index, row: row, &renderer)
      line("\(block)[\(turn)] = \(vector);")
      let target = target(of: tile)
      line("if (\(turn) == 0) \(base) = \(target.base);")
      line("\(stride) = \(target.stride);")
    }
    let vectors = (0..<side).map { emit(type, "\(block)[\($0)]") }
    for (k, vector) in transposed(vectors, tile.element.dtype, &renderer).enumerated() {
      line("\(block)[\(k)] = \(vector);")
    }
    rest = columns
    line("#pragma unroll 1")
    try self.block("for (int \(turn) = 0; \(turn) < \(rows); \(turn)++)") { () throws(WeftError) in
      let start = emit("long", "\(base) + \(stride) * \(turn)")
      store(
        result("\(block)[\(turn)]", tile.element.dtype, side), to: tile.target.buffer,
        at: .affine(base: start, stride: .constant(1)), past: nil, &renderer)
    }
  }

  func interleaved(
    _ a: String, _ b: String, high: Bool, _ dtype: DType, _ renderer: inout OpenCLRenderer
  ) -> String {
    let type = OpenCLNames.type(dtype, lanes)
    let half = high ? "hi" : "lo"
    let name = renderer.helper("mix_\(half)_\(type)") { name in
      "static inline \(type) \(name)(const \(type) a, const \(type) b) {\n"
        + "  \(type) v;\n  v.even = a.\(half);\n  v.odd = b.\(half);\n  return v;\n}\n"
    }
    return emit(type, "\(name)(\(a), \(b))")
  }
}
