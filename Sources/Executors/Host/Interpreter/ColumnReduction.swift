import CHost
import WeftIR

extension TileReduction {
  /// How the rows that make one row of outputs are cut.
  private struct Cut {
    var rows: Int
    var chunks: Int
    var rowsPerChunk: Int
    /// Columns are cut in groups whose running sums stay in the second cache; within a group
    /// each row is read from its first piece to its last.
    var groups: Int
    var groupLength: Int
  }

  /// The most columns of a group.
  private static let groupColumns = 8192

  private var cut: Cut {
    let rows = kernel.rowsPerOutput
    var (groups, groupLength) = (1, kernel.length)
    if kernel.piecesPerRow > 1 {
      let piecesPerGroup = max(1, Self.groupColumns / kernel.pieceLength)
      groups = (kernel.piecesPerRow + piecesPerGroup - 1) / piecesPerGroup
      groupLength = min(kernel.length, piecesPerGroup * kernel.pieceLength)
    }
    var rowsPerChunk = max(Self.blockRows, Self.chunkElements / max(1, groupLength))
    let tile = kernel.rowsPerTile
    rowsPerChunk = (rowsPerChunk + tile - 1) / tile * tile
    if outputRows * groups >= 64 || rows <= 2 * rowsPerChunk { rowsPerChunk = max(1, rows) }
    return Cut(
      rows: rows, chunks: (rows + rowsPerChunk - 1) / rowsPerChunk, rowsPerChunk: rowsPerChunk,
      groups: groups, groupLength: groupLength)
  }

  /// Bytes of a row of outputs in the wide dtypes, for partial results in memory.
  private var wideRowBytes: Int { kernel.length * Self.itemBytes }

  /// The bytes of partial results in memory.
  var columnPartialBytes: Int {
    let cut = cut
    return cut.chunks == 1 ? 0 : outputRows * cut.chunks * kernel.folds.count * wideRowBytes
  }

  /// Each unit folds a chunk of rows over a piece of the columns.
  func runColumns(_ bases: KernelBases, _ context: RunContext) throws {
    let (kernel, cut) = (kernel, cut)
    let folds = kernel.folds.count
    let partials =
      cut.chunks == 1
      ? nil
      : try Buffer(
        allocating: TensorType(.uint8, Shape([columnPartialBytes])), in: context.memory)
    // For each fold: rows in the operand's dtype, rows in the wide one, a row to convert to.
    let lane = (max(kernel.tileLength, cut.groupLength) * Self.itemBytes + 63) / 64 * 64
    let units = outputRows * cut.chunks * cut.groups
    try kernel.split(units, elements: kernel.count, context) { range in
      let part = TilePart(kernel, bases.pointer, context.token, spareBytes: lane * (2 * folds + 1))
      defer { part.finish() }
      for unit in range {
        let (rest, group) = unit.quotientAndRemainder(dividingBy: cut.groups)
        let (output, chunk) = rest.quotientAndRemainder(dividingBy: cut.chunks)
        let column = group * cut.groupLength
        let n = min(cut.groupLength, kernel.length - column)
        foldChunk(cut, output, chunk, column, n, part, lane)
        for index in 0..<folds {
          let wide = part.spare + (folds + index) * lane
          if let partials {
            let row = (output * folds + index) * cut.chunks + chunk
            let size = kernel.folds[index].wide.itemSize
            (partials.base + row * wideRowBytes + column * size).copyMemory(
              from: wide, byteCount: n * size)
          } else {
            store(index, output, column, n, wide, bases, part, part.spare + 2 * folds * lane)
          }
        }
      }
    }
    if let partials { try combine(cut, partials, bases, context, lane) }
  }

  /// Folds a chunk's rows into the wide lanes of the part.
  private func foldChunk(
    _ cut: Cut, _ output: Int, _ chunk: Int, _ column: Int, _ n: Int, _ part: TilePart,
    _ lane: Int
  ) {
    let folds = kernel.folds.count
    let first = output * cut.rows + chunk * cut.rowsPerChunk
    let last = output * cut.rows + min(cut.rows, (chunk + 1) * cut.rowsPerChunk)
    let spareLane = part.spare + 2 * folds * lane
    for index in 0..<folds {
      let fold = kernel.folds[index]
      guard let identity = fold.identity else { continue }
      let wide = part.spare + (folds + index) * lane
      identity.store(to: wide)
      weft_tile_splat(wide, wide, Int32(fold.wide.itemSize), n)
    }
    var row = first
    var isFirstBlock = true
    while row < last {
      // A block: rows of tiles that combine in the operand's dtype.
      var tiles = 0
      while row < last, tiles < Self.blockRows {
        let rows = kernel.piecesPerRow > 1 ? 1 : min(kernel.rowsPerTile, last - row)
        var done = 0
        while done < n {
          let length = kernel.piecesPerRow > 1 ? min(kernel.pieceLength, n - done) : n
          part.run(row: row, rows: rows, column: column + done, length: length)
          for index in 0..<folds {
            let fold = kernel.folds[index]
            let narrow = part.spare + index * lane + done * fold.dtype.itemSize
            let source =
              rows == 1
              ? part.registers[fold.register]
              : foldTileRows(fold, part.registers[fold.register], rows, length, spareLane)
            if tiles == 0 {
              narrow.copyMemory(from: source, byteCount: length * fold.dtype.itemSize)
            } else {
              fold.combine(narrow, narrow, source, source, length)
            }
          }
          done += length
        }
        tiles += 1
        row += rows
      }
      for index in 0..<folds {
        let fold = kernel.folds[index]
        let (narrow, wide) = (part.spare + index * lane, part.spare + (folds + index) * lane)
        var source = narrow
        if let widen = fold.widen {
          widen(spareLane, narrow, narrow, narrow, n)
          source = spareLane
        }
        if isFirstBlock, fold.identity == nil {
          wide.copyMemory(from: source, byteCount: n * fold.wide.itemSize)
        } else {
          fold.combineWide(wide, wide, source, source, n)
        }
      }
      isFirstBlock = false
    }
  }

  /// Folds the rows of a tile to one row, by halves.
  private func foldTileRows(
    _ fold: TileKernel.Fold, _ source: UnsafeMutableRawPointer, _ rows: Int, _ n: Int,
    _ scratch: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    let size = n * fold.dtype.itemSize
    var from = source
    var left = rows
    while left > 1 {
      let half = left / 2
      fold.combine(scratch, from, from + half * size, from, half * n)
      if left & 1 != 0 {
        (scratch + half * size).copyMemory(from: from + 2 * half * size, byteCount: size)
      }
      left = half + left & 1
      from = scratch
    }
    return from
  }

  /// Adds the chunks up in order.
  private func combine(
    _ cut: Cut, _ partials: Buffer, _ bases: KernelBases, _ context: RunContext, _ lane: Int
  ) throws {
    let kernel = kernel
    let folds = kernel.folds.count
    let units = outputRows * cut.groups
    let partialBase = KernelAddress(partials.base)
    try kernel.split(units, elements: units * cut.chunks * cut.groupLength, context) { range in
      let part = TilePart(kernel, bases.pointer, context.token, spareBytes: 2 * lane)
      defer { part.finish() }
      for unit in range {
        let (output, group) = unit.quotientAndRemainder(dividingBy: cut.groups)
        let column = group * cut.groupLength
        let n = min(cut.groupLength, kernel.length - column)
        for index in 0..<folds {
          let fold = kernel.folds[index]
          let size = fold.wide.itemSize
          for chunk in 0..<cut.chunks {
            let row = (output * folds + index) * cut.chunks + chunk
            let source = partialBase.pointer + row * wideRowBytes + column * size
            if chunk == 0 {
              part.spare.copyMemory(from: source, byteCount: n * size)
            } else {
              fold.combineWide(part.spare, part.spare, source, source, n)
            }
          }
          store(index, output, column, n, part.spare, bases, part, part.spare + lane)
        }
      }
    }
  }

  /// Stores a piece of a row of outputs.
  private func store(
    _ index: Int, _ output: Int, _ column: Int, _ n: Int, _ wide: UnsafeMutableRawPointer,
    _ bases: KernelBases, _ part: TilePart, _ scratch: UnsafeMutableRawPointer
  ) {
    let fold = kernel.folds[index]
    var source = wide
    if let narrow = fold.narrow {
      narrow(scratch, wide, wide, wide, n)
      source = scratch
    }
    let step = kernel.strides[fold.participant * kernel.rank + kernel.rank - 1]
    let size = fold.result.itemSize
    StridedCopy.scatter(
      target(index, output, bases, part) + column * step * size, source, itemSize: size,
      columns: n, columnStride: step)
  }
}

/// An address that parts of a step share.
struct KernelAddress: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}
