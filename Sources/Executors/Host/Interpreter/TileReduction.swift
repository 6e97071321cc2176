import CHost
import WeftIR

/// Folds over axes of a kernel's space, cut by shape alone: the bits do not depend on threads.
///
/// Where the innermost axis is folded, tiles give one element each, tiles of a chunk combine in
/// pairs, and so do chunks. Where it is kept, rows of tiles are added up in blocks, blocks in a
/// wider dtype, and chunks in order.
struct TileReduction {
  let kernel: TileKernel

  /// The elements of a chunk, about.
  static let chunkElements = 131072
  /// The rows that are added in the operand's dtype.
  static let blockRows = 128
  /// The bytes of one folded element, at most.
  static let itemBytes = 16

  init(_ kernel: TileKernel) { self.kernel = kernel }

  /// The bytes of partial results in memory.
  static func partialBytes(_ kernel: TileKernel) -> Int {
    if kernel.folds.isEmpty || kernel.count == 0 { return 0 }
    let reduction = TileReduction(kernel)
    if !kernel.foldsInside { return reduction.columnPartialBytes }
    if kernel.rowsPerOutput == 1, kernel.piecesPerRow == 1 { return 0 }
    let chunks = reduction.rowCut.chunks
    return chunks == 1 ? 0 : reduction.outputRows * chunks * kernel.folds.count * itemBytes
  }

  func run(_ bases: KernelBases, _ context: RunContext) throws {
    if kernel.count == 0 {
      fillIdentities(bases)
    } else if !kernel.foldsInside {
      try runColumns(bases, context)
    } else if kernel.rowsPerOutput == 1, kernel.piecesPerRow == 1 {
      try runShortRows(bases, context)
    } else {
      try runLongRows(bases, context)
    }
  }

  /// The number of rows of outputs: rows of the space over rows that make one.
  var outputRows: Int { kernel.rows / max(1, kernel.rowsPerOutput) }

  /// Where fold `index` stores row `row` of outputs (an output, where the innermost is folded).
  func target(_ index: Int, _ row: Int, _ bases: KernelBases, _ part: TilePart)
    -> UnsafeMutableRawPointer
  {
    let fold = kernel.folds[index]
    let place = part.rowOffset(fold.participant, row * kernel.rowsPerOutput)
    return bases.pointer[fold.participant] + place * fold.result.itemSize
  }

  /// Folding no elements gives the identity.
  private func fillIdentities(_ bases: KernelBases) {
    var kept = 1
    let first = kernel.folds[0].participant * kernel.rank
    // The outputs are dense: the greatest stride times its extent counts them.
    for axis in 0..<kernel.rank {
      let extent = kernel.extents[axis]
      if isKept(axis), kernel.strides[first + axis] != 0 || extent == 0 { kept *= extent }
    }
    for fold in kernel.folds {
      guard let identity = fold.identity?.converted(to: fold.result) else { continue }
      for index in 0..<kept {
        identity.store(to: bases.pointer[fold.participant] + index * fold.result.itemSize)
      }
    }
  }

  private func isKept(_ axis: Int) -> Bool { !kernel.isReduced[axis] }

  // MARK: - The innermost axis is folded

  /// Several outputs a tile: each row is one.
  private func runShortRows(_ bases: KernelBases, _ context: RunContext) throws {
    let kernel = kernel
    let rowsPerTile = kernel.rowsPerTile
    let tiles = (kernel.rows + rowsPerTile - 1) / rowsPerTile
    let spare = (rowsPerTile + kernel.tileLength) * Self.itemBytes
    try kernel.split(tiles, elements: kernel.count, context) { range in
      let part = TilePart(kernel, bases.pointer, context.token, spareBytes: spare)
      defer { part.finish() }
      let results = part.spare
      let scratch = part.spare + rowsPerTile * Self.itemBytes
      for tile in range {
        let row = tile * rowsPerTile
        let rows = min(rowsPerTile, kernel.rows - row)
        part.run(row: row, rows: rows, column: 0, length: kernel.length)
        for index in kernel.folds.indices {
          foldRows(index, part, results, scratch, rows: rows)
          storeRows(index, part, bases, results, scratch, row: row, rows: rows)
        }
      }
    }
  }

  /// Folds each row of a tile to an element in the register's dtype.
  private func foldRows(
    _ index: Int, _ part: TilePart, _ results: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer, rows: Int
  ) {
    let fold = kernel.folds[index]
    let (size, length) = (fold.dtype.itemSize, kernel.length)
    let source = part.registers[fold.register]
    if length <= 8, rows >= 16 {
      // Column after column: few long loops instead of many short ones.
      startRows(fold, results, rows)
      for column in 0..<length {
        let isFirst = column == 0 && fold.identity == nil
        StridedCopy.gather(
          isFirst ? results : scratch, source + column * size, itemSize: size, rows: 1,
          rowStride: 0, columns: rows, columnStride: length)
        if !isFirst { fold.combine(results, results, scratch, scratch, rows) }
      }
      return
    }
    for row in 0..<rows {
      fold.fold(source + row * length * size, length, to: results + row * size, scratch)
    }
  }

  private func startRows(_ fold: TileKernel.Fold, _ results: UnsafeMutableRawPointer, _ rows: Int) {
    guard let identity = fold.identity?.converted(to: fold.dtype) else { return }
    identity.store(to: results)
    weft_tile_splat(results, results, Int32(fold.dtype.itemSize), rows)
  }

  private func storeRows(
    _ index: Int, _ part: TilePart, _ bases: KernelBases, _ results: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer, row: Int, rows: Int
  ) {
    let fold = kernel.folds[index]
    var source = results
    if let finish = fold.finish {
      finish(scratch, results, results, results, rows)
      source = scratch
    }
    let size = fold.result.itemSize
    if kernel.rank == 2, kernel.strides[fold.participant * 2] == 1 {
      (bases.pointer[fold.participant] + row * size).copyMemory(
        from: source, byteCount: rows * size)
      return
    }
    for i in 0..<rows {
      target(index, row + i, bases, part).copyMemory(from: source + i * size, byteCount: size)
    }
  }

  /// How the tiles of an output are cut.
  private var rowCut: (tiles: Int, chunks: Int, tilesPerChunk: Int) {
    let tiles =
      kernel.piecesPerRow > 1
      ? kernel.rowsPerOutput * kernel.piecesPerRow
      : (kernel.rowsPerOutput + kernel.rowsPerTile - 1) / kernel.rowsPerTile
    let perChunk = max(1, Self.chunkElements / kernel.tileLength)
    if tiles <= 2 * perChunk { return (tiles, 1, tiles) }
    return (tiles, (tiles + perChunk - 1) / perChunk, perChunk)
  }

  /// Many tiles an output.
  private func runLongRows(_ bases: KernelBases, _ context: RunContext) throws {
    let kernel = kernel
    let (tiles, chunks, tilesPerChunk) = rowCut
    let folds = kernel.folds.count
    let partials = try Partials(outputRows * chunks * folds, folds, chunks, context)
    let spare =
      (tilesPerChunk * folds + max(tilesPerChunk, kernel.tileLength)) * Self.itemBytes
    // Folds have elements of different sizes.
    @Sendable func places(_ fold: Int) -> Int { fold * tilesPerChunk * Self.itemBytes }
    try kernel.split(outputRows * chunks, elements: kernel.count, context) { range in
      let part = TilePart(kernel, bases.pointer, context.token, spareBytes: spare)
      defer { part.finish() }
      let scratch = part.spare + tilesPerChunk * folds * Self.itemBytes
      for unit in range {
        let (output, chunk) = unit.quotientAndRemainder(dividingBy: chunks)
        let first = chunk * tilesPerChunk
        let last = min(tiles, first + tilesPerChunk)
        for tile in first..<last {
          runTile(tile, of: output, part)
          for index in 0..<folds {
            let fold = kernel.folds[index]
            let place = places(index) + (tile - first) * fold.wide.itemSize
            fold.foldWide(
              part.registers[fold.register], tileCount(tile), to: part.spare + place, scratch)
          }
        }
        for index in 0..<folds {
          let fold = kernel.folds[index]
          let source = part.spare + places(index)
          if chunks == 1 {
            fold.foldPartials(source, last - first, to: scratch, scratch + 64)
            fold.finish(scratch, to: target(index, output, bases, part))
          } else {
            let place = partials.address(output, index, chunk)
            fold.foldPartials(source, last - first, to: place, scratch)
          }
        }
      }
    }
    if chunks == 1 { return }
    let part = TilePart(
      kernel, bases.pointer, context.token, spareBytes: chunks * Self.itemBytes * 2 + 64)
    defer { part.finish() }
    for output in 0..<outputRows {
      for index in 0..<folds {
        let fold = kernel.folds[index]
        partials.gather(output, index, fold.wide.itemSize, to: part.spare)
        let scratch = part.spare + chunks * Self.itemBytes
        fold.foldPartials(part.spare, chunks, to: scratch, scratch + 64)
        fold.finish(scratch, to: target(index, output, bases, part))
      }
    }
  }

  private func runTile(_ tile: Int, of output: Int, _ part: TilePart) {
    let firstRow = output * kernel.rowsPerOutput
    if kernel.piecesPerRow > 1 {
      let (row, piece) = tile.quotientAndRemainder(dividingBy: kernel.piecesPerRow)
      let column = piece * kernel.pieceLength
      part.run(
        row: firstRow + row, rows: 1, column: column,
        length: min(kernel.pieceLength, kernel.length - column))
    } else {
      let row = tile * kernel.rowsPerTile
      part.run(
        row: firstRow + row, rows: min(kernel.rowsPerTile, kernel.rowsPerOutput - row), column: 0,
        length: kernel.length)
    }
  }

  /// The elements of a tile of an output.
  private func tileCount(_ tile: Int) -> Int {
    if kernel.piecesPerRow > 1 {
      let column = tile % kernel.piecesPerRow * kernel.pieceLength
      return min(kernel.pieceLength, kernel.length - column)
    }
    return min(kernel.rowsPerTile, kernel.rowsPerOutput - tile * kernel.rowsPerTile)
      * kernel.length
  }
}

/// Folded elements of chunks, one after the other for each output and fold.
final class Partials: @unchecked Sendable {
  private let buffer: Buffer?
  private let folds: Int
  private let chunks: Int

  /// Memory for `count` elements of at most 16 bytes; none for one chunk.
  init(_ count: Int, _ folds: Int, _ chunks: Int, _ context: RunContext) throws {
    self.folds = folds
    self.chunks = chunks
    let bytes = count * TileReduction.itemBytes
    buffer =
      chunks == 1
      ? nil : try Buffer(allocating: TensorType(.uint8, Shape([bytes])), in: context.memory)
  }

  func address(_ output: Int, _ fold: Int, _ chunk: Int) -> UnsafeMutableRawPointer {
    // Only asked for when there are chunks, and then the buffer is there.
    buffer.unsafelyUnwrapped.base
      + ((output * folds + fold) * chunks + chunk) * TileReduction.itemBytes
  }

  /// The chunks' elements, dense.
  func gather(_ output: Int, _ fold: Int, _ itemSize: Int, to out: UnsafeMutableRawPointer) {
    for chunk in 0..<chunks {
      (out + chunk * itemSize).copyMemory(
        from: address(output, fold, chunk), byteCount: itemSize)
    }
  }
}
