import CHost
import WeftIR

/// A coordinate for each entry along each axis: the array's own where its layout stores one an entry,
/// else written out.
struct EntryCoordinates: Sendable {
  /// By axis.
  private let axes: [Buffer]
  let isWide: Bool
  var indexBytes: Int32 { isWide ? 8 : 4 }

  /// - Throws: `too-large` where dense levels have more positions than can be counted.
  init(_ elements: SparseElements, _ kernels: SparseKernels) throws {
    let isWide = elements.levels.contains { level in
      switch level {
      case .dense: false
      case .compressed(let positions, let coordinates):
        positions.type.dtype == .int64 || coordinates.type.dtype == .int64
      case .singleton(let coordinates): coordinates.type.dtype == .int64
      }
    }
    let levels =
      isWide
      ? try Self.byLevel(elements, kernels, Int64.self)
      : try Self.byLevel(elements, kernels, Int32.self)
    var axes = levels
    for (level, axis) in elements.layout.order.enumerated() { axes[axis] = levels[level] }
    self.axes = axes
    self.isWide = isWide
  }

  /// Coordinates by level, each level's written once for each position of the level below.
  private static func byLevel<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ elements: SparseElements, _ kernels: SparseKernels, _: Index.Type
  ) throws -> [Buffer] {
    let dtype: DType = Index.self == Int32.self ? .int32 : .int64
    var known: [Buffer] = []
    var nodes = 1
    for (level, storage) in elements.levels.enumerated() {
      switch storage {
      case .dense:
        let extent = elements.type.shape.codes[elements.layout.order[level]]
        let (next, overflow) = nodes.multipliedReportingOverflow(by: extent)
        guard !overflow else {
          throw WeftError(.tooLarge, "store", "\(elements.type) has too many rows")
        }
        known = try known.map { try kernels.repeated($0, each: extent, Index.self) }
        let own = try kernels.values(next, dtype)
        nonisolated(unsafe) let target = own.base.assumingMemoryBound(to: Index.self)
        try kernels.forEachPart(next) { range in
          var coordinate = range.lowerBound % max(1, extent)
          for node in range {
            target[node] = Index(truncatingIfNeeded: coordinate)
            coordinate &+= 1
            if coordinate == extent { coordinate = 0 }
          }
        }
        known.append(own)
        nodes = next
      case .compressed(let positions, let coordinates):
        let ends = try kernels.widened(positions, to: dtype)
        known = try known.map {
          try kernels.spread($0, ends, count: coordinates.count, Index.self)
        }
        known.append(try kernels.widened(coordinates, to: dtype))
        nodes = coordinates.count
      case .singleton(let coordinates): known.append(try kernels.widened(coordinates, to: dtype))
      }
    }
    return known
  }

  /// Where entries are in an array of which the axes that a list names have strides.
  func places(_ strides: [(axis: Int, stride: Int)]) -> EntryPlaces {
    let used = strides.filter { $0.stride != 0 }
    return EntryPlaces(used.map { axes[$0.axis] }, used.map(\.stride), isWide: isWide)
  }
}

/// Where entries are in a dense array, for the loops of `CHost`.
final class EntryPlaces: @unchecked Sendable {
  private let kept: [Buffer]
  private let bases: UnsafeMutablePointer<UnsafeRawPointer?>
  private let strides: UnsafeMutablePointer<Int>
  private let isWide: Bool
  let raw: weft_sparse_places

  init(_ coordinates: [Buffer], _ strides: [Int], isWide: Bool) {
    kept = coordinates
    self.isWide = isWide
    bases = .allocate(capacity: max(1, coordinates.count))
    self.strides = .allocate(capacity: max(1, strides.count))
    for (n, buffer) in coordinates.enumerated() {
      (bases + n).initialize(to: UnsafeRawPointer(buffer.base))
      (self.strides + n).initialize(to: strides[n])
    }
    raw = weft_sparse_places(
      count: Int32(coordinates.count), coordinates: UnsafePointer(bases),
      strides: UnsafePointer(self.strides))
  }

  deinit {
    bases.deallocate()
    strides.deallocate()
  }

  /// The place of an entry.
  func place(_ entry: Int) -> Int {
    var sum = 0
    for n in kept.indices {
      let base = kept[n].base
      let coordinate =
        isWide
        ? Int(base.assumingMemoryBound(to: Int64.self)[entry])
        : Int(base.assumingMemoryBound(to: Int32.self)[entry])
      sum &+= coordinate &* strides[n]
    }
    return sum
  }

  /// Ranges of about equally many entries, by their number alone; never between entries of one place.
  func parts(_ count: Int, length: Int) -> [Int] {
    var bounds = [0]
    var next = length
    while next < count {
      var last = place(next - 1)
      while next < count {
        let own = place(next)
        if own != last { break }
        last = own
        next += 1
      }
      if next < count { bounds.append(next) }
      next += length
    }
    return bounds + [count]
  }
}

extension SparseKernels {
  /// Indices as those of a dtype.
  func widened(_ indices: Buffer, to dtype: DType) throws -> Buffer {
    if indices.type.dtype == dtype { return indices }
    let result = try values(indices.count, .int64)
    nonisolated(unsafe) let source = indices.base.assumingMemoryBound(to: Int32.self)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Int64.self)
    try forEachPart(indices.count) { range in
      for n in range { target[n] = Int64(source[n]) }
    }
    return result
  }

  /// Each element so many times.
  fileprivate func repeated<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ source: Buffer, each times: Int, _: Index.Type
  ) throws -> Buffer {
    let result = try values(source.count * times, source.type.dtype)
    nonisolated(unsafe) let from = source.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Index.self)
    try forEachPart(result.count) { range in
      for place in range { target[place] = from[place / times] }
    }
    return result
  }

  /// The element of each node for each of the entries below it.
  fileprivate func spread<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ source: Buffer, _ positions: Buffer, count: Int, _: Index.Type
  ) throws -> Buffer {
    let result = try values(count, source.type.dtype)
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let from = source.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Index.self)
    let parts = RowParts(source.count, entries: count, width: 1) { Int(ends[$0]) }
    try context.scheduler.run(parts.count, context.token) { part, _ in
      for node in parts[part] {
        let element = from[node]
        for entry in Int(ends[node])..<Int(ends[node &+ 1]) { target[entry] = element }
      }
    }
    return result
  }
}
