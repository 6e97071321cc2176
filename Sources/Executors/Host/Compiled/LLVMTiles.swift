import WeftIR

extension LLVMWriter {
  /// A block that is copied across in squares of vectors through shuffles, those at its ends under
  /// masks; of elements with more lanes than such squares have, column by column.
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
    guard side <= Self.longestSide else {
      try indexLoop(from: lower, to: upper, step: "1") { (column) throws(WeftError) in
        bind(loop.index, .uniform(column, .int64))
        try write(tile.places, &renderer)
        try vectorLoop(tile.loop, from: first, to: last, &renderer)
      }
      return
    }
    func whole(_ first: String, _ last: String) -> String {
      let count = emit("sub i64 \(last), \(first)")
      let squares = emit("and i64 \(count), \(-side)")
      return emit("add i64 \(first), \(squares)")
    }
    let (columns, rows) = (whole(lower, upper), whole(first, last))
    try indexLoop(from: lower, to: columns, step: "\(side)") { (column) throws(WeftError) in
      try indexLoop(from: first, to: rows, step: "\(side)") { (row) throws(WeftError) in
        try square(tile, loop.index, column, row, side, ends: nil, &renderer)
      }
    }
    try indexLoop(from: lower, to: upper, step: "\(side)") { (column) throws(WeftError) in
      let isWhole = emit("icmp slt i64 \(column), \(columns)")
      let start = emit("select i1 \(isWhole), i64 \(rows), i64 \(first)")
      try indexLoop(from: start, to: last, step: "\(side)") { (row) throws(WeftError) in
        try square(tile, loop.index, column, row, side, ends: (upper, last), &renderer)
      }
    }
  }

  /// Copies as many rows of as many columns as a vector has lanes, or up to the ends of both.
  private func square(
    _ tile: Kernel.Loop.Tile, _ index: Kernel.Local, _ column: String, _ row: String, _ side: Int,
    ends: (column: String, row: String)?, _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    lanes = side
    defer {
      lanes = 1
      mask = nil
    }
    mask = ends.map { tail(from: row, to: $0.row) }
    var vectors: [String] = []
    var target = (base: "0", stride: "1")
    for k in 0..<side {
      var place = k == 0 ? column : emit("add i64 \(column), \(k)")
      if k > 0, let ends {
        // Behind the last column the first one again, which is there.
        let isInside = emit("icmp slt i64 \(place), \(ends.column)")
        place = emit("select i1 \(isInside), i64 \(place), i64 \(column)")
      }
      vectors.append(try self.column(place, of: tile, index, row: row, &renderer))
      if k == 0 { target = self.target(of: tile) }
    }
    let (base, stored) = buffer(tile.target.buffer)
    let element = LLVMNames.memory(stored, 1)
    let end = label("end")
    let below = ends.map { tail(from: column, to: $0.column) }
    for (k, vector) in transposed(vectors, tile.element.dtype, &renderer).enumerated() {
      if k > 0, let ends {
        let next = label("row")
        let following = emit("add i64 \(row), \(k)")
        let isInside = emit("icmp slt i64 \(following), \(ends.row)")
        line("br i1 \(isInside), label %\(next), label %\(end)")
        begin(next)
      }
      let shift = emit("mul i64 \(target.stride), \(k)")
      let start = emit("add i64 \(target.base), \(shift)")
      let place = address(base, element, start)
      let bytes = toMemory(vector, stored, side)
      storeVector(
        element, bytes, place, itemSize: stored.itemSize, mask: below, past: nil, &renderer)
    }
    if ends != nil {
      line("br label %\(end)")
      begin(end)
    }
  }

  func interleaved(
    _ a: String, _ b: String, high: Bool, _ dtype: DType, _ renderer: inout LLVMRenderer
  ) -> String {
    let type = LLVMNames.type(dtype, lanes)
    let start = high ? lanes / 2 : 0
    let picks = (start..<start + lanes / 2).map { "i32 \($0), i32 \(lanes + $0)" }
    return emit(
      "shufflevector \(type) \(a), \(type) \(b), "
        + "<\(lanes) x i32> <\(picks.joined(separator: ", "))>")
  }
}
