import WeftIR
import WeftPasses

/// The elements of a run's arrays: parameters, results that are put together, chunks of all others.
///
/// `@unchecked Sendable`: `chunks`, `places` and `wholes` are read and changed under the run's lock alone.
final class ChunkStore: @unchecked Sendable {
  private let plan: ChunkPlan
  private var wholes: [Buffer?]
  private var chunks: [Buffer?]
  /// Chunks that wait on disk, and where in the file each is.
  private let spill: SpillFile?
  private var places: [Int] = []
  /// The sources of parameters that are read box by box.
  private let regions: [(any RegionSource)?]

  /// - Throws: what keeps an input from being here that is not read box by box.
  init(_ plan: ChunkPlan, _ inputs: [Buffer], spill: SpillFile?) throws {
    self.plan = plan
    self.spill = spill
    let sources = inputs.map { ($0.residence as? SourceResidence)?.source }
    regions = plan.arrays.map { $0.parameter.flatMap { sources[$0] } }
    for (input, source) in zip(inputs, sources) where source == nil && input.sparse == nil {
      try input.load()
    }
    wholes = plan.arrays.map { $0.parameter.map { inputs[$0] } }
    let last = plan.arrays.last
    chunks = Array(repeating: nil, count: last.map { $0.firstChunk + $0.grid.count } ?? 0)
    if spill != nil { places = Array(repeating: -1, count: chunks.count) }
  }

  /// The bytes that reading a box takes beside its elements, at most.
  var scratchBytes: Int { regions.compactMap { $0?.readScratchBytes }.max() ?? 0 }

  /// What an input of a tile is read from.
  enum Source {
    /// Elements as they are.
    case buffer(Buffer)
    /// A box of an array in one buffer.
    case box(Region, of: Buffer, extents: [Int])
    /// A box of a source.
    case read(Region, of: any RegionSource, mapped: Buffer)
    /// A box of several chunks.
    case pieces(Region, TensorType, [(piece: Piece, box: Region)])
    /// A chunk that waits on disk.
    case spilled(Int, TensorType, in: SpillFile)
    /// A number.
    case position(Int)
  }

  /// A chunk of which a box has elements.
  enum Piece {
    case buffer(Buffer)
    case spilled(Int, in: SpillFile)
  }

  /// Where the inputs of a task are; under the run's lock.
  func sources(
    _ program: TileProgram, _ stage: Stage, _ tile: Int, _ region: [TileRange]
  ) throws -> [Source] {
    try program.inputs.map { input in
      switch input {
      case .position(let range):
        return .position(
          range.source >= 0 ? region[range.source].positions.lowerBound : range.positions.lowerBound
        )
      case .part(let array, let member):
        let description = plan.arrays[array]
        let chunk = ChunkPlan.chunk(ofPart: member, description, stage, tile)
        return try whole(chunk, of: description)
      case .region(let array, let ranges):
        return try source(array, ChunkPlan.region(ranges, region))
      }
    }
  }

  private func source(_ array: Int, _ region: Region) throws -> Source {
    let description = plan.arrays[array]
    let isSpilled = description.parameter == nil && plan.isOnDisk(description.firstChunk)
    if description.isOneBuffer, !isSpilled {
      let whole = try wholes[array] ?? chunk(description.firstChunk)
      if let source = regions[array] { return .read(region, of: source, mapped: whole) }
      if region.extents == description.grid.extents { return .buffer(whole) }
      return .box(region, of: whole, extents: description.grid.extents)
    }
    if let chunk = description.chunk(of: region) { return try whole(chunk, of: description) }
    let type = TensorType(description.type.dtype, Shape(region.extents))
    let pieces = try description.grid.chunks(in: region).map {
      (try piece(description.firstChunk + $0), description.grid.region(of: $0))
    }
    return .pieces(region, type, pieces)
  }

  private func whole(_ chunk: Int, of array: ChunkedArray) throws -> Source {
    switch try piece(array.firstChunk + chunk) {
    case .buffer(let buffer): return .buffer(buffer)
    case .spilled(let place, let file):
      let extents = array.grid.region(of: chunk).extents
      return .spilled(place, TensorType(array.type.dtype, Shape(extents)), in: file)
    }
  }

  private func piece(_ number: Int) throws -> Piece {
    if let spill, places[number] >= 0 { return .spilled(places[number], in: spill) }
    return .buffer(try chunk(number))
  }

  private func chunk(_ number: Int) throws -> Buffer {
    guard let buffer = chunks[number] else {
      throw WeftError(.internal, plan.graph.name, "chunk \(number) is not there")
    }
    return buffer
  }

  /// Keeps a chunk; under the run's lock.
  func keep(_ buffer: Buffer, _ array: Int, _ chunk: Int) {
    chunks[plan.arrays[array].firstChunk + chunk] = buffer
  }

  /// Keeps the place of a chunk that waits on disk; under the run's lock.
  func keep(place: Int, _ array: Int, _ chunk: Int) {
    places[plan.arrays[array].firstChunk + chunk] = place
  }

  /// Lets a chunk of an array go, by its number in all; under the run's lock.
  func release(_ number: Int) {
    chunks[number] = nil
    guard let spill, places[number] >= 0 else { return }
    spill.release(places[number], plan.bytes(ofChunk: number))
    places[number] = -1
  }

  /// The buffer of a result that is put together; under the run's lock.
  func assembled(_ array: Int, in memory: MemoryAccount) throws -> Buffer {
    if let known = wholes[array] { return known }
    let buffer = try Buffer(allocating: plan.arrays[array].type, in: memory)
    wholes[array] = buffer
    return buffer
  }

  /// A result's elements, when all tasks have run.
  func result(_ array: Int, in memory: MemoryAccount) throws -> Buffer {
    if let whole = wholes[array] { return whole }
    if plan.arrays[array].isAssembled { return try assembled(array, in: memory) }
    return try chunk(plan.arrays[array].firstChunk)
  }
}

extension Range<Int> {
  fileprivate func shifted(by distance: Int) -> Range {
    lowerBound + distance..<upperBound + distance
  }
}

extension ChunkStore.Source {
  /// The bytes of a run from which on reading a file costs less than touching its map.
  private static let leastRun = 1 << 15

  private static func isWorthReading(_ region: Region, of extents: [Int], _ itemSize: Int) -> Bool {
    var run = itemSize
    for axis in extents.indices.reversed() {
      run *= region.ranges[axis].count
      if region.ranges[axis].count != extents[axis] { break }
    }
    return run >= leastRun
  }

  /// The bytes that `elements` reads from a source or from disk, at most.
  var readBytes: Int {
    switch self {
    case .buffer, .box, .position: return 0
    case .read(let region, let source, _): return region.count * source.type.dtype.itemSize
    case .spilled(_, let type, _): return type.byteCount ?? 0
    case .pieces(_, let type, let pieces):
      return pieces.reduce(0) { sum, piece in
        guard case .spilled = piece.piece else { return sum }
        return sum + piece.box.count * type.dtype.itemSize
      }
    }
  }

  /// The elements as one dense array; boxes that lie in one piece are not copied.
  func elements(_ reader: RegionReader) throws -> Buffer {
    let memory = reader.context.memory
    switch self {
    case .buffer(let buffer): return buffer
    case .position(let position):
      let buffer = try Buffer(allocating: TensorType(.int64, .scalar), in: memory)
      buffer.base.storeBytes(of: Int64(position), as: Int64.self)
      return buffer
    case .read(let region, let source, let mapped):
      let extents = source.type.shape.codes
      if mapped.isHere, !Self.isWorthReading(region, of: extents, mapped.type.dtype.itemSize) {
        return try Self.box(region, of: mapped, extents: extents).elements(reader)
      }
      let buffer = try Buffer(
        allocating: TensorType(source.type.dtype, Shape(region.extents)), in: memory)
      try reader.read(region, of: source, to: buffer.base)
      return buffer
    case .box(let region, let whole, let extents):
      if let sparse = whole.sparse {
        return Buffer(try sparse.part(region, in: memory), in: memory)
      }
      let type = TensorType(whole.type.dtype, Shape(region.extents))
      let itemSize = type.dtype.itemSize
      if region.count > 0, RegionCopy.isContiguous(region, of: extents) {
        let offset = RegionCopy.offset(region, of: extents) * itemSize
        return Buffer(wrapping: whole.base + offset, type: type) { [whole] in _ = whole }
      }
      let buffer = try Buffer(allocating: type, in: memory)
      RegionCopy.copy(
        whole.base, Region(whole: extents), to: buffer.base, region, itemSize: itemSize)
      return buffer
    case .pieces(let region, let type, let pieces):
      let buffer = try Buffer(allocating: type, in: memory)
      for (piece, box) in pieces {
        switch piece {
        case .buffer(let source):
          RegionCopy.copy(
            source.base, box, to: buffer.base, region, itemSize: type.dtype.itemSize)
        case .spilled(let place, let file):
          // The rows that are needed lie together.
          var rows = box
          if box.rank > 0 { rows.ranges[0] = box.ranges[0].clamped(to: region.ranges[0]) }
          let part = try Buffer(
            allocating: TensorType(type.dtype, Shape(rows.extents)), in: memory)
          let start = RegionCopy.offset(
            Region(zip(rows.ranges, box.ranges).map { $0.shifted(by: -$1.lowerBound) }),
            of: box.extents)
          try file.read(
            place + start * type.dtype.itemSize, part.byteCount, to: part.base)
          RegionCopy.copy(
            part.base, rows, to: buffer.base, region, itemSize: type.dtype.itemSize)
        }
      }
      return buffer
    case .spilled(let place, let type, let file):
      let buffer = try Buffer(allocating: type, in: memory)
      try file.read(place, buffer.byteCount, to: buffer.base)
      return buffer
    }
  }
}
