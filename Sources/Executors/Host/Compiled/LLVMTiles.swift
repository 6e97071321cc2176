import WeftIR

extension LLVMWriter {
  /// A block that is copied across: squares of vectors through shuffles, the rest element by element.
  func tileLoop(
    _ loop: Kernel.Loop, _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    let (lower, upper) = (scalar(value(loop.lower)), scalar(value(loop.upper)))
    guard let tile = loop.copiedTile else {
      try countedLoop(loop, from: lower, to: upper, &renderer)
      return
    }
    let (first, last) = (scalar(value(tile.loop.lower)), scalar(value(tile.loop.upper)))
    let side = VectorWidth.lanes(of: tile.loop, vectorBytes: renderer.vectorBytes)
    func whole(_ first: String, _ last: String) -> String {
      let count = emit("sub i64 \(last), \(first)")
      let squares = emit("and i64 \(count), \(-side)")
      return emit("add i64 \(first), \(squares)")
    }
    let columns = side <= Self.longestSide ? whole(lower, upper) : lower
    let rows = whole(first, last)
    if side <= Self.longestSide {
      try indexLoop(from: lower, to: columns, step: "\(side)") { (column) throws(WeftError) in
        try indexLoop(from: first, to: rows, step: "\(side)") { (row) throws(WeftError) in
          try square(tile, loop.index, column, row, side, &renderer)
        }
      }
      try copyRest(tile, loop.index, from: lower, to: columns, rows: (rows, last), &renderer)
    }
    try copyRest(tile, loop.index, from: columns, to: upper, rows: (first, last), &renderer)
  }

  /// The most lanes whose squares stay in registers.
  private static let longestSide = 16

  private func copyRest(
    _ tile: Kernel.Loop.Tile, _ index: Kernel.Local, from lower: String, to upper: String,
    rows: (first: String, last: String), _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    try indexLoop(from: lower, to: upper, step: "1") { (column) throws(WeftError) in
      bind(index, .uniform(column, .int64))
      try write(tile.places, &renderer)
      try vectorLoop(tile.loop, from: rows.first, to: rows.last, &renderer)
    }
  }

  /// Copies as many rows of as many columns as a vector has lanes.
  ///
  /// Interleaving vectors i and i + half, log2(lanes) times, exchanges rows and columns.
  private func square(
    _ tile: Kernel.Loop.Tile, _ index: Kernel.Local, _ column: String, _ row: String, _ side: Int,
    _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    lanes = side
    defer { lanes = 1 }
    var vectors: [String] = []
    var target: (base: String, stride: LLVMStride) = ("0", .constant(1))
    for k in 0..<side {
      bind(index, .uniform(k == 0 ? column : emit("add i64 \(column), \(k)"), .int64))
      try write(tile.places, &renderer)
      bind(tile.loop.index, .affine(base: row, stride: .constant(1)))
      try write(tile.inner, &renderer)
      vectors.append(spread(value(.local(tile.element)), side))
      if k == 0, case .affine(let base, let stride) = value(tile.target.at) {
        target = (base, stride)
      }
    }
    let dtype = tile.element.dtype
    let type = LLVMNames.type(dtype, side)
    func interleaved(_ a: String, _ b: String, from start: Int) -> String {
      let picks = (0..<side / 2).map { "i32 \(start + $0), i32 \(side + start + $0)" }
      return emit(
        "shufflevector \(type) \(a), \(type) \(b), "
          + "<\(side) x i32> <\(picks.joined(separator: ", "))>")
    }
    for _ in 0..<side.trailingZeroBitCount {
      var next: [String] = []
      for k in 0..<side / 2 {
        next.append(interleaved(vectors[k], vectors[k + side / 2], from: 0))
        next.append(interleaved(vectors[k], vectors[k + side / 2], from: side / 2))
      }
      vectors = next
    }
    let (base, stored) = buffer(tile.target.buffer)
    let element = LLVMNames.memory(stored, 1)
    for (k, vector) in vectors.enumerated() {
      let shift = emit("mul i64 \(target.stride.text), \(k)")
      let place = emit("add i64 \(target.base), \(shift)")
      line(
        "store <\(side) x \(element)> \(toMemory(vector, stored, side)), "
          + "ptr \(address(base, element, place)), align \(stored.itemSize)")
    }
  }
}
