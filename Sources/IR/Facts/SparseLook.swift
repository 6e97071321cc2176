/// What a few elements of a matrix tell of how many are zero, and where the others are.
public enum SparseLook {
  /// Runs of neighbours that are looked at, and how long they are.
  private static let runs = 64
  private static let runLength = 64
  /// At most one in so many elements of a matrix that is called sparse differs from zero.
  private static let sparseShare = 16

  /// Whether most elements of a matrix are zero, by a sample that is spread over all of it.
  ///
  /// Only a guess: what uses it counts again.
  static func isMostlyZero(_ base: UnsafeRawPointer, count: Int, dtype: DType) -> Bool {
    guard count >= runs * runLength else { return false }
    let (itemSize, parts) = (dtype.itemSize, dtype.isComplex ? 2 : 1)
    let real = dtype.isComplex ? dtype.realPart : dtype
    let isFloat = real == .float32 || real == .float64
    let element = isFloat ? real : .bool
    // What is no such float is compared byte by byte.
    let width = isFloat ? parts : itemSize
    var found = 0
    for run in 0..<runs {
      // An odd part of a step keeps runs off the columns of a matrix of even width.
      let step = (count - runLength) / runs
      let start = run * step + run * 7919 % max(1, step)
      for index in start..<start + runLength {
        var holds = false
        forEachNonzero(base + index * itemSize, count: width, dtype: element) { _ in holds = true }
        if holds { found += 1 }
      }
      if found * sparseShare > runs * runLength { return false }
    }
    return true
  }

  /// Visits the places in a row that differ from zero (both zeros of floats count as zero): of
  /// float32, float64 or bytes.
  @inlinable
  public static func forEachNonzero(
    _ row: UnsafeRawPointer, count: Int, dtype: DType, _ visit: (Int) -> Void
  ) {
    switch dtype {
    case .float32: visitElements(row.assumingMemoryBound(to: Float.self), count, visit)
    case .float64: visitElements(row.assumingMemoryBound(to: Double.self), count, visit)
    default: visitElements(row.assumingMemoryBound(to: UInt8.self), count, visit)
    }
  }

  @inlinable @inline(__always)
  static func visitElements<T: Numeric>(
    _ row: UnsafePointer<T>, _ count: Int, _ visit: (Int) -> Void
  ) {
    let block = 32
    var start = 0
    while start < count {
      let end = min(start + block, count)
      var zeros = 0
      for i in start..<end where row[i] == 0 { zeros += 1 }
      if zeros != end - start { for i in start..<end where row[i] != 0 { visit(i) } }
      start = end
    }
  }
}
