import CHost
import WeftIR

extension SparseRowRunner {
  /// A sparse matrix by rows times one dense array over its columns: SpMV, SpMM and their
  /// transposes; nil where the product is of another form.
  ///
  /// Each row of the result is written by one part.
  func rowsTimesDense(_ row: Int, _ terms: ProductTerms) throws -> Buffer? {
    guard layout(row) == nil, terms.labels.count == 2, terms.factors.count == 1,
      terms.innerLabels.isEmpty
    else { return nil }
    let factor = terms.factors[0]
    let kept = terms.labels.indices.filter { terms.output.contains(terms.labels[$0]) }
    guard kept.count == 1, !factor.labels.contains(terms.labels[kept[0]]),
      factor.labels.contains(terms.labels[1 - kept[0]]),
      let matrix = try rows(terms.elements, by: kept[0])
    else { return nil }
    let type = type(row)
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    let body = RowProduct(
      matrix: matrix, dtype: type.dtype, factor: factor.view.buffer, result: result,
      kernels: kernels,
      rowStride: terms.outputStride(of: terms.labels[kept[0]]),
      columnStride: factor.stride(of: terms.labels[1 - kept[0]]),
      target: terms.offsets(over: terms.freeLabels) { terms.outputStride(of: $0) },
      source: terms.offsets(over: terms.freeLabels) { factor.stride(of: $0) })
    try withSparseNumber(type.dtype, body)
    return result
  }

  /// A sparse matrix of elements times a vector, which iterations ask for with little else to do; nil for other products, and
  /// where the vector is infinite somewhere.
  func rowsTimesVector(
    _ row: Int, _ contraction: Contraction, _ operands: [Value]
  ) throws -> Buffer? {
    let labels = contraction.operands
    guard layout(row) == nil, operands.count == 2, contraction.output.count == 1,
      labels[0].count + labels[1].count == 3, !labels[0].isEmpty
    else { return nil }
    let (place, other) = labels[0].count == 2 ? (0, 1) : (1, 0)
    let (inner, own) = (labels[other][0], contraction.output[0])
    guard inner != own, let axis = labels[place].firstIndex(of: own),
      labels[place].contains(inner), let matrix = values(of: operands[place])?.sparse,
      matrix.layout.packing == .elements, let vector = values(of: operands[other]),
      !vector.isSparse, vector.isFinite, let rows = try rows(matrix, by: axis)
    else { return nil }
    let type = type(row)
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    let body = RowProduct(
      matrix: rows, dtype: type.dtype, factor: vector, result: result, kernels: kernels,
      rowStride: 1, columnStride: 1, target: RowProduct.one, source: RowProduct.one)
    try withSparseNumber(type.dtype, body)
    return result
  }
}

/// The rows of a sparse matrix times a dense array.
struct RowProduct: SparseNumberBody {
  let matrix: SparseElements
  let dtype: DType
  let factor: Buffer
  let result: Buffer
  let kernels: SparseKernels
  let rowStride: Int
  let columnStride: Int
  /// Where the elements of a row of the result are, and where those that they are made from.
  let target: [Int]
  let source: [Int]
  /// The offsets of the one element of a row.
  static let one = [0]

  func run<Element: SparseNumber>(_: Element.Type) throws {
    guard matrix.levels.count == 2,
      case .compressed(let positions, let coordinates) = matrix.levels[1]
    else { return }
    if try runLoops(Element.self, positions, coordinates) { return }
    if try runCopied(Element.self, rows: positions.count - 1) { return }
    if positions.type.dtype == .int32 {
      try run(Element.self, positions, coordinates, Int32.self)
    } else {
      try run(Element.self, positions, coordinates, Int64.self)
    }
  }

  /// The same product with copies whose rows are contiguous; false where they are so already.
  private func runCopied<Element: SparseNumber>(_: Element.Type, rows: Int) throws -> Bool {
    let width = target.count
    let isWhole = Self.countsUp(target)
    guard width > 1, !isWhole || !Self.countsUp(source) else { return false }
    let columns = matrix.type.shape.codes[matrix.layout.order[1]]
    func allocated(_ rows: Int) throws -> Buffer {
      try Buffer(
        allocating: TensorType(dtype, Shape([rows * width])), in: kernels.context.memory)
    }
    let copy = try allocated(columns)
    try copyRows(
      Element.self, columns, from: factor, step: columnStride, source, to: copy, step: width,
      Array(0..<width))
    let out = isWhole ? result : try allocated(rows)
    try RowProduct(
      matrix: matrix, dtype: dtype, factor: copy, result: out, kernels: kernels,
      rowStride: isWhole ? rowStride : width, columnStride: width, target: Array(0..<width),
      source: Array(0..<width)
    ).run(Element.self)
    if !isWhole {
      try copyRows(
        Element.self, rows, from: out, step: width, Array(0..<width), to: result, step: rowStride,
        target)
    }
    return true
  }

  /// Copies rows of elements at some offsets to rows of elements at others.
  private func copyRows<Element: SparseNumber>(
    _: Element.Type, _ rows: Int, from source: Buffer, step sourceStep: Int, _ sources: [Int],
    to target: Buffer, step targetStep: Int, _ targets: [Int]
  ) throws {
    nonisolated(unsafe) let x = source.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let y = target.base.assumingMemoryBound(to: Element.self)
    // So few rows that their lines stay in cache for all offsets.
    let most = 512
    try kernels.context.scheduler.run((rows + most - 1) / most, kernels.context.token) { part, _ in
      let range = part * most..<min(rows, (part + 1) * most)
      for (from, to) in zip(sources, targets) {
        for row in range { y[row &* targetStep &+ to] = x[row &* sourceStep &+ from] }
      }
    }
  }

  /// Loops for numbers of 32 and 64 bits whose rows are contiguous; false for others.
  private func runLoops<Element: SparseNumber>(
    _: Element.Type, _ positions: Buffer, _ coordinates: Buffer
  ) throws -> Bool {
    let (width, isVector) = (target.count, target.count == 1)
    let (code, indexBytes) = (Int32(dtype.rawValue), Int32(positions.type.dtype.itemSize))
    guard isVector || Self.countsUp(target) && Self.countsUp(source),
      positions.type.dtype == coordinates.type.dtype,
      let loop = isVector
        ? weft_sparse_times_vector(code, indexBytes) : weft_sparse_times_dense(code, indexBytes)
    else { return false }
    let rowBytes = rowStride * dtype.itemSize
    let streams =
      !isVector && rowBytes % 64 == 0 && Int(bitPattern: result.base) % 64 == 0
      && result.byteCount > weft_cache_bytes() / 2
    nonisolated(unsafe) let rows = weft_sparse_rows(
      ends: positions.base, columns: coordinates.base, values: matrix.values.base, x: factor.base,
      y: result.base, entries: matrix.count, strideX: columnStride, strideY: rowStride,
      width: width, streams: streams ? 1 : 0)
    let count = positions.count - 1
    if RowParts.isOne(count, entries: matrix.count, width: width) {
      try kernels.context.token.check()
      withUnsafePointer(to: rows) { loop($0, 0, count) }
      if streams { weft_settle_stores() }
      return true
    }
    // Where a part begins nothing has been asked for ahead: few parts, each of many rows.
    let work = isVector ? 1 << 17 : 1 << 19
    let parts = RowParts(count, entries: matrix.count, width: width, work: work) {
      positions.index(at: $0)
    }
    let long = try LongRows(parts, most: 2 * work / max(1, min(width, 64)), positions, kernels)
    let (sums, itemSize) = (try kernels.values(long.pieces * width, dtype), dtype.itemSize)
    let tasks = long.pieces + long.others.count
    try kernels.context.scheduler.run(tasks, kernels.context.token) { task, _ in
      if task < long.pieces {
        var piece = rows
        piece.ends = UnsafeRawPointer(long.ends.base + task * 2 * Int(indexBytes))
        piece.y = sums.base + task * width * itemSize
        (piece.strideY, piece.streams) = (width, 0)
        loop(&piece, 0, 1)
      } else {
        let range = long.others[task - long.pieces]
        withUnsafePointer(to: rows) { loop($0, range.lowerBound, range.upperBound) }
        if streams { weft_settle_stores() }
      }
    }
    let found = sums.base.assumingMemoryBound(to: Element.self)
    let y = result.base.assumingMemoryBound(to: Element.self)
    for (row, pieces) in long.rows {
      for j in 0..<width {
        y[row * rowStride + j] = pieces.reduce(Element.none) { sum, piece in
          Element.sum(sum, found[piece * width + j])
        }
      }
    }
    return true
  }

  private func run<
    Element: SparseNumber, Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(
    _: Element.Type, _ positions: Buffer, _ coordinates: Buffer, _: Index.Type
  ) throws {
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let columns = coordinates.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let values = matrix.values.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let x = factor.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let y = result.base.assumingMemoryBound(to: Element.self)
    let rows = positions.count - 1
    let isVector = target.count == 1
    let parts = RowParts(rows, entries: matrix.count, width: target.count) { Int(ends[$0]) }
    let count = target.count
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      for row in parts[part] {
        let (start, end) = (Int(ends[row]), Int(ends[row &+ 1]))
        let out = y + row &* rowStride
        if isVector {
          var (a, b) = (Element.none, Element.none)
          var entry = start
          while entry &+ 1 < end {
            a = Element.sum(
              a, Element.product(values[entry], x[Int(columns[entry]) &* columnStride]))
            b = Element.sum(
              b, Element.product(values[entry &+ 1], x[Int(columns[entry &+ 1]) &* columnStride]))
            entry &+= 2
          }
          if entry < end {
            a = Element.sum(
              a, Element.product(values[entry], x[Int(columns[entry]) &* columnStride]))
          }
          out[0] = Element.sum(a, b)
        } else {
          for j in 0..<count { out[j] = .none }
          var entry = start
          // Two entries at a time halve the traffic of the result's row.
          while entry &+ 1 < end {
            let (v, w) = (values[entry], values[entry &+ 1])
            let first = x + Int(columns[entry]) &* columnStride
            let second = x + Int(columns[entry &+ 1]) &* columnStride
            for j in 0..<count {
              out[j] = Element.sum(
                out[j], Element.sum(Element.product(v, first[j]), Element.product(w, second[j])))
            }
            entry &+= 2
          }
          if entry < end {
            let (v, first) = (values[entry], x + Int(columns[entry]) &* columnStride)
            for j in 0..<count { out[j] = Element.sum(out[j], Element.product(v, first[j])) }
          }
        }
      }
    }
  }

  static func countsUp(_ offsets: [Int]) -> Bool {
    offsets.indices.allSatisfy { offsets[$0] == $0 }
  }
}

extension Buffer {
  /// Writes an index of 32 or 64 bits.
  func store(index: Int, at place: Int) {
    if type.dtype == .int32 {
      base.assumingMemoryBound(to: Int32.self)[place] = Int32(index)
    } else {
      base.assumingMemoryBound(to: Int64.self)[place] = Int64(index)
    }
  }

  /// An index of 32 or 64 bits.
  func index(at place: Int) -> Int {
    type.dtype == .int32
      ? Int(base.assumingMemoryBound(to: Int32.self)[place])
      : Int(base.assumingMemoryBound(to: Int64.self)[place])
  }
}

/// Ranges of rows with about equal work, whatever the number of threads.
struct RowParts: Sendable {
  private var bounds: [Int] = [0]
  /// The parts of small work.
  private static let few = 4

  /// Parts of rows whose entries end where `end` says; each entry is work for `width` elements, of which a part has
  /// about so many.
  init(_ rows: Int, entries: Int, width: Int, work least: Int = 1 << 16, _ end: (Int) -> Int) {
    let work = (entries + rows) * max(1, min(width, 64))
    // Of what caches hold there are parts too.
    let parts = max(1, min(rows, max(work / least, min(Self.few, work >> 15))))
    for part in 1..<max(2, parts) where parts > 1 {
      let wanted = (entries + rows) / parts * part
      // Rows count too: those without entries are written as well.
      var (low, high) = (bounds[bounds.count - 1], rows)
      while low < high {
        let middle = (low + high) / 2
        if end(middle) + middle < wanted { low = middle + 1 } else { high = middle }
      }
      bounds.append(low)
    }
    bounds.append(rows)
  }

  /// Whether work is too little for several parts.
  static func isOne(_ rows: Int, entries: Int, width: Int) -> Bool {
    (entries + rows) * max(1, min(width, 64)) < 2 << 15
  }

  var count: Int { bounds.count - 1 }
  subscript(part: Int) -> Range<Int> { bounds[part]..<bounds[part + 1] }
}

/// Rows with so many entries that threads would wait for whoever has them: cut into pieces, whose sums are added up in order.
private struct LongRows: Sendable {
  /// Where the entries of each piece begin and end.
  let ends: Buffer
  let pieces: Int
  /// The long rows, and which pieces are theirs.
  let rows: [(row: Int, pieces: Range<Int>)]
  /// Ranges of the other rows.
  let others: [Range<Int>]

  /// Rows with more than `most` entries.
  init(
    _ parts: RowParts, most: Int, _ positions: Buffer, _ kernels: SparseKernels
  ) throws {
    var (rows, others, cuts): ([(row: Int, pieces: Range<Int>)], [Range<Int>], [Range<Int>]) =
      ([], [], [])
    for part in 0..<parts.count {
      var rest = parts[part]
      guard !rest.isEmpty,
        positions.index(at: rest.upperBound) - positions.index(at: rest.lowerBound) > most
      else {
        others.append(rest)
        continue
      }
      for row in parts[part] {
        let (start, end) = (positions.index(at: row), positions.index(at: row + 1))
        guard end - start > most else { continue }
        others.append(rest.lowerBound..<row)
        rest = row + 1..<rest.upperBound
        let (count, first) = ((end - start) / (most / 2), cuts.count)
        let bounds = (0...count).map { start + (end - start) / count * $0 }
        cuts += (0..<count).map { bounds[$0]..<($0 == count - 1 ? end : bounds[$0 + 1]) }
        rows.append((row, first..<cuts.count))
      }
      others.append(rest)
    }
    ends = try kernels.values(2 * cuts.count, positions.type.dtype)
    for (piece, range) in cuts.enumerated() {
      ends.store(index: range.lowerBound, at: 2 * piece)
      ends.store(index: range.upperBound, at: 2 * piece + 1)
    }
    (self.rows, self.others, pieces) = (rows, others.filter { !$0.isEmpty }, cuts.count)
  }
}
