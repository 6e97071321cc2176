import WeftIR

/// A dense array as a larger shape sees it: axes repeat where their stride is 0.
struct DenseView: Sendable {
  let buffer: Buffer
  /// The extents of the shape.
  let extents: [Int]
  /// Elements between neighbours along each axis.
  let strides: [Int]

  /// An array that is not repeated.
  init(_ buffer: Buffer) {
    self.init(buffer, to: buffer.type.shape.codes, axes: Array(0..<buffer.type.rank))
  }

  /// An array broadcast to a shape; `axes[i]` is where its axis i goes.
  init(_ buffer: Buffer, to extents: [Int], axes: [Int]) {
    let own = buffer.type.shape.codes
    var strides = Array(repeating: 0, count: extents.count)
    var stride = 1
    for axis in own.indices.reversed() {
      if own[axis] != 1 { strides[axes[axis]] = stride }
      stride *= own[axis]
    }
    self.buffer = buffer
    self.extents = extents
    self.strides = strides
  }
}

extension SparseKernels {
  /// The numbers below an extent.
  func counter(_ extent: Int) throws -> Buffer {
    let result = try values(extent, .int64)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Int64.self)
    try forEachPart(extent) { range in
      for place in range { target[place] = Int64(place) }
    }
    return result
  }

  /// Where each position's element is in a view.
  private func offsets<Key: PositionKey>(
    _ view: DenseView, at keys: Vector<Key>, _ frame: Frame<Key>
  ) throws -> Vector<Int> {
    let result: Vector<Int> = try vector(keys.count)
    let strides = frame.order.map { view.strides[$0] }
    let isContiguous = zip(strides, frame.strides).allSatisfy { Key(truncatingIfNeeded: $0) == $1 }
    try forEachPart(keys.count) { range in
      if isContiguous {
        for place in range { result.base[place] = Int(truncatingIfNeeded: keys.base[place]) }
        return
      }
      if frame.extents.count == 2 {
        let (row, width) = (frame.strides[0], strides)
        var (start, base) = (Key.zero, 0)
        for place in range {
          let key = keys.base[place]
          if key &- start >= row {
            let coordinate = key / row
            start = coordinate &* row
            base = Int(truncatingIfNeeded: coordinate) &* width[0]
          }
          result.base[place] = base &+ Int(truncatingIfNeeded: key &- start) &* width[1]
        }
        return
      }
      for place in range {
        var (rest, offset) = (keys.base[place], 0)
        for level in strides.indices {
          let (coordinate, next) = rest.quotientAndRemainder(dividingBy: frame.strides[level])
          offset &+= Int(truncatingIfNeeded: coordinate) &* strides[level]
          rest = next
        }
        result.base[place] = offset
      }
    }
    return result
  }

  /// The elements of a view at positions.
  func values<Key: PositionKey>(
    of view: DenseView, at keys: Vector<Key>, _ frame: Frame<Key>
  ) throws -> Buffer {
    let places = try offsets(view, at: keys, frame)
    return try moved(view.buffer, count: keys.count) { places.base[$0] }
  }

  /// The positions of elements of a view, given by their places in its buffer, sorted.
  func positions<Key: PositionKey>(
    of places: [Int], in view: DenseView, _ frame: Frame<Key>
  ) throws -> Vector<Key> {
    let strides = frame.axisStrides
    let repeated = view.extents.indices.filter { view.strides[$0] == 0 && view.extents[$0] != 1 }
    let times = repeated.reduce((1, false)) { product, axis in
      let (next, overflow) = product.0.multipliedReportingOverflow(by: view.extents[axis])
      return (next, product.1 || overflow)
    }
    let (count, overflow) = places.count.multipliedReportingOverflow(by: times.0)
    guard !overflow, !times.1 else {
      throw WeftError(.tooLarge, "store", "more entries than can be counted")
    }
    let own = view.extents.indices.filter { view.strides[$0] != 0 }
      .sorted { view.strides[$0] > view.strides[$1] }
    let keys: Vector<Key> = try vector(count)
    var next = 0
    for place in places {
      var (rest, base) = (place, Key.zero)
      for axis in own {
        base = base &+ Key(truncatingIfNeeded: rest / view.strides[axis]) &* strides[axis]
        rest %= view.strides[axis]
      }
      var counter = Array(repeating: 0, count: repeated.count)
      for _ in 0..<times.0 {
        var key = base
        for (digit, axis) in zip(counter, repeated) {
          key = key &+ Key(truncatingIfNeeded: digit) &* strides[axis]
        }
        keys.base[next] = key
        next += 1
        for digit in counter.indices.reversed() {
          counter[digit] += 1
          if counter[digit] < view.extents[repeated[digit]] { break }
          counter[digit] = 0
        }
      }
    }
    guard let order = try sortingOrder(keys) else { return keys }
    return try reordered(keys, order)
  }
}
