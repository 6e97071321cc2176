import CHost
import WeftIR

/// The product of two sparse matrices by rows: counted first, then computed into its place.
///
/// What columns a row has and where each product goes among them is found by `CHost` in bit maps, for
/// all types of elements; sums are made in the result's own row.
/// - Source: F. G. Gustavson, "Two fast algorithms for sparse matrices", ACM TOMS 4 (1978).
struct GustavsonProduct: SparseNumberBody {
  private let x: MatrixRows
  private let y: MatrixRows
  private let columns: Int
  /// The rows of what has entries wherever some of the product's are used.
  private let mask: MatrixRows?
  private let dtype: DType
  private let kernels: SparseKernels

  init(
    x: MatrixRows, y: MatrixRows, columns: Int, at mask: MatrixRows? = nil, _ dtype: DType,
    _ kernels: SparseKernels
  ) {
    self.x = x
    self.y = y
    self.columns = columns
    self.mask = mask
    self.dtype = dtype
    self.kernels = kernels
  }

  func run<Element: SparseNumber>(_: Element.Type) throws -> MatrixRows {
    let isNarrow =
      columns < Int(Int32.max)
      && ([x, y] + (mask.map { [$0] } ?? [])).allSatisfy {
        $0.coordinates.type.dtype == .int32 && $0.positions.type.dtype == .int32
      }
    return isNarrow ? try run(Element.self, Int32.self) : try run(Element.self, Int64.self)
  }

  /// The matrices' arrays.
  private struct Arrays<Element, Index>: @unchecked Sendable {
    let ends: UnsafeMutablePointer<Index>
    let inner: UnsafeMutablePointer<Index>
    let values: UnsafeMutablePointer<Element>
  }

  private func arrays<Element, Index: FixedWidthInteger & BitwiseCopyable>(
    _ matrix: MatrixRows, _: Element.Type, _: Index.Type, _ kept: inout [Any]
  ) throws -> Arrays<Element, Index> {
    let values = matrix.values.base.assumingMemoryBound(to: Element.self)
    let dtype: DType = Index.self == Int32.self ? .int32 : .int64
    if matrix.positions.type.dtype == dtype, matrix.coordinates.type.dtype == dtype {
      return Arrays(
        ends: matrix.positions.base.assumingMemoryBound(to: Index.self),
        inner: matrix.coordinates.base.assumingMemoryBound(to: Index.self), values: values)
    }
    let (ends, inner) = try matrix.indices(Index.self, kernels)
    kept += [ends, inner] as [Any]
    return Arrays(ends: ends.base, inner: inner.base, values: values)
  }

  private func run<
    Element: SparseNumber, Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(_: Element.Type, _: Index.Type) throws -> MatrixRows {
    var kept: [Any] = []
    let a = try arrays(x, Element.self, Index.self, &kept)
    let b = try arrays(y, Element.self, Index.self, &kept)
    let (rows, limit) = (x.count, y.count)
    let (work, longest) = try multiplications(a, b)
    let pairs = work.base[rows]
    let parts = RowParts(rows, entries: pairs, width: 1) { work.base[$0] }
    let (size, itemBytes) = (MemoryLayout<Index>.size, MemoryLayout<Element>.stride)
    let bytes = Int(b.ends[limit]) * (itemBytes + size) + limit * size
    let matrices = weft_sparse_pair(
      endsA: a.ends, columnsA: a.inner, valuesA: a.values, endsB: b.ends, columnsB: b.inner,
      valuesB: b.values, rowsA: rows, rowsB: limit, columns: columns, itemBytes: itemBytes,
      tops: 0, isNear: bytes <= Self.nearBytes ? 1 : 0, topMask: 0, bits: nil, above: nil,
      top: nil, before: nil, list: nil, flags: nil, sums: nil)
    // Looking for a mask with far more entries than there are pairs of factors takes longer than these, and so do places
    // for far more columns.
    if let mask, hasLoops(Element.self), mask.coordinates.count / 2 <= pairs, columns / 16 <= pairs,
      let loop = weft_sparse_masked(Int32(dtype.rawValue), Int32(size))
    {
      let wanted = try arrays(mask, Element.self, Index.self, &kept)
      return try withExtendedLifetime((kept, x, y, mask)) {
        try masked(matrices, wanted, parts, loop)
      }
    }
    return try withExtendedLifetime((kept, x, y)) {
      try whole(a, b, matrices, parts, longest: longest)
    }
  }

  /// Bytes of a second matrix whose rows nobody has to ask for ahead: half of a second cache.
  private static var nearBytes: Int { 1 << 19 }

  /// The pairs of factors up to each row, and how many the row with the most has.
  private func multiplications<
    Element: SparseNumber, Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(
    _ a: Arrays<Element, Index>, _ b: Arrays<Element, Index>
  ) throws -> (upTo: Vector<Int>, longest: Int) {
    let (rows, limit) = (x.count, y.count)
    let work: Vector<Int> = try kernels.vector(rows + 1)
    nonisolated(unsafe) let sums = work.base
    sums[0] = 0
    let parts = RowParts(rows, entries: Int(a.ends[rows]), width: 1) { Int(a.ends[$0]) }
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      for row in parts[part] {
        var sum = 0
        for entry in Int(a.ends[row])..<Int(a.ends[row &+ 1]) {
          let k = Int(a.inner[entry])
          if k < limit { sum &+= Int(b.ends[k &+ 1] &- b.ends[k]) }
        }
        sums[row &+ 1] = sum
      }
    }
    var longest = 0
    for row in 0..<rows {
      longest = max(longest, sums[row + 1])
      sums[row + 1] &+= sums[row]
    }
    return withExtendedLifetime(work) { (work, longest) }
  }

  /// How many threads have parts to do.
  private func threads(_ parts: RowParts) -> Int {
    min(parts.count, kernels.context.scheduler.threadCount)
  }

  /// All entries of the product.
  private func whole<
    Element: SparseNumber, Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(
    _ a: Arrays<Element, Index>, _ b: Arrays<Element, Index>, _ matrices: weft_sparse_pair,
    _ parts: RowParts, longest: Int
  ) throws -> MatrixRows {
    let (rows, context) = (x.count, kernels.context)
    let size = Int32(MemoryLayout<Index>.size)
    guard let count = weft_sparse_count(size), let pattern = weft_sparse_pattern(size) else {
      throw WeftError(.internal, "sparse", "no loops for indices of \(size) bytes")
    }
    let product =
      hasLoops(Element.self) ? weft_sparse_product(Int32(self.dtype.rawValue), size) : nil
    let pairs = try (0..<threads(parts)).map { _ in
      try PairMemory<Element, Index>(matrices, longest: longest, kernels)
    }
    let counts: Vector<Int> = try kernels.vector(rows)
    nonisolated(unsafe) let counted = counts.base
    try context.scheduler.run(parts.count, context.token) { part, thread in
      let pair = pairs[thread].pair
      for row in parts[part] { counted[row] = count(pair, row) }
    }
    let dtype: DType = Index.self == Int32.self ? .int32 : .int64
    let positions = try kernels.values(rows + 1, dtype)
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    var total = 0
    ends[0] = 0
    for row in 0..<rows {
      total &+= counted[row]
      ends[row + 1] = Index(truncatingIfNeeded: total)
    }
    withExtendedLifetime(counts) {}
    // More entries than the narrow indices count.
    if total > Int(Index.max) { return try run(Element.self, Int64.self) }
    let coordinates = try kernels.values(total, dtype)
    let values = try kernels.values(total, self.dtype)
    nonisolated(unsafe) let target = values.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let found = coordinates.base.assumingMemoryBound(to: Index.self)
    if let product {
      try context.scheduler.run(parts.count, context.token) { part, thread in
        let pair = pairs[thread].pair
        for row in parts[part] {
          let start = Int(ends[row])
          _ = product(pair, row, found + start, target + start)
        }
      }
    } else {
      try addUp(a, b, y.count, parts, pairs, longest, pattern, ends, found, target)
    }
    return MatrixRows(positions: positions, coordinates: coordinates, values: values)
  }

  /// The entries of the product that a mask has too.
  ///
  /// A part's go one after the other to where the mask's begin, so that nothing is counted first.
  private func masked<
    Element: SparseNumber, Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(
    _ matrices: weft_sparse_pair, _ wanted: Arrays<Element, Index>, _ parts: RowParts,
    _ loop:
      @escaping @convention(c) (
        UnsafePointer<weft_sparse_pair>?, UnsafePointer<weft_sparse_mask>?, Int,
        UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
      ) -> Int
  ) throws -> MatrixRows {
    let rows = x.count
    let index: DType = Index.self == Int32.self ? .int32 : .int64
    let longest = (0..<rows).reduce(0) { max($0, Int(wanted.ends[$1 + 1] - wanted.ends[$1])) }
    let memory = try (0..<threads(parts)).map { _ in
      let (places, hits): (Vector<UInt32>, Vector<UInt8>) = (
        try kernels.vector(columns), try kernels.vector(longest)
      )
      places.base.update(repeating: 0, count: columns)
      return (places: places, hits: hits)
    }
    let room = Int(wanted.ends[rows])
    let coordinates = try kernels.values(room, index)
    let values = try kernels.values(room, dtype)
    let positions = try kernels.values(rows + 1, index)
    let counts: Vector<Int> = try kernels.vector(parts.count)
    nonisolated(unsafe) let (matrices, counted) = (matrices, counts.base)
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let found = coordinates.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let target = values.base.assumingMemoryBound(to: Element.self)
    ends[0] = 0
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, thread in
      let own = memory[thread]
      let mask = weft_sparse_mask(
        ends: wanted.ends, columns: wanted.inner, places: own.places.base, hits: own.hits.base)
      let range = parts[part]
      let start = Int(wanted.ends[range.lowerBound])
      var count = 0
      withUnsafePointer(to: matrices) { matrices in
        withUnsafePointer(to: mask) { mask in
          for row in range {
            count += loop(matrices, mask, row, found + start + count, target + start + count)
            ends[row + 1] = Index(truncatingIfNeeded: count)
          }
        }
      }
      counted[part] = count
    }
    // What parts found moves together.
    var total = 0
    for part in 0..<parts.count {
      let (range, count) = (parts[part], counted[part])
      let start = Int(wanted.ends[range.lowerBound])
      if start > total {
        (found + total).update(from: found + start, count: count)
        (target + total).update(from: target + start, count: count)
        for row in range { ends[row + 1] += Index(truncatingIfNeeded: total) }
      }
      total += count
    }
    return withExtendedLifetime((memory, counts)) {
      MatrixRows(
        positions: positions, coordinates: kernels.shortened(coordinates, total),
        values: kernels.shortened(values, total))
    }
  }

  /// Whether elements are those of the loops in C, and sums and products the usual ones.
  private func hasLoops<Element>(_: Element.Type) -> Bool {
    Element.self == Float.self || Element.self == Double.self || Element.self == UInt32.self
      || Element.self == UInt64.self
  }

  /// The rows of a product of elements for which there is no loop in C.
  private func addUp<
    Element: SparseNumber, Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(
    _ a: Arrays<Element, Index>, _ b: Arrays<Element, Index>, _ limit: Int, _ parts: RowParts,
    _ pairs: [PairMemory<Element, Index>], _ longest: Int,
    _ pattern:
      @escaping @convention(c) (
        UnsafePointer<weft_sparse_pair>?, Int, UnsafeMutableRawPointer?,
        UnsafeMutablePointer<UInt32>?
      ) -> Int,
    _ ends: UnsafeMutablePointer<Index>, _ found: UnsafeMutablePointer<Index>,
    _ target: UnsafeMutablePointer<Element>
  ) throws {
    nonisolated(unsafe) let (ends, found, target) = (ends, found, target)
    let lists: [Vector<UInt32>] = try pairs.map { _ in try kernels.vector(longest) }
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, thread in
      let places = lists[thread].base
      for row in parts[part] {
        let start = Int(ends[row])
        let count = pattern(pairs[thread].pair, row, found + start, places)
        let sums = target + start
        for n in 0..<count { sums[n] = .none }
        var next = 0
        for entry in Int(a.ends[row])..<Int(a.ends[row &+ 1]) {
          let k = Int(a.inner[entry])
          if k >= limit { continue }
          let value = a.values[entry]
          for place in Int(b.ends[k])..<Int(b.ends[k &+ 1]) {
            let column = Int(places[next])
            next &+= 1
            sums[column] = Element.sum(sums[column], Element.product(value, b.values[place]))
          }
        }
      }
    }
  }
}

/// A thread's memory for the rows of a product.
private final class PairMemory<
  Element: SparseNumber, Index: FixedWidthInteger & BitwiseCopyable
>: @unchecked Sendable {
  let pair: UnsafeMutablePointer<weft_sparse_pair>
  private let levels: [Vector<UInt64>]
  private let before: Vector<UInt32>
  private let list: Vector<Index>
  private let flags: Vector<UInt8>?
  private let sums: Vector<Element>?
  /// As much as an array of sums by column has at most: half of a second cache of 1 MB.
  private static var mostSums: Int { 1 << 19 }

  init(_ matrices: weft_sparse_pair, longest: Int, _ kernels: SparseKernels) throws {
    let columns = matrices.columns
    levels = try [6, 12, 18].map { shift in
      let words: Vector<UInt64> = try kernels.vector(columns >> shift + 1)
      words.base.update(repeating: 0, count: words.count)
      return words
    }
    before = try kernels.vector(levels[0].count)
    list = try kernels.vector(min(longest, columns) + levels[0].count + 8)
    // Where a row has so many pairs of factors that the loops take a byte a column.
    if longest >= columns / 16, columns * MemoryLayout<Element>.stride <= Self.mostSums {
      let (flags, sums): (Vector<UInt8>, Vector<Element>) = (
        try kernels.vector((columns + 63) / 64 * 64), try kernels.vector(columns)
      )
      flags.base.update(repeating: 0, count: flags.count)
      sums.base.update(repeating: .none, count: sums.count)
      (self.flags, self.sums) = (flags, sums)
    } else {
      (flags, sums) = (nil, nil)
    }
    var own = matrices
    (own.bits, own.above, own.top) = (levels[0].base, levels[1].base, levels[2].base)
    (own.before, own.tops) = (before.base, levels[2].count)
    own.topMask = levels[1].count >= 64 ? .max : 1 << UInt64(levels[1].count) - 1
    (own.list, own.flags) = (UnsafeMutableRawPointer(list.base), flags?.base)
    own.sums = sums.map { UnsafeMutableRawPointer($0.base) }
    pair = .allocate(capacity: 1)
    pair.initialize(to: own)
  }

  deinit { pair.deallocate() }
}
