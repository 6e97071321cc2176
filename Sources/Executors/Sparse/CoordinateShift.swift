import WeftIR

/// Slices and padding of coordinates: entries that stay keep their order, so that each level's coordinates change by
/// themselves, without numbers of positions.
struct CoordinateShift<Index: FixedWidthInteger & BitwiseCopyable & Sendable> {
  private let elements: SparseElements
  /// By level.
  private let coordinates: [Buffer]
  private let shifts: [AxisShift]
  private let kernels: SparseKernels

  /// - Precondition: the coordinates have this index, and no shift reverses.
  init(
    _ elements: SparseElements, _ coordinates: [Buffer], _ shifts: [AxisShift],
    _ kernels: SparseKernels
  ) {
    (self.elements, self.coordinates, self.shifts, self.kernels) =
      (elements, coordinates, shifts, kernels)
  }

  /// What of a level decides whether an entry stays.
  private struct Condition: @unchecked Sendable {
    // The buffer outlives the loops that read it.
    let coordinates: UnsafePointer<Index>
    let shift: AxisShift
  }

  /// The array of a type in the same levels.
  func run(_ type: TensorType, _ layout: Layout) throws -> SparseElements {
    let bounds = bounds()
    var conditions: [Condition] = []
    for (level, shift) in shifts.enumerated() where !shift.keepsAll {
      if level == 0, shift.step == 1 { continue }
      conditions.append(Condition(coordinates: base(level), shift: shift))
    }
    let tests = conditions
    let first = bounds.lowerBound
    let places =
      tests.isEmpty
      ? nil
      : try kernels.places(bounds.count) { place in
        for test in tests where test.shift.moved(Int(test.coordinates[first &+ place])) == nil {
          return false
        }
        return true
      }
    let count = places?.count ?? bounds.count
    @Sendable func source(_ place: Int) -> Int { first &+ (places?.base[place] ?? place) }
    let isWhole = count == elements.count
    let values =
      isWhole
      ? elements.values : try kernels.moved(elements.values, count: count) { source($0) }
    let dtype = coordinates[0].type.dtype
    var levels: [SparseElements.Level] = []
    for (level, shift) in shifts.enumerated() {
      var own = coordinates[level]
      if !isWhole || !shift.changesNothing {
        own = try kernels.values(count, dtype)
        nonisolated(unsafe) let (from, to) = (
          base(level), own.base.assumingMemoryBound(to: Index.self)
        )
        try kernels.forEachPart(count) { range in
          // Shifts of all entries that stay are known to be there.
          for place in range {
            let moved = shift.moved(Int(from[source(place)])) ?? 0
            to[place] = Index(truncatingIfNeeded: moved)
          }
        }
      }
      if level > 0 {
        levels.append(.singleton(coordinates: own))
        continue
      }
      let ends = try kernels.values(2, dtype)
      let positions = ends.base.assumingMemoryBound(to: Index.self)
      (positions[0], positions[1]) = (0, Index(truncatingIfNeeded: count))
      levels.append(.compressed(positions: ends, coordinates: own))
    }
    return withExtendedLifetime(elements) {
      SparseElements(type, layout, levels: levels, values: values)
    }
  }

  private func base(_ level: Int) -> UnsafePointer<Index> {
    UnsafePointer(coordinates[level].base.assumingMemoryBound(to: Index.self))
  }

  /// The entries between the bounds of the outermost level, which is sorted.
  private func bounds() -> Range<Int> {
    let shift = shifts[0]
    if shift.keepsAll { return 0..<elements.count }
    if shift.count == 0 { return 0..<0 }
    let column = base(0)
    func first(_ bound: Int) -> Int {
      var (low, high) = (0, elements.count)
      while low < high {
        let middle = (low + high) / 2
        if Int(column[middle]) < bound { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return first(shift.start)..<first(shift.start + (shift.count - 1) * shift.step + 1)
  }
}

extension SparseRowRunner {
  /// Slices and padding of coordinates; nil for what reverses them, and for other layouts.
  func shiftedCoordinates(
    _ row: Int, _ operands: [Value], _ shifts: [[AxisShift]]
  ) throws -> Buffer? {
    guard let layout = layout(row), layout.leadingDenseLevels == 0, layout.packing == .elements,
      shifts.count == 1, !shifts[0].contains(where: \.isReversed)
    else { return nil }
    let (elements, type) = (try elements(operands[0]), type(row))
    guard elements.layout.hasLevels(of: layout), let coordinates = elements.coordinatesByLevel
    else { return nil }
    let dtype = SparseElements.indexDType(type.shape.codes, count: elements.count)
    guard coordinates.allSatisfy({ $0.type.dtype == dtype }) else { return nil }
    let own = layout.order.map { shifts[0][$0] }
    return buffer(
      dtype == .int32
        ? try CoordinateShift<Int32>(elements, coordinates, own, kernels).run(type, elements.layout)
        : try CoordinateShift<Int64>(elements, coordinates, own, kernels).run(type, elements.layout)
    )
  }
}

extension SparseElements {
  /// The coordinates of each level of an array without dense levels that has one an entry; nil for others.
  fileprivate var coordinatesByLevel: [Buffer]? {
    var result: [Buffer] = []
    for (level, storage) in levels.enumerated() {
      switch storage {
      case .compressed(_, let coordinates) where level == 0: result.append(coordinates)
      case .singleton(let coordinates): result.append(coordinates)
      case .compressed, .dense: return nil
      }
    }
    return result
  }
}
