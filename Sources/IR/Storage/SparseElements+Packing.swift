extension SparseElements {
  /// Calls a body for each value of blocks or diagonals that is inside the matrix: its number, row and column.
  ///
  /// - Precondition: the layout has blocks or diagonals.
  public func forEachSlot(_ body: (_ slot: Int, _ row: Int, _ column: Int) -> Void) {
    let (rows, columns) = (type.shape.codes[0], type.shape.codes[1])
    switch layout.packing {
    case .elements: break
    case .blocks(let height, let width):
      guard case .compressed(let positions, let coordinates)? = levels.last else { return }
      for blockRow in 0..<positions.count - 1 {
        for block in Self.index(positions, blockRow)..<Self.index(positions, blockRow + 1) {
          let first = Self.index(coordinates, block) * width
          for row in blockRow * height..<min(rows, (blockRow + 1) * height) {
            let start = (block * height + row - blockRow * height) * width
            for column in first..<min(columns, first + width) {
              body(start + column - first, row, column)
            }
          }
        }
      }
    case .diagonals:
      guard case .compressed(_, let offsets)? = levels.first else { return }
      for diagonal in 0..<offsets.count {
        let offset = Self.index(offsets, diagonal)
        for column in max(0, offset)..<max(0, offset, min(columns, rows + offset)) {
          body(diagonal * columns + column, column - offset, column)
        }
      }
    }
  }

  private static func index(_ buffer: Buffer, _ place: Int) -> Int {
    buffer.type.dtype == .int32
      ? Int(buffer.base.assumingMemoryBound(to: Int32.self)[place])
      : Int(buffer.base.assumingMemoryBound(to: Int64.self)[place])
  }
}
