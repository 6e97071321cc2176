import WeftIR

/// Where the elements at each coordinate of an axis go when some positions of it are taken.
struct TakenPlaces: Sendable {
  /// The coordinates that are taken, in order, where there is no table of all.
  private let taken: Vector<Int>?
  /// Where the places of a coordinate start, of those taken or of all, and the end of the last.
  private let starts: Vector<UInt32>
  let places: Vector<UInt32>
  /// Whether places grow with coordinates.
  let isSorted: Bool

  @inline(__always)
  func range(_ column: Int) -> Range<Int> {
    var number = column
    if let taken {
      var (low, high) = (0, taken.count)
      while low < high {
        let middle = (low &+ high) / 2
        if taken.base[middle] < column { low = middle &+ 1 } else { high = middle }
      }
      if low == taken.count || taken.base[low] != column { return 0..<0 }
      number = low
    }
    return Int(starts.base[number])..<Int(starts.base[number &+ 1])
  }

  /// The places of positions below an extent, for so many entries to be looked up.
  init(_ positions: Vector<Int>, extent: Int, entries: Int, _ kernels: SparseKernels) throws {
    let count = positions.count
    guard count <= Int(UInt32.max) else {
      throw WeftError(.tooLarge, "gather", "\(count) positions are too many to be taken")
    }
    var isSorted = true
    for place in 1..<max(1, count) where positions.base[place] < positions.base[place &- 1] {
      isSorted = false
    }
    // A table of all columns where they are no more than what is looked at anyway.
    if extent <= 4 * (count + entries) + SparseKernels.entriesOfPart {
      let starts: Vector<UInt32> = try kernels.vector(extent + 1)
      starts.base.update(repeating: 0, count: extent + 1)
      for place in 0..<count { starts.base[positions.base[place] &+ 1] &+= 1 }
      for column in 0..<extent { starts.base[column &+ 1] &+= starts.base[column] }
      let places: Vector<UInt32> = try kernels.vector(count)
      let next: Vector<UInt32> = try kernels.vector(extent)
      next.base.update(from: starts.base, count: extent)
      for place in 0..<count {
        let column = positions.base[place]
        places.base[Int(next.base[column])] = UInt32(truncatingIfNeeded: place)
        next.base[column] &+= 1
      }
      (taken, self.starts, self.places, self.isSorted) = (nil, starts, places, isSorted)
      return
    }
    let keys: Vector<UInt64> = try kernels.vector(count)
    for place in 0..<count { keys.base[place] = UInt64(positions.base[place]) }
    let order = try kernels.order(of: keys)
    let sorted = order?.keys ?? keys
    let places: Vector<UInt32> = try kernels.vector(count)
    for n in 0..<count {
      places.base[n] = order?.entries.base[n] ?? UInt32(truncatingIfNeeded: n)
    }
    var heads: [Int] = []
    for n in 0..<count where n == 0 || sorted.base[n] != sorted.base[n - 1] { heads.append(n) }
    let taken: Vector<Int> = try kernels.vector(heads.count)
    let starts: Vector<UInt32> = try kernels.vector(heads.count + 1)
    for (n, head) in heads.enumerated() {
      taken.base[n] = Int(sorted.base[head])
      starts.base[n] = UInt32(truncatingIfNeeded: head)
    }
    starts.base[heads.count] = UInt32(truncatingIfNeeded: count)
    (self.taken, self.starts, self.places, self.isSorted) = (taken, starts, places, isSorted)
  }
}
