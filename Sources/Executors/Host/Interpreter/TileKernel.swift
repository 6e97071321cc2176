import CHost
import WeftIR
import WeftPasses

/// A cluster made ready: registers, C loops, strides; nothing is looked up when it runs.
///
/// Tiles are runs of at most `tileLength` elements of the iteration space, either a piece of one
/// row or several whole rows. For each tile, streams point registers at the operands' elements or
/// copy them to scratch memory, instructions compute from registers to registers, and results go
/// straight to the outputs.
///
/// `@unchecked Sendable`: everything is written in `init` and only read afterwards.
final class TileKernel: @unchecked Sendable {
  /// One C loop over a tile; operands and result are register numbers.
  struct Instruction {
    let function: weft_tile_function
    let out: Int32
    let a: Int32
    let b: Int32
    let c: Int32
  }

  /// What fills a register before the instructions run.
  struct Stream {
    enum Source: UInt8 { case memory, iota, random }
    /// How the register gets its elements.
    enum Fill: UInt8 {
      /// It points into memory, by flat index.
      case flat
      /// It points into memory, at a piece of a row.
      case direct
      /// All tiles of a part see the same elements.
      case once
      /// They are copied or made for each tile.
      case copy
    }
    var source: Source
    var fill: Fill
    var dtype: DType
    var itemSize: Int
    var register: Int
    /// Where the participant's first element lies, in elements.
    var offset: Int
    /// Which participant of the space it is.
    var participant: Int
    /// The register of the key and the lane of random bits.
    var key = 0
    var lane = 0
  }

  /// How a register's elements get to an output.
  struct Store {
    enum Way: UInt8 {
      /// The register is the output's memory, by flat index.
      case flat
      /// The register is the output's memory, at a piece of a row.
      case direct
      /// They are copied after the instructions, row by row.
      case copy
    }
    var way: Way
    var register: Int
    var itemSize: Int
    var participant: Int
  }

  /// How a register's elements are folded; see `Reductions`.
  struct Fold {
    var register: Int
    /// The dtype of the register, of sums over tiles, and of the result.
    var dtype: DType
    var wide: DType
    var result: DType
    var participant: Int
    var reduce: weft_reduce_function?
    var reduceWide: weft_reduce_function?
    var combine: weft_tile_function
    var combineWide: weft_tile_function
    var widen: weft_tile_function?
    var narrow: weft_tile_function?
    /// From the register's dtype to the result's.
    var finish: weft_tile_function?
    var identity: Scalar?
    var isIdempotent: Bool
  }

  let extents: UnsafeMutableBufferPointer<Int>
  let rank: Int
  /// Whether reductions fold each axis.
  let isReduced: [Bool]
  /// Strides of participant p along axis a at `strides[p * rank + a]`, in elements.
  let strides: UnsafeMutableBufferPointer<Int>
  let streams: UnsafeMutableBufferPointer<Stream>
  let stores: UnsafeMutableBufferPointer<Store>
  let folds: [Fold]
  let instructions: UnsafeMutableBufferPointer<Instruction>
  let registerCount: Int
  /// Registers in scratch memory: their numbers and where they lie in a part's block.
  let scratch: UnsafeMutableBufferPointer<(register: Int, offset: Int)>
  let scratchBytes: Int
  /// Bytes of constants, 16 each.
  let constants: UnsafeMutableRawPointer

  let length: Int
  let rows: Int
  let rowsPerOutput: Int
  let foldsInside: Bool
  /// The most elements of a tile.
  let tileLength: Int
  /// A piece of a row, where rows are longer than tiles.
  let pieceLength: Int
  let piecesPerRow: Int
  /// Rows of a tile, where they are shorter.
  let rowsPerTile: Int
  /// Participants of the space that live in memory, in the order of the bases that a run gives:
  /// streams, stores, folds.
  let baseCount: Int

  init(_ parts: TileKernelParts) {
    let space = parts.space
    rank = space.extents.count
    isReduced = space.isReduced
    extents = .copy(space.extents)
    strides = .copy(space.strides.flatMap { $0 })
    streams = .copy(parts.streams)
    stores = .copy(parts.stores)
    folds = parts.folds
    instructions = .copy(parts.instructions)
    registerCount = parts.registerCount
    length = space.length
    rows = space.rows
    rowsPerOutput = space.rowsPerOutput
    foldsInside = space.foldsInside
    tileLength = parts.tileLength
    piecesPerRow = parts.piecesPerRow
    pieceLength = parts.pieceLength
    rowsPerTile = parts.rowsPerTile
    baseCount = parts.streams.count + parts.stores.count + parts.folds.count

    var offset = 0
    var places: [(register: Int, offset: Int)] = []
    for (register, itemSize) in parts.scratchRegisters {
      places.append((register, offset))
      // An odd number of cache lines apart, so that tiles do not evict each other.
      offset += (parts.tileLength * itemSize + 63) / 64 * 64 + 64
    }
    scratch = .copy(places)
    scratchBytes = offset
    constants = .allocate(byteCount: max(16, parts.constants.count * 16), alignment: 16)
    for (index, scalar) in parts.constants.enumerated() {
      scalar.store(to: constants + index * 16)
    }
  }

  deinit {
    extents.deallocate()
    strides.deallocate()
    streams.deallocate()
    stores.deallocate()
    instructions.deallocate()
    scratch.deallocate()
    constants.deallocate()
  }

  /// The number of elements of the iteration space.
  var count: Int { rows * length }
}

/// What a kernel is made from.
struct TileKernelParts {
  var space: IterationSpace
  var streams: [TileKernel.Stream] = []
  var stores: [TileKernel.Store] = []
  var folds: [TileKernel.Fold] = []
  var instructions: [TileKernel.Instruction] = []
  var registerCount = 0
  var scratchRegisters: [(register: Int, itemSize: Int)] = []
  var constants: [Scalar] = []
  var tileLength = 0
  var pieceLength = 0
  var piecesPerRow = 1
  var rowsPerTile = 1
}

extension UnsafeMutableBufferPointer {
  /// Memory of its own with the elements of an array.
  static func copy(_ elements: [Element]) -> Self {
    let buffer = Self.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    return buffer
  }
}
