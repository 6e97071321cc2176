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

  /// The most lanes whose squares stay in registers.
  private static let longestSide = 16

  /// Copies so many rows of so many columns, at most as many as a vector has lanes.
  ///
  /// Interleaving vectors i and i + half, log2(lanes) times, exchanges rows and columns.
  private func square(
    _ tile: Kernel.Loop.Tile, _ index: Kernel.Local, _ column: String, _ row: String, _ side: Int,
    _ columns: String, _ rows: String, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    lanes = side
    defer {
      lanes = 1
      rest = nil
    }
    rest = rows
    var vectors: [String] = []
    var target: (base: String, stride: String) = ("0", "1")
    for k in 0..<side {
      // Behind the last column the first one again, which is there.
      let place = k == 0 ? column : emit("long", "\(k) < \(columns) ? \(column) + \(k) : \(column)")
      bind(index, .uniform(place, .int64))
      try write(tile.places, &renderer)
      bind(tile.loop.index, .affine(base: row, stride: "1"))
      try write(tile.inner, &renderer)
      vectors.append(spread(value(.local(tile.element)), side))
      if k == 0, case .affine(let base, let stride) = value(tile.target.at) {
        target = (base, stride)
      }
    }
    let dtype = tile.element.dtype
    let type = OpenCLNames.type(dtype, side)
    for _ in 0..<side.trailingZeroBitCount {
      var next: [String] = []
      for k in 0..<side / 2 {
        for half in ["lo", "hi"] {
          let name = interleaving(type, half, &renderer)
          next.append(emit(type, "\(name)(\(vectors[k]), \(vectors[k + side / 2]))"))
        }
      }
      vectors = next
    }
    rest = columns
    for (k, vector) in vectors.enumerated() {
      try block("if (\(k) < \(rows))") { () throws(WeftError) in
        let start = emit("long", "\(target.base) + \(target.stride) * \(k)")
        store(
          result(vector, dtype, side), to: tile.target.buffer,
          at: .affine(base: start, stride: "1"),
          past: nil, &renderer)
      }
    }
  }

  /// The name of what takes elements of the low or the high halves of two vectors in turn.
  private func interleaving(
    _ type: String, _ half: String, _ renderer: inout OpenCLRenderer
  ) -> String {
    renderer.helper("mix_\(half)_\(type)") { name in
      "static inline \(type) \(name)(const \(type) a, const \(type) b) {\n"
        + "  \(type) v;\n  v.even = a.\(half);\n  v.odd = b.\(half);\n  return v;\n}\n"
    }
  }
}
