import WeftIR

/// How coordinates along an axis change, and which entries stay.
struct AxisShift: Sendable {
  /// Entries at `start + i * step` for i below `count` stay and go to i.
  var start = 0
  var step = 1
  var count: Int
  /// i goes to `count - 1 - i` first, then to `low + i * spread`.
  var isReversed = false
  var low = 0
  var spread = 1

  /// Whether no entry is left out, of an axis whose extent the count is.
  var keepsAll: Bool { start == 0 && step == 1 && isWhole }
  /// Whether the count is the extent of the axis that entries come from.
  var isWhole = true
  /// That extent.
  var sourceExtent: Int

  init(count: Int) {
    self.count = count
    sourceExtent = count
  }

  /// Whether every entry stays where it is.
  var changesNothing: Bool { keepsAll && !isReversed && low == 0 && spread == 1 }

  /// Where a coordinate goes; nil where its entry is left out.
  @inline(__always)
  func moved(_ coordinate: Int) -> Int? {
    var i = coordinate &- start
    if i < 0 { return nil }
    if step > 1 {
      if i % step != 0 { return nil }
      i /= step
    }
    if i >= count { return nil }
    if isReversed { i = count &- 1 &- i }
    return low &+ i &* spread
  }

  /// Where the entries at a coordinate come from; nil where none do.
  @inline(__always)
  func origin(_ coordinate: Int) -> Int? {
    var i = coordinate &- low
    if i < 0 { return nil }
    if spread > 1 {
      if i % spread != 0 { return nil }
      i /= spread
    }
    if i >= count { return nil }
    if isReversed { i = count &- 1 &- i }
    return start &+ i &* step
  }

  /// The shifts of each operand's axes that an op stands for.
  static func shifts(_ op: Op, _ graph: Graph, _ operands: [Value]) -> [[AxisShift]] {
    func kept(_ value: Value) -> [AxisShift] {
      graph.type(value).shape.codes.map { AxisShift(count: $0) }
    }
    var shifts = kept(operands[0])
    switch op {
    case .slice(let spans):
      for (axis, span) in spans.enumerated() {
        shifts[axis].isWhole = span.count == nil || span.count == shifts[axis].count
        shifts[axis].start = span.start
        shifts[axis].step = span.step
        shifts[axis].count = span.count ?? shifts[axis].count
      }
    case .reverse(let axes):
      for axis in axes.axes { shifts[axis].isReversed = true }
    case .pad(let spans):
      for (axis, span) in spans.enumerated() {
        shifts[axis].low = span.low
        shifts[axis].spread = span.interior + 1
      }
    case .concatenate(let axis):
      var start = 0
      return operands.map { operand in
        var own = kept(operand)
        own[axis].low = start
        start += own[axis].count
        return own
      }
    default: break
    }
    return [shifts]
  }
}

/// How numbers of positions change with coordinates.
private struct KeyShift<Key: PositionKey>: Sendable {
  private let axes: [AxisShift]
  private let source: [Key]
  private let target: [Key]

  init(from source: Frame<Key>, to target: Frame<Key>, _ axes: [AxisShift]) {
    self.axes = axes
    self.source = source.strides
    self.target = target.strides
  }

  /// Where a position goes; nil where its entry is left out.
  @inline(__always)
  func moved(_ position: Key) -> Key? {
    var (rest, key) = (position, Key.zero)
    for axis in axes.indices {
      let (coordinate, next) = rest.quotientAndRemainder(dividingBy: source[axis])
      rest = next
      guard let place = axes[axis].moved(Int(truncatingIfNeeded: coordinate)) else { return nil }
      key = key &+ Key(truncatingIfNeeded: place) &* target[axis]
    }
    return key
  }
}

extension SparseRowRunner {
  /// The same entries under other names of the axes: nothing moves.
  func permuted(_ row: Int, _ operand: Value, _ axes: [Int]) throws -> Buffer {
    let elements = try elements(operand)
    return buffer(
      SparseElements(
        type(row), elements.layout.permuted(axes), levels: elements.levels,
        values: elements.values))
  }

  /// Positions in C order stay what they are.
  func reshaped<Key: PositionKey>(
    _ row: Int, _ operand: Value, _: Key.Type
  ) throws -> Buffer {
    let elements = try elements(operand)
    let order = Array(0..<elements.type.rank)
    return try result(row, kernels.entries(of: elements, order: order, Key.self))
  }

  /// Entries that stay, each at another place along its axes: slices, reversals, padding, joining.
  func shifted<Key: PositionKey>(
    _ row: Int, _ operands: [Value], _ shifts: [[AxisShift]], _: Key.Type
  ) throws -> Buffer {
    if let rows = try shiftedRows(row, operands, shifts, Key.self) { return rows }
    if let moved = try shiftedCoordinates(row, operands, shifts) { return moved }
    let type = type(row)
    let frame = Frame<Key>(type.shape.codes, order: Array(0..<type.rank))
    var parts: [Entries<Key>] = []
    for (operand, axes) in zip(operands, shifts) {
      guard let elements = try joinable(row, operand, Key.self) else { continue }
      let source = try kernels.entries(of: elements, order: frame.order, Key.self)
      let own = Frame<Key>(elements.type.shape.codes, order: frame.order)
      let shift = KeyShift(from: own, to: frame, axes)
      let keys: Vector<Key> = try kernels.vector(source.count)
      if axes.allSatisfy(\.keepsAll) {
        try kernels.forEachPart(source.count) { range in
          for entry in range { keys.base[entry] = shift.moved(source.keys.base[entry]) ?? 0 }
        }
        parts.append(try kernels.sorted(keys, source.values))
        continue
      }
      let kept: Vector<Bool> = try kernels.vector(source.count)
      try kernels.forEachPart(source.count) { range in
        for entry in range {
          let moved = shift.moved(source.keys.base[entry])
          keys.base[entry] = moved ?? 0
          kept.base[entry] = moved != nil
        }
      }
      guard let places = try kernels.places(source.count, where: { kept.base[$0] }) else {
        parts.append(try kernels.sorted(keys, source.values))
        continue
      }
      let values = try kernels.moved(source.values, count: places.count) { places.base[$0] }
      parts.append(try kernels.sorted(try kernels.subset(keys, places), values))
    }
    return try result(row, kernels.joined(parts, type.dtype))
  }

  /// The entries of an operand for a row's fill: all elements of what has another; nil for what is the fill everywhere.
  func joinable<Key: PositionKey>(
    _ row: Int, _ operand: Value, _: Key.Type
  ) throws -> SparseElements? {
    guard let layout = layout(row), let fill = layout.fill else { throw missing(operand) }
    let storage = plan.layouts[operand]
    if storage.fill == fill { return storage.isSparse ? try elements(operand) : nil }
    if case .concatenate = graph.rows[row].op {
      let dense = storage.isSparse ? try densified(row, operand) : try whole(operand)
      let type = graph.type(operand)
      let made = try compressed(
        dense, type, layout.filled(fill.converted(to: type.dtype)), Key.self)
      guard let elements = made.sparse else { throw missing(operand) }
      return elements
    }
    return storage.isSparse ? try elements(operand) : nil
  }

  /// Each entry as often as the axes that an array is repeated along have positions.
  func broadcast<Key: PositionKey>(
    _ row: Int, _ operand: Value, _ shape: [Int], _ axes: [Int], _: Key.Type
  ) throws -> Buffer {
    let elements = try elements(operand)
    let own = elements.type.shape.codes
    let frame = Frame<Key>(shape, order: Array(shape.indices))
    let kept = own.indices.filter { own[$0] != 1 }.map { axes[$0] }
    let repeated = shape.indices.filter { shape[$0] != 1 && !kept.contains($0) }
    let growing = own.indices.sorted { axes[$0] < axes[$1] }
    let source: Entries<Key> = try kernels.entries(of: elements, order: growing)
    if source.count == 0 { return try result(row, source) }
    let numbers = Frame<Key>(own, order: growing)
    let copies = repeated.reduce(1) { product, axis in
      let (next, overflow) = product.multipliedReportingOverflow(by: shape[axis])
      return overflow ? .max : next
    }
    if let found = try guided(
      row, source, numbers, axes: growing.map { axes[$0] }, times: copies, fill: elements.fill)
    {
      return try result(row, found)
    }
    let strides = growing.map { own[$0] == 1 ? Key.zero : frame.strides[axes[$0]] }
    let bases: Vector<Key> = try kernels.vector(source.count)
    try kernels.forEachPart(source.count) { range in
      for entry in range {
        var (rest, base) = (source.keys.base[entry], Key.zero)
        for (level, stride) in strides.enumerated() {
          let (coordinate, next) = rest.quotientAndRemainder(dividingBy: numbers.strides[level])
          base = base &+ coordinate &* stride
          rest = next
        }
        bases.base[entry] = base
      }
    }
    var offsets: [Key] = [0]
    for axis in repeated {
      let (count, overflow) = offsets.count.multipliedReportingOverflow(by: shape[axis])
      try checkEntries(row, overflow ? .max : count, elements.count)
      var next: [Key] = []
      next.reserveCapacity(count)
      for offset in offsets {
        for i in 0..<shape[axis] {
          next.append(offset &+ Key(truncatingIfNeeded: i) &* frame.strides[axis])
        }
      }
      offsets = next
    }
    // Where nothing that is kept stands between repeated axes, entries that differ behind these alone are repeated
    // together, which keeps the order.
    let isOneRun = kept.allSatisfy { axis in
      axis < repeated.first ?? 0 || axis > repeated.last ?? 0
    }
    let outer = kept.last { axis in axis < repeated.first ?? 0 }
    let groups = try repeatedGroups(bases, isOneRun ? outer.map { frame.strides[$0] } : 1)
    let (times, added) = (offsets.count, offsets)
    let keys: Vector<Key> = try kernels.vector(times * source.count)
    let places: Vector<Int> = try kernels.vector(keys.count)
    let count = source.count
    try kernels.forEachRange(groups?.count ?? 1, entries: keys.count) { group in
      let first = groups?.base[group] ?? 0
      let end = groups.map { group + 1 < $0.count ? $0.base[group + 1] : count } ?? count
      var next = first * times
      for offset in added {
        for entry in first..<end {
          keys.base[next] = bases.base[entry] &+ offset
          places.base[next] = entry
          next &+= 1
        }
      }
    }
    let values = try kernels.moved(source.values, count: keys.count) { places.base[$0] }
    return try result(row, kernels.sorted(keys, values))
  }

  /// The first of the entries that are repeated together: those between two multiples of a stride, all of them for nil.
  private func repeatedGroups<Key: PositionKey>(
    _ bases: Vector<Key>, _ stride: Key?
  ) throws -> Vector<Int>? {
    guard let stride else { return nil }
    let heads = try kernels.places(bases.count) {
      $0 == 0 || bases.base[$0] / stride != bases.base[$0 &- 1] / stride
    }
    if let heads { return heads }
    let all: Vector<Int> = try kernels.vector(bases.count)
    for entry in 0..<bases.count { all.base[entry] = entry }
    return all
  }

  /// Entries that would take more bytes than a dense array may have are an error.
  private func checkEntries(_ row: Int, _ times: Int, _ count: Int) throws {
    let (entries, overflow) = times.multipliedReportingOverflow(by: count)
    let (bytes, isMore) = entries.multipliedReportingOverflow(by: 24)
    if !overflow, !isMore, bytes <= plan.passContext.densifyLimit { return }
    throw WeftError(
      .wouldDensify, graph.rows[row].op.name,
      "\(count) entries repeated to \(type(row)) take \(overflow || isMore ? "more than 2^63" : "\(bytes)") "
        + "bytes; the limit is \(plan.passContext.densifyLimit) bytes",
      hint: "raise WEFT_DENSIFY_LIMIT")
  }

  /// The entries at each of some positions along an axis.
  func gathered<Key: PositionKey>(
    _ row: Int, _ operand: Value, _ indices: Value, _ axis: Int, _: Key.Type
  ) throws -> Buffer {
    try gathered(elements(operand), at: whole(indices), axis, type(row), layout(row), Key.self)
  }

  /// The same as an array of a type in a layout.
  func gathered<Key: PositionKey>(
    _ elements: SparseElements, at positions: Buffer, _ axis: Int, _ type: TensorType,
    _ layout: Layout?, _: Key.Type
  ) throws -> Buffer {
    let places = try taken(positions, elements.type.shape.codes[axis], axis)
    if let rows = try gatheredRows(elements, at: places, axis) {
      if rows.type == type, let layout, rows.layout.hasLevels(of: layout) { return buffer(rows) }
      // Several axes, or none, in the place of one: positions in C order stay what they are.
      let entries = try kernels.entries(of: rows, order: Array(0..<rows.type.rank), Key.self)
      return try result(type, layout, entries, fill: elements.fill)
    }
    let shape = elements.type.shape.codes
    if axis > 0, type.rank > 0 {
      let entries = try gathered(elements, at: places, axis, Key.self)
      return try result(type, layout, entries, fill: elements.fill)
    }
    let order = [axis] + shape.indices.filter { $0 != axis }
    let source = try kernels.entries(of: elements, order: order, Key.self)
    let own = Frame<Key>(shape, order: order)
    let target = Frame<Key>(type.shape.codes, order: Array(0..<type.rank))
    let rank = positions.type.rank
    // Where the operand's other axes are in the result.
    let strides = order.dropFirst().map { target.strides[$0 < axis ? $0 : $0 + rank - 1] }
    let width = own.strides[0]
    var bounds: [(from: Int, to: Int)] = []
    var count = 0
    for place in 0..<places.count {
      let start = Key(truncatingIfNeeded: places.base[place]) &* width
      let from = source.keys.firstIndex(from: start)
      let to = source.keys.firstIndex(from: start &+ width)
      bounds.append((from, to))
      count += to - from
    }
    let keys: Vector<Key> = try kernels.vector(count)
    let sources: Vector<Int> = try kernels.vector(count)
    let inner = Frame<Key>(positions.type.shape.codes, order: Array(0..<rank))
    let found = bounds
    var starts = [0]
    for bound in bounds { starts.append(starts[starts.count - 1] + bound.to - bound.from) }
    let firsts = starts
    try kernels.forEachRange(bounds.count, entries: count) { place in
      let bound = found[place]
      var next = firsts[place]
      var base = Key.zero
      var rest = Key(truncatingIfNeeded: place)
      for level in 0..<rank {
        let (coordinate, after) = rest.quotientAndRemainder(dividingBy: inner.strides[level])
        base = base &+ coordinate &* target.strides[axis + level]
        rest = after
      }
      for entry in bound.from..<bound.to {
        var (rest, key) = (source.keys.base[entry] % width, base)
        for (level, stride) in strides.enumerated() {
          let (coordinate, after) = rest.quotientAndRemainder(dividingBy: own.strides[level + 1])
          key = key &+ coordinate &* stride
          rest = after
        }
        keys.base[next] = key
        sources.base[next] = entry
        next += 1
      }
    }
    let values = try kernels.moved(source.values, count: count) { sources.base[$0] }
    return try result(type, layout, kernels.sorted(keys, values), fill: elements.fill)
  }
  /// The entries at positions along an axis, in C order: each goes where its coordinate is taken to.
  private func gathered<Key: PositionKey>(
    _ elements: SparseElements, at positions: Vector<Int>, _ axis: Int, _: Key.Type
  ) throws -> Entries<Key> {
    let shape = elements.type.shape.codes
    let source = try kernels.entries(of: elements, order: Array(shape.indices), Key.self)
    let taken = try TakenPlaces(positions, extent: shape[axis], entries: source.count, kernels)
    let stride = Frame<Key>(shape, order: Array(shape.indices)).strides[axis]
    let (extent, width) = (Key(shape[axis]), Key(positions.count))
    let length = SparseKernels.entriesOfPart
    let counts: Vector<Int> = try kernels.vector((source.count + length - 1) / length)
    try kernels.forEachPart(source.count) { range in
      var count = 0
      for entry in range {
        let coordinate = Int(truncatingIfNeeded: source.keys.base[entry] / stride % extent)
        count &+= taken.range(coordinate).count
      }
      counts.base[range.lowerBound / length] = count
    }
    let total = counts.startsOfParts()
    let (keys, sources): (Vector<Key>, Vector<Int>) = (
      try kernels.vector(total), try kernels.vector(total)
    )
    try kernels.forEachPart(source.count) { range in
      var next = counts.base[range.lowerBound / length]
      for entry in range {
        let (above, inner) = source.keys.base[entry].quotientAndRemainder(dividingBy: stride)
        let (outer, coordinate) = above.quotientAndRemainder(dividingBy: extent)
        for n in taken.range(Int(truncatingIfNeeded: coordinate)) {
          let place = Key(truncatingIfNeeded: taken.places.base[n])
          keys.base[next] = (outer &* width &+ place) &* stride &+ inner
          sources.base[next] = entry
          next &+= 1
        }
      }
    }
    let values = try kernels.moved(source.values, count: total) { sources.base[$0] }
    return try kernels.sorted(keys, values)
  }

  /// Positions along an axis, each inside its extent.
  func taken(
    _ positions: Buffer, _ extent: Int, _ axis: Int, for operation: String = "gather"
  ) throws -> Vector<Int> {
    let result: Vector<Int> = try kernels.vector(positions.count)
    let isPlain = positions.type.dtype == .int64
    nonisolated(unsafe) let plain = positions.base.assumingMemoryBound(to: Int.self)
    try kernels.forEachPart(positions.count) { range in
      for place in range {
        let index = isPlain ? plain[place] : Int(positions.scalar(at: place).intValue)
        guard index >= 0, index < extent else {
          throw WeftError(
            .indexOutOfBounds, operation,
            "index \(index) is out of bounds for axis \(axis) with extent \(extent)")
        }
        result.base[place] = index
      }
    }
    return withExtendedLifetime(positions) { result }
  }
}
