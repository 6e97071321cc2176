import WeftIR

/// The axes that tiles run over: neighbours joined, kept ones before reduced ones, the last one
/// innermost.
///
/// A row is a position of all axes but the last; the flat index of an element counts rows of
/// `length` elements.
public struct IterationSpace: Sendable {
  /// The extents; never empty.
  public private(set) var extents: [Int] = []
  /// Whether reductions fold each axis.
  public private(set) var isReduced: [Bool] = []
  /// The strides of each participant along the axes.
  public private(set) var strides: [[Int]] = []

  /// The extent of the innermost axis.
  public var length: Int { extents[extents.count - 1] }
  /// The number of rows.
  public var rows: Int { extents.dropLast().reduce(1, *) }
  /// The number of elements.
  public var count: Int { extents.reduce(1, *) }
  /// Whether the innermost axis is folded.
  public var foldsInside: Bool { isReduced[isReduced.count - 1] }
  /// The number of rows that make one output (or one row of outputs).
  public var rowsPerOutput: Int {
    zip(extents, isReduced).dropLast().reduce(1) { $1.1 ? $0 * $1.0 : $0 }
  }

  /// Joins and orders the axes of a shape for participants with strides along them; `leader` is
  /// the participant whose order in memory is followed, where the order is free.
  public init(shape: [Int], reduced: AxisSet, strides all: [[Int]], leader: Int?) {
    var order = shape.indices.filter { shape[$0] != 1 }
    if let leader, order.allSatisfy({ all[leader][$0] != 0 }) {
      let key = all[leader]
      order.sort { (abs(key[$0]), -$0) > (abs(key[$1]), -$1) }
    }
    for axis in order { append(axis, shape, reduced, all) }
    if !reduced.isEmpty { orderKeptFirst() }
    if extents.isEmpty {
      extents = [1]
      isReduced = [!reduced.isEmpty]
      strides = all.map { _ in [0] }
    }
  }

  private mutating func append(
    _ axis: Int, _ shape: [Int], _ reduced: AxisSet, _ all: [[Int]]
  ) {
    if strides.isEmpty { strides = all.map { _ in [] } }
    add(shape[axis], reduced.contains(axis)) { all[$0][axis] }
  }

  /// Adds an inner axis, joined with the one before where all strides allow it.
  private mutating func add(_ extent: Int, _ folded: Bool, _ stride: (Int) -> Int) {
    if let last = extents.indices.last, isReduced[last] == folded,
      strides.indices.allSatisfy({ strides[$0][last] == stride($0) * extent })
    {
      extents[last] *= extent
      for i in strides.indices { strides[i][last] = stride(i) }
      return
    }
    extents.append(extent)
    isReduced.append(folded)
    for i in strides.indices { strides[i].append(stride(i)) }
  }

  /// Puts kept axes before reduced ones, but for the innermost axis.
  private mutating func orderKeptFirst() {
    guard extents.count > 2 else { return }
    let outer = extents.indices.dropLast()
    let order =
      outer.filter { !isReduced[$0] } + outer.filter { isReduced[$0] } + [extents.count - 1]
    let old = self
    extents = []
    isReduced = []
    strides = old.strides.map { _ in [] }
    for axis in order {
      add(old.extents[axis], old.isReduced[axis]) { old.strides[$0][axis] }
    }
  }

  /// Whether a participant's elements lie one after the other in flat order.
  public func isFlat(_ participant: Int) -> Bool {
    var expected = 1
    for axis in extents.indices.reversed() where extents[axis] != 1 {
      if strides[participant][axis] != expected { return false }
      expected *= extents[axis]
    }
    return true
  }
}
