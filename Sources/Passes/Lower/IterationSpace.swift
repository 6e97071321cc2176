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
  /// the participant whose order in memory is followed, where the order is free. Of the first
  /// participants `pairing` are what is read: where those are pairs (`pairOrder`), the last kept
  /// axis becomes the innermost one.
  public init(
    shape: [Int], reduced: AxisSet, strides all: [[Int]], leader: Int?, pairing: Int = 0
  ) {
    var order = shape.indices.filter { shape[$0] != 1 }
    if let pairs = Self.pairOrder(order, shape, reduced, all.prefix(pairing)) {
      order = pairs
    } else if let leader, order.allSatisfy({ all[leader][$0] != 0 }) {
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

  /// Whether so many positions along the last kept axis and along the others are worth it: vectors are
  /// full, and there are squares for several threads.
  private static func isWorthPairing(_ last: Int, _ others: Int) -> Bool {
    last >= 16 && others >= 16 && last * others >= 1 << 14
  }

  /// The order of axes for folds of pairs of rows, as of all distances between two sets of points:
  /// nothing that is read differs along the last kept axis and another one as well.
  ///
  /// Every element is then read many times, and a row folded by itself would mostly be the end of
  /// its fold: instead the last kept axis runs in vectors, the folded one beside it.
  private static func pairOrder(
    _ order: [Int], _ shape: [Int], _ reduced: AxisSet, _ streams: ArraySlice<[Int]>
  ) -> [Int]? {
    let folded = order.filter { reduced.contains($0) }
    let kept = order.filter { !reduced.contains($0) }
    guard folded.count == 1, kept.count > 1, let last = kept.last,
      isWorthPairing(shape[last], kept.dropLast().reduce(1) { $0 * shape[$1] })
    else { return nil }
    func varies(_ stream: [Int], _ axes: some Sequence<Int>) -> Bool {
      axes.contains { stream[$0] != 0 }
    }
    let others = kept.dropLast()
    guard streams.contains(where: { $0[last] != 0 }),
      streams.contains(where: { varies($0, others) && varies($0, folded) }),
      streams.allSatisfy({ $0[last] == 0 || !varies($0, others) })
    else { return nil }
    return others + folded + [last]
  }

  /// Whether what is read are pairs in the order of axes that the space has; see `pairOrder`.
  func isPaired(_ streams: Range<Int>) -> Bool {
    let last = extents.count - 1
    guard last >= 2, !isReduced[last], isReduced[last - 1], isReduced.count(where: \.self) == 1,
      Self.isWorthPairing(extents[last], extents.prefix(last - 1).reduce(1, *))
    else { return false }
    return strides[streams].allSatisfy { own in
      own[last] == 0 || own.prefix(last - 1).allSatisfy { $0 == 0 }
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
