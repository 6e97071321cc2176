import WeftIR

/// The product of two sparse matrices by rows: counted first, then computed into its place.
///
/// A row of the result is the sum of rows of the second matrix, gathered in a dense row of each
/// thread; its columns are sorted by looking through a bit map where they are many, else by a sort.
/// - Source: F. G. Gustavson, "Two fast algorithms for sparse matrices", ACM TOMS 4 (1978).
struct GustavsonProduct: SparseNumberBody {
  private let x: MatrixRows
  private let y: MatrixRows
  private let columns: Int
  private let dtype: DType
  private let kernels: SparseKernels

  init(x: MatrixRows, y: MatrixRows, columns: Int, _ dtype: DType, _ kernels: SparseKernels) {
    self.x = x
    self.y = y
    self.columns = columns
    self.dtype = dtype
    self.kernels = kernels
  }

  func run<Element: SparseNumber>(_: Element.Type) throws -> MatrixRows {
    let isNarrow =
      columns < Int(Int32.max)
      && [x, y].allSatisfy {
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
    let rows = x.count
    let limit = y.count
    // Multiplications up to each row.
    let work: Vector<Int> = try kernels.vector(rows + 1)
    work.base[0] = 0
    for row in 0..<rows {
      var sum = 0
      for entry in Int(a.ends[row])..<Int(a.ends[row + 1]) {
        let k = Int(a.inner[entry])
        if k < limit { sum &+= Int(b.ends[k &+ 1] &- b.ends[k]) }
      }
      work.base[row + 1] = work.base[row] &+ sum
    }
    let parts = RowParts(rows, entries: work.base[rows], width: 1) { work.base[$0] }
    let threads = kernels.context.scheduler.threadCount
    let marks = try (0..<threads).map { _ in try marked(Index.self) }
    let counts: Vector<Int> = try kernels.vector(rows)
    let (columns, context) = (self.columns, kernels.context)
    try context.scheduler.run(parts.count, context.token) { part, thread in
      let mark = marks[thread].base
      for row in parts[part] {
        let stamp = Index(truncatingIfNeeded: row &+ 1)
        var count = 0
        for entry in Int(a.ends[row])..<Int(a.ends[row &+ 1]) {
          let k = Int(a.inner[entry])
          if k >= limit { continue }
          for place in Int(b.ends[k])..<Int(b.ends[k &+ 1]) {
            let column = Int(b.inner[place])
            if mark[column] != stamp {
              mark[column] = stamp
              count &+= 1
            }
          }
        }
        counts.base[row] = count
      }
    }
    var total = 0
    for row in 0..<rows { total += counts.base[row] }
    let width: DType =
      total <= Int(Int32.max) && columns <= Int(Int32.max) ? .int32 : .int64
    let positions = try kernels.values(rows + 1, width)
    let coordinates = try kernels.values(total, width)
    let values = try kernels.values(total, dtype)
    let starts: Vector<Int> = try kernels.vector(rows + 1)
    starts.base[0] = 0
    for row in 0..<rows { starts.base[row + 1] = starts.base[row] + counts.base[row] }
    let sums: [Vector<Element>] = try (0..<threads).map { _ in try kernels.vector(columns) }
    let lists: [Vector<UInt32>] = try (0..<threads).map { _ in try kernels.vector(columns) }
    let maps = try (0..<threads).map { _ in try bits() }
    for mark in marks { mark.base.update(repeating: 0, count: columns) }
    nonisolated(unsafe) let target = values.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let places = coordinates.base
    try context.scheduler.run(parts.count, context.token) { part, thread in
      let (mark, sum, list) = (marks[thread].base, sums[thread].base, lists[thread].base)
      for row in parts[part] {
        let stamp = Index(truncatingIfNeeded: row &+ 1)
        var count = 0
        for entry in Int(a.ends[row])..<Int(a.ends[row &+ 1]) {
          let k = Int(a.inner[entry])
          if k >= limit { continue }
          let value = a.values[entry]
          for place in Int(b.ends[k])..<Int(b.ends[k &+ 1]) {
            let column = Int(b.inner[place])
            let product = Element.product(value, b.values[place])
            if mark[column] == stamp {
              sum[column] = Element.sum(sum[column], product)
            } else {
              mark[column] = stamp
              sum[column] = product
              list[count] = UInt32(truncatingIfNeeded: column)
              count &+= 1
            }
          }
        }
        Self.sort(list, count, maps[thread].base)
        let start = starts.base[row]
        for n in 0..<count { target[start &+ n] = sum[Int(list[n])] }
        if width == .int32 {
          let own = places.assumingMemoryBound(to: Int32.self)
          for n in 0..<count { own[start &+ n] = Int32(truncatingIfNeeded: list[n]) }
        } else {
          let own = places.assumingMemoryBound(to: Int64.self)
          for n in 0..<count { own[start &+ n] = Int64(list[n]) }
        }
      }
    }
    if width == .int32 {
      let own = positions.base.assumingMemoryBound(to: Int32.self)
      for row in 0...rows { own[row] = Int32(starts.base[row]) }
    } else {
      let own = positions.base.assumingMemoryBound(to: Int64.self)
      for row in 0...rows { own[row] = Int64(starts.base[row]) }
    }
    withExtendedLifetime((kept, x, y)) {}
    return MatrixRows(positions: positions, coordinates: coordinates, values: values)
  }

  private func marked<Index: FixedWidthInteger & BitwiseCopyable>(
    _: Index.Type
  ) throws -> Vector<Index> {
    let result: Vector<Index> = try kernels.vector(columns)
    result.base.update(repeating: 0, count: columns)
    return result
  }

  /// A bit for each column, all clear.
  private func bits() throws -> Vector<UInt64> {
    let result: Vector<UInt64> = try kernels.vector(columns / 64 + 1)
    result.base.update(repeating: 0, count: columns / 64 + 1)
    return result
  }

  /// Sorts distinct columns; leaves the bit map clear.
  private static func sort(
    _ list: UnsafeMutablePointer<UInt32>, _ count: Int, _ map: UnsafeMutablePointer<UInt64>
  ) {
    if count < 2 { return }
    var (low, high) = (list[0], list[0])
    for n in 1..<count {
      low = Swift.min(low, list[n])
      high = Swift.max(high, list[n])
    }
    let (first, last) = (Int(low) / 64, Int(high) / 64)
    if last - first > 8 * count {
      if count <= 24 {
        for n in 1..<count {
          let column = list[n]
          var place = n
          while place > 0, list[place &- 1] > column {
            list[place] = list[place &- 1]
            place &-= 1
          }
          list[place] = column
        }
      } else {
        var columns = UnsafeMutableBufferPointer(start: list, count: count)
        columns.sort()
      }
      return
    }
    for n in 0..<count { map[Int(list[n] / 64)] |= 1 << UInt64(list[n] % 64) }
    var next = 0
    for word in first...last {
      var bits = map[word]
      map[word] = 0
      while bits != 0 {
        list[next] = UInt32(truncatingIfNeeded: word * 64 + bits.trailingZeroBitCount)
        bits &= bits &- 1
        next &+= 1
      }
    }
  }
}
