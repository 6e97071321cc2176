import CHost
import WeftIR

/// The state of one thread that runs tiles of a kernel: register pointers and scratch memory.
///
/// A value of this type owns its block until `finish()`.
struct TilePart {
  private unowned(unsafe) let kernel: TileKernel
  private unowned(unsafe) let token: CancellationToken
  private let bases: UnsafePointer<UnsafeMutableRawPointer>
  /// Where each register's elements are now.
  let registers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let raw: UnsafeMutableRawPointer
  /// The first cache line that begins in `raw`.
  private let block: UnsafeMutableRawPointer
  /// Scratch memory past the registers, for folds.
  let spare: UnsafeMutableRawPointer

  /// Takes scratch memory; `spareBytes` are for the caller, who keeps kernel and token alive.
  init(
    _ kernel: TileKernel, _ bases: UnsafePointer<UnsafeMutableRawPointer>,
    _ token: CancellationToken, spareBytes: Int = 0
  ) {
    self.kernel = kernel
    self.token = token
    self.bases = bases
    let pointerBytes = (kernel.registerCount * MemoryLayout<UnsafeRawPointer>.stride + 63) / 64 * 64
    // `malloc` is many times as quick as asking for aligned memory.
    let byteCount = pointerBytes + kernel.scratchBytes + spareBytes + 64
    raw = .allocate(byteCount: byteCount + 64, alignment: 16)
    block = UnsafeMutableRawPointer(bitPattern: (UInt(bitPattern: raw) + 63) & ~63) ?? raw
    registers = block.bindMemory(
      to: UnsafeMutableRawPointer.self, capacity: kernel.registerCount)
    for register in 0..<kernel.registerCount {
      (registers + register).initialize(to: block)
    }
    let tiles = block + pointerBytes
    for place in kernel.scratch { registers[place.register] = tiles + place.offset }
    spare = tiles + kernel.scratchBytes
    fillOnce()
  }

  /// Gives the scratch memory back.
  func finish() { raw.deallocate() }

  /// Runs the instructions over a piece of one row, or over whole rows; when cancelled, nothing,
  /// and what the registers hold is of no use to anybody.
  @inline(__always)
  func run(row: Int, rows: Int, column: Int, length: Int) {
    let n = rows * length
    point(row, rows, column, length)
    if token.isCancelled { return }
    let registers = registers
    for instruction in kernel.instructions {
      instruction.function(
        registers[Int(instruction.out)], registers[Int(instruction.a)],
        registers[Int(instruction.b)], registers[Int(instruction.c)], n)
    }
    for store in kernel.stores where store.way == .copy {
      scatter(store, row, rows, column, length)
    }
  }

  // MARK: - Before the instructions

  @inline(__always)
  private func point(_ row: Int, _ rows: Int, _ column: Int, _ length: Int) {
    let flat = row * kernel.length + column
    for stream in kernel.streams {
      switch stream.fill {
      case .flat:
        registers[stream.register] =
          bases[stream.participant] + (stream.offset + flat) * stream.itemSize
      case .direct:
        let place = stream.offset + rowOffset(stream.participant, row) + column
        registers[stream.register] = bases[stream.participant] + place * stream.itemSize
      case .once: break
      case .copy:
        copy(stream, registers[stream.register], row, rows, column, length)
      }
    }
    for store in kernel.stores {
      switch store.way {
      case .flat:
        registers[store.register] = bases[store.participant] + flat * store.itemSize
      case .direct:
        registers[store.register] =
          bases[store.participant] + (rowOffset(store.participant, row) + column) * store.itemSize
      case .copy: break
      }
    }
  }

  /// Where a row of a participant begins, in elements past its offset.
  @inline(__always)
  func rowOffset(_ participant: Int, _ row: Int) -> Int {
    let rank = kernel.rank
    if rank == 1 { return 0 }
    let strides = kernel.strides.baseAddress.unsafelyUnwrapped + participant * rank
    if rank == 2 { return row * strides[0] }
    var rest = row
    var offset = 0
    for axis in stride(from: rank - 2, through: 1, by: -1) {
      let (above, index) = rest.quotientAndRemainder(dividingBy: kernel.extents[axis])
      offset += index * strides[axis]
      rest = above
    }
    return offset + rest * strides[0]
  }

  /// Fills the registers that are the same for all tiles.
  private func fillOnce() {
    for stream in kernel.streams where stream.fill == .once {
      let rows = kernel.piecesPerRow > 1 ? 1 : kernel.rowsPerTile
      let isStill = (0..<kernel.rank).allSatisfy { strideOf(stream.participant, $0) == 0 }
      if isStill, stream.source == .memory {
        // Whole tiles of at most what the kernel has elements for.
        let n = min(kernel.tileLength, kernel.count)
        weft_tile_splat(
          registers[stream.register],
          bases[stream.participant] + stream.offset * stream.itemSize, Int32(stream.itemSize), n)
      } else if isStill {
        let n = min(kernel.tileLength, kernel.count)
        weft_tile_iota(
          registers[stream.register], Int32(stream.dtype.rawValue), Int64(stream.offset), 0, n)
      } else {
        copy(stream, registers[stream.register], 0, min(rows, kernel.rows), 0, kernel.length)
      }
    }
  }

  private func strideOf(_ participant: Int, _ axis: Int) -> Int {
    kernel.strides[participant * kernel.rank + axis]
  }

  /// Copies or makes elements of rows: runs of rows along the second last axis are one matrix.
  private func copy(
    _ stream: TileKernel.Stream, _ out: UnsafeMutableRawPointer, _ row: Int, _ rows: Int,
    _ column: Int, _ length: Int
  ) {
    let rank = kernel.rank
    let columnStride = strideOf(stream.participant, rank - 1)
    let rowStride = rank > 1 ? strideOf(stream.participant, rank - 2) : 0
    let runExtent = rank > 1 ? kernel.extents[rank - 2] : 1
    var done = 0
    while done < rows {
      let first = row + done
      let run = min(rows - done, runExtent - first % runExtent)
      let place =
        stream.offset + rowOffset(stream.participant, first) + column * columnStride
      let target = out + done * length * stream.itemSize
      switch stream.source {
      case .memory:
        StridedCopy.gather(
          target, bases[stream.participant] + place * stream.itemSize, itemSize: stream.itemSize,
          rows: run, rowStride: rowStride, columns: length, columnStride: columnStride)
      case .iota:
        for i in 0..<run {
          weft_tile_iota(
            target + i * length * stream.itemSize, Int32(stream.dtype.rawValue),
            Int64(place + i * rowStride), Int64(columnStride), length)
        }
      case .random:
        let key = registers[stream.key].load(as: UInt64.self)
        for i in 0..<run {
          random(stream, key, target, i, length, place + i * rowStride, columnStride)
        }
      }
      done += run
    }
  }

  private func random(
    _ stream: TileKernel.Stream, _ key: UInt64, _ target: UnsafeMutableRawPointer, _ row: Int,
    _ length: Int, _ first: Int, _ step: Int
  ) {
    let out = target.assumingMemoryBound(to: UInt64.self) + row * length
    if step == 1 || length == 1 {
      weft_tile_philox(out, key, UInt64(stream.lane), UInt64(first), length)
    } else {
      for i in 0..<length {
        weft_tile_philox(out + i, key, UInt64(stream.lane), UInt64(first + i * step), 1)
      }
    }
  }

  // MARK: - After the instructions

  private func scatter(
    _ store: TileKernel.Store, _ row: Int, _ rows: Int, _ column: Int, _ length: Int
  ) {
    let step = strideOf(store.participant, kernel.rank - 1)
    let source = registers[store.register]
    for i in 0..<rows {
      let place = rowOffset(store.participant, row + i) + column * step
      StridedCopy.scatter(
        bases[store.participant] + place * store.itemSize,
        source + i * length * store.itemSize, itemSize: store.itemSize, columns: length,
        columnStride: step)
    }
  }
}
