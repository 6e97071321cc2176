import WeftIR

/// Nested loops over the axes of up to four arrays that are walked together.
///
/// Extents of 1 are dropped and axes that lie behind each other in every array are joined. Lane l
/// of offsets and strides, in bytes, is that of array l.
struct LoopNest {
  /// An axis with the bytes between neighbours in each array.
  struct Axis {
    let extent: Int
    let stride: SIMD4<Int>

    init(_ extent: Int, _ strides: Int...) {
      self.extent = extent
      var stride = SIMD4<Int>.zero
      for (lane, bytes) in strides.enumerated() { stride[lane] = bytes }
      self.stride = stride
    }
  }

  private(set) var extents: [Int] = []
  private(set) var strides: [SIMD4<Int>] = []

  /// A nest from axes, outermost first.
  init(_ axes: some Sequence<Axis>) {
    for axis in axes where axis.extent != 1 {
      if axis.extent == 0 {
        (extents, strides) = ([0], [.zero])
        return
      }
      if let last = extents.indices.last, strides[last] == axis.stride &* axis.extent {
        extents[last] &*= axis.extent
        strides[last] = axis.stride
      } else {
        extents.append(axis.extent)
        strides.append(axis.stride)
      }
    }
  }

  /// The number of positions.
  var count: Int { extents.reduce(1, &*) }

  /// Visits the innermost axis piece by piece: offset of its first position, number of positions,
  /// stride between them.
  ///
  /// Pieces have at most `limit` positions, after about so many the token is checked.
  func forEachRun(
    from start: SIMD4<Int> = .zero, limit: Int = 1 << 16, _ token: CancellationToken,
    _ body: (_ offset: SIMD4<Int>, _ count: Int, _ stride: SIMD4<Int>) throws -> Void
  ) throws {
    try token.check()
    let inner = extents.last ?? 1
    if inner == 0 { return }
    let stride = strides.last ?? .zero
    let outer = max(0, extents.count - 1)
    var position = Array(repeating: 0, count: outer)
    var offset = start
    var unchecked = 0
    while true {
      var done = 0
      while done < inner {
        let piece = min(limit, inner - done)
        try body(offset &+ stride &* done, piece, stride)
        done += piece
        unchecked += piece
        if unchecked >= limit {
          unchecked = 0
          try token.check()
        }
      }
      guard let next = Self.advance(&position, extents, strides, &offset) else { return }
      position[next] += 1
    }
  }

  /// Sets exhausted axes back and gives the one that goes on, with the offset moved to there.
  private static func advance(
    _ position: inout [Int], _ extents: [Int], _ strides: [SIMD4<Int>], _ offset: inout SIMD4<Int>
  ) -> Int? {
    var axis = position.count - 1
    while axis >= 0 {
      if position[axis] + 1 < extents[axis] {
        offset &+= strides[axis]
        return axis
      }
      offset &-= strides[axis] &* position[axis]
      position[axis] = 0
      axis -= 1
    }
    return nil
  }

  /// The offsets of `count` positions from position `start` on, in C order.
  func offsets(from start: Int, count: Int) -> [SIMD4<Int>] {
    var position = Array(repeating: 0, count: extents.count)
    var offset = SIMD4<Int>.zero
    var rest = start
    for axis in extents.indices.reversed() {
      position[axis] = rest % extents[axis]
      rest /= extents[axis]
      offset &+= strides[axis] &* position[axis]
    }
    var list: [SIMD4<Int>] = []
    list.reserveCapacity(count)
    while list.count < count {
      list.append(offset)
      guard let next = Self.advance(&position, extents, strides, &offset) else { break }
      position[next] += 1
    }
    return list
  }
}

extension Buffer {
  /// The extents; a buffer's shape is known.
  var extents: [Int] { type.shape.codes }

  /// The bytes between neighbours along each axis.
  var byteStrides: [Int] { LoopNest.byteStrides(extents, type.dtype.itemSize) }
}

extension LoopNest {
  /// The bytes between neighbours along each axis of a dense array in C order.
  static func byteStrides(_ extents: [Int], _ itemSize: Int) -> [Int] {
    var strides = Array(repeating: itemSize, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] &* extents[axis + 1]
    }
    return strides
  }
}
