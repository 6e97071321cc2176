import WeftIR

/// Sorted lists of entries, no two at one place, as one.
extension SparseKernels {
  /// The entries of several arrays in order: appended where they follow each other, else merged in pairs.
  ///
  /// The work is linear in the entries, times the logarithm of the number of arrays, and shared by parts of the result.
  func joined<Key: PositionKey>(
    _ lists: [Entries<Key>], _ dtype: DType
  ) throws -> Entries<Key> {
    let lists = lists.filter { $0.count > 0 }
    if lists.count == 1 { return lists[0] }
    let count = lists.reduce(0) { $0 + $1.count }
    guard count <= Int(UInt32.max) else {
      throw WeftError(.tooLarge, "concatenate", "\(count) entries are too many to be joined")
    }
    let values = try appended(lists, dtype)
    let follow = zip(lists, lists.dropFirst()).allSatisfy { list, next in
      list.keys.base[list.count - 1] < next.keys.base[0]
    }
    if follow { return Entries(keys: try appended(lists.map(\.keys)), values: values) }
    // Digits are fewer passes than pairs of many.
    if lists.count > Self.mostMerged {
      return try sorted(try appended(lists.map(\.keys)), values)
    }
    var start = 0
    var runs: [MergeRun<Key>] = lists.map { list in
      defer { start += list.count }
      return MergeRun(keys: list.keys, places: nil, start: start)
    }
    while runs.count > 1 {
      var next: [MergeRun<Key>] = []
      for pair in stride(from: 0, to: runs.count - 1, by: 2) {
        next.append(try merged(runs[pair], runs[pair + 1]))
      }
      if runs.count % 2 == 1 { next.append(runs[runs.count - 1]) }
      runs = next
    }
    // Two lists and more leave one with places.
    guard let run = runs.first, let places = run.places else {
      return Entries(keys: try vector(0), values: values)
    }
    return Entries(keys: run.keys, values: try reordered(values, places))
  }

  /// More lists than these are sorted.
  private static let mostMerged = 16

  private func appended<Key: PositionKey>(_ lists: [Vector<Key>]) throws -> Vector<Key> {
    let result: Vector<Key> = try vector(lists.reduce(0) { $0 + $1.count })
    var done = 0
    for list in lists {
      let target = result.base + done
      nonisolated(unsafe) let (from, to) = (list.base, target)
      try forEachPart(list.count) { range in
        (to + range.lowerBound).update(from: from + range.lowerBound, count: range.count)
      }
      done += list.count
    }
    return result
  }

  private func appended<Key: PositionKey>(
    _ lists: [Entries<Key>], _ dtype: DType
  ) throws -> Buffer {
    let result = try values(lists.reduce(0) { $0 + $1.count }, dtype)
    let size = dtype.itemSize
    var done = 0
    for list in lists {
      nonisolated(unsafe) let (from, to) = (list.values.base, result.base + done * size)
      try forEachPart(list.count) { range in
        (to + range.lowerBound * size).copyMemory(
          from: from + range.lowerBound * size, byteCount: range.count * size)
      }
      done += list.count
    }
    return result
  }

  /// Two runs as one, in parts of the result.
  private func merged<Key: PositionKey>(
    _ a: MergeRun<Key>, _ b: MergeRun<Key>
  ) throws -> MergeRun<Key> {
    let count = a.keys.count + b.keys.count
    let (keys, places): (Vector<Key>, Vector<UInt32>) = (try vector(count), try vector(count))
    try forEachPart(count) { range in
      var i = Self.split(a.keys, b.keys, range.lowerBound)
      var j = range.lowerBound &- i
      for place in range {
        let isFirst = j == b.keys.count || i < a.keys.count && a.keys.base[i] <= b.keys.base[j]
        if isFirst {
          keys.base[place] = a.keys.base[i]
          places.base[place] = a.place(i)
          i &+= 1
        } else {
          keys.base[place] = b.keys.base[j]
          places.base[place] = b.place(j)
          j &+= 1
        }
      }
    }
    return MergeRun(keys: keys, places: places, start: 0)
  }

  /// How many of the first elements of two sorted lists as one are of the first list.
  ///
  /// - Source: Odeh, Green, Mwassi, Shmueli & Birk 2012, "Merge Path".
  private static func split<Key: PositionKey>(
    _ a: Vector<Key>, _ b: Vector<Key>, _ count: Int
  ) -> Int {
    var (low, high) = (max(0, count - b.count), min(count, a.count))
    while low < high {
      let middle = (low + high) / 2
      if a.base[middle] <= b.base[count - 1 - middle] { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A sorted list of keys, and the entry that each is of.
private struct MergeRun<Key: PositionKey>: Sendable {
  let keys: Vector<Key>
  /// nil where they count up from a start.
  let places: Vector<UInt32>?
  let start: Int

  @inline(__always)
  func place(_ index: Int) -> UInt32 {
    places?.base[index] ?? UInt32(truncatingIfNeeded: start &+ index)
  }
}
