/// A stable sort in memory that is given: the standard library's takes its own unchecked.
struct MergeSort {
  /// What is sorted.
  let items: UnsafeMutablePointer<Int64>
  /// As much memory again.
  let scratch: UnsafeMutablePointer<Int64>
  let count: Int
  /// Runs that insertion sorts before any are merged.
  private static let run = 16

  /// Sorts by an order that is asked whether its first argument comes before its second.
  ///
  /// - Source: bottom-up merge sort, Knuth, TAOCP 3, 5.2.4.
  func sort(_ precedes: (Int64, Int64) throws -> Bool) rethrows {
    for start in stride(from: 0, to: count, by: Self.run) {
      try insert(from: start, to: min(start + Self.run, count), precedes)
    }
    var (from, to) = (items, scratch)
    var width = Self.run
    while width < count {
      for start in stride(from: 0, to: count, by: 2 * width) {
        try Self.merge(
          from, start, min(start + width, count), min(start + 2 * width, count), to, precedes)
      }
      swap(&from, &to)
      width *= 2
    }
    if from != items { items.update(from: from, count: count) }
  }

  private func insert(
    from start: Int, to end: Int, _ precedes: (Int64, Int64) throws -> Bool
  ) rethrows {
    for place in (start + 1)..<max(end, start + 1) {
      let item = items[place]
      var hole = place
      while hole > start, try precedes(item, items[hole - 1]) {
        items[hole] = items[hole - 1]
        hole -= 1
      }
      items[hole] = item
    }
  }

  /// Merges `start..<middle` and `middle..<end`; of equal items those of the first come first.
  private static func merge(
    _ from: UnsafeMutablePointer<Int64>, _ start: Int, _ middle: Int, _ end: Int,
    _ to: UnsafeMutablePointer<Int64>, _ precedes: (Int64, Int64) throws -> Bool
  ) rethrows {
    var (left, right) = (start, middle)
    for place in start..<end {
      if left < middle, try right >= end || !precedes(from[right], from[left]) {
        to[place] = from[left]
        left += 1
      } else {
        to[place] = from[right]
        right += 1
      }
    }
  }
}
