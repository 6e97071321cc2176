/// The elements of a sparse array as stored: the arrays of its levels, and one value an entry.
///
/// Entries stand in the order of the levels, and no position has two. Positions that have none hold
/// the layout's fill. Never written once made.
public final class SparseElements: Residence {
  /// What a level stores; indices are `int32` where extents and entries fit, else `int64`.
  public enum Level: Sendable {
    /// Nothing: positions follow from the level above.
    case dense
    /// `positions[n]..<positions[n + 1]` are the entries below position n of the level above.
    case compressed(positions: Buffer, coordinates: Buffer)
    /// A coordinate for each position of the level above.
    case singleton(coordinates: Buffer)
  }

  /// dtype and shape of the array.
  public let type: TensorType
  /// How it is stored; the fill has the array's dtype.
  public let layout: Layout
  /// The arrays of each level, outermost first.
  public let levels: [Level]
  /// The stored values in the order of the levels.
  public let values: Buffer

  /// Elements from arrays that fit the layout.
  ///
  /// - Precondition: the levels hold sorted, unique positions inside the shape.
  public init(_ type: TensorType, _ layout: Layout, levels: [Level], values: Buffer) {
    self.type = type
    self.layout = layout
    self.levels = levels
    self.values = values
  }

  /// The same array in another layout, made once: products ask for rows, then for columns.
  private let others = Lock<[Layout: SparseElements]>([:])

  /// The same array in another layout: what somebody made before, or makes now.
  public func inLayout<Failure: Error>(
    _ layout: Layout, _ make: () throws(Failure) -> SparseElements
  ) throws(Failure) -> SparseElements {
    if layout == self.layout { return self }
    if let known = others.withLock({ $0[layout] }) { return known }
    let made = try make()
    others.withLock { $0[layout] = made }
    return made
  }

  /// What somebody made of the array and may want again, such as its factors.
  private let makings = Lock<[ObjectIdentifier: any Sendable]>([:])

  /// What was made of the array before, or is made now, one for each type.
  public func derived<Making: Sendable, Failure: Error>(
    _ type: Making.Type, _ make: () throws(Failure) -> Making
  ) throws(Failure) -> Making {
    let key = ObjectIdentifier(type)
    if let known = makings.withLock({ $0[key] }) as? Making { return known }
    let made = try make()
    makings.withLock { $0[key] = made }
    return made
  }

  /// The number of stored entries.
  public var count: Int { values.count }

  /// The value of what is not stored.
  public var fill: Scalar { layout.fill ?? Scalar(0 as Int64, type.dtype) }

  /// Bytes of all arrays.
  public var byteCount: Int {
    levels.reduce(values.byteCount) { sum, level in
      switch level {
      case .dense: sum
      case .compressed(let positions, let coordinates):
        sum + positions.byteCount + coordinates.byteCount
      case .singleton(let coordinates): sum + coordinates.byteCount
      }
    }
  }

  /// The dtype of indices that count so many entries in a shape.
  public static func indexDType(_ extents: [Int], count: Int) -> DType {
    extents.allSatisfy { $0 <= Int(Int32.max) } && count <= Int(Int32.max) ? .int32 : .int64
  }

  /// Gives each entry, in order, the sum of its coordinates times strides; `strides[i]` is that of
  /// level i.
  ///
  /// - Precondition: there is room for `count` sums.
  public func sumCoordinates<Sum: FixedWidthInteger>(
    strides: [Sum], into target: UnsafeMutablePointer<Sum>
  ) {
    guard count > 0 else { return }
    var outer: [Sum] = [0]
    for (level, stride) in zip(levels.indices, strides) {
      switch levels[level] {
      case .dense:
        let extent = type.shape.codes[layout.order[level]]
        var next: [Sum] = []
        next.reserveCapacity(outer.count * extent)
        for base in outer {
          for i in 0..<extent { next.append(base &+ Sum(truncatingIfNeeded: i) &* stride) }
        }
        outer = next
      case .compressed(let positions, let coordinates):
        let isLast = level == levels.count - 1 || layout.levels[level] == .nonunique
        if isLast {
          outer.withUnsafeBufferPointer {
            Self.spread($0, positions, coordinates, stride, into: target)
          }
        } else {
          let next = [Sum](unsafeUninitializedCapacity: coordinates.count) { buffer, used in
            used = coordinates.count
            guard let base = buffer.baseAddress else { return }
            outer.withUnsafeBufferPointer {
              Self.spread($0, positions, coordinates, stride, into: base)
            }
          }
          outer = next
        }
      case .singleton(let coordinates):
        Self.add(coordinates, stride, to: target)
      }
    }
  }

  private static func spread<Sum: FixedWidthInteger>(
    _ outer: UnsafeBufferPointer<Sum>, _ positions: Buffer, _ coordinates: Buffer, _ stride: Sum,
    into target: UnsafeMutablePointer<Sum>
  ) {
    func run<Index: FixedWidthInteger>(_: Index.Type) {
      let ends = positions.base.assumingMemoryBound(to: Index.self)
      let places = coordinates.base.assumingMemoryBound(to: Index.self)
      for n in outer.indices {
        let base = outer[n]
        for entry in Int(ends[n])..<Int(ends[n + 1]) {
          target[entry] = base &+ Sum(truncatingIfNeeded: places[entry]) &* stride
        }
      }
    }
    positions.type.dtype == .int32 ? run(Int32.self) : run(Int64.self)
  }

  private static func add<Sum: FixedWidthInteger>(
    _ coordinates: Buffer, _ stride: Sum, to target: UnsafeMutablePointer<Sum>
  ) {
    func run<Index: FixedWidthInteger>(_: Index.Type) {
      let places = coordinates.base.assumingMemoryBound(to: Index.self)
      for entry in 0..<coordinates.count {
        target[entry] = target[entry] &+ Sum(truncatingIfNeeded: places[entry]) &* stride
      }
    }
    coordinates.type.dtype == .int32 ? run(Int32.self) : run(Int64.self)
  }

  /// Writes all elements, dense, in C order.
  public func copy(to base: UnsafeMutableRawPointer, _ byteCount: Int) throws(WeftError) {
    let itemSize = type.dtype.itemSize
    var pattern: [UInt8] = Array(repeating: 0, count: itemSize)
    pattern.withUnsafeMutableBytes { bytes in
      if let start = bytes.baseAddress { fill.store(to: start) }
    }
    if pattern.allSatisfy({ $0 == pattern[0] }) {
      base.initializeMemory(as: UInt8.self, repeating: pattern[0], count: byteCount)
    } else {
      for place in stride(from: 0, to: byteCount, by: itemSize) {
        (base + place).copyMemory(from: pattern, byteCount: itemSize)
      }
    }
    let extents = type.shape.codes
    var strides = Array(repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    let places = UnsafeMutablePointer<Int>.allocate(capacity: max(1, count))
    defer { places.deallocate() }
    sumCoordinates(strides: layout.order.map { strides[$0] }, into: places)
    for entry in 0..<count {
      (base + places[entry] * itemSize).copyMemory(
        from: values.base + entry * itemSize, byteCount: itemSize)
    }
  }
}
