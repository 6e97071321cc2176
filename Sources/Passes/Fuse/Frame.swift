import WeftIR

/// The positions of a kernel that folds some axes and has an element for each kept position.
struct Frame: Hashable {
  /// All extents.
  let shape: [Int]
  /// The axes that are folded.
  let axes: AxisSet
  /// The extents of the axes that stay.
  let kept: [Int]
  /// The folded axes whose extent is not 1: those along which a folded value is repeated.
  let spreadAxes: UInt64
  /// Whether a kernel does well to visit a row again with what it folded.
  ///
  /// The folded axes are then the innermost ones, and rows are neither too long nor too few.
  let isRow: Bool

  /// The most elements of a row: it is read again from the second cache.
  static let longestRow = 65_536
  /// The fewest rows that keep threads busy, unless the whole is small.
  static let fewestRows = 8
  /// The elements that one thread visits in less time than it takes to wake others.
  static let smallCount = 65_536

  /// The frame of a reduction, or nil when it folds nothing or there are no elements.
  init?(shape: [Int], axes: AxisSet) {
    self.shape = shape
    self.axes = axes
    var (row, rows, isInner) = (1.0, 1.0, true)
    var spread: UInt64 = 0
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if shape[axis] <= 0 || axis > 63 { return nil }
      if axes.contains(axis) {
        if rows > 1 { isInner = false }
        row *= Double(shape[axis])
        spread |= 1 << UInt64(axis)
      } else {
        rows *= Double(shape[axis])
      }
    }
    if spread == 0 { return nil }
    kept = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    spreadAxes = spread
    isRow =
      isInner && row <= Double(Self.longestRow)
      && (rows >= Double(Self.fewestRows) || rows * row <= Double(Self.smallCount))
  }

  /// Whether values of a shape have one element for each position of the kept axes.
  func keeps(_ other: [Int]) -> Bool { Self.areEqualUpToOnes(kept, other) }

  /// The axes of the shape that stay.
  var keptAxes: [Int] { shape.indices.filter { !axes.contains($0) } }

  /// The view over the whole shape of a view over kept positions.
  func spread(_ view: StridedView) -> StridedView {
    // Shapes that differ by extents of 1 are always told by strides.
    (view.reshaped(to: kept) ?? view).broadcast(to: shape, axes: keptAxes)
  }

  /// Whether two shapes are the same but for extents of 1.
  static func areEqualUpToOnes(_ a: [Int], _ b: [Int]) -> Bool {
    var j = 0
    for extent in a where extent != 1 {
      while j < b.count, b[j] == 1 { j += 1 }
      guard j < b.count, b[j] == extent else { return false }
      j += 1
    }
    while j < b.count, b[j] == 1 { j += 1 }
    return j == b.count
  }
}

extension Op {
  /// The axes that a fold, or the search of an extreme, takes away.
  var foldedAxes: AxisSet? {
    switch self {
    case .reduce(_, let axes): axes
    case .argReduce(_, let axis): [axis]
    default: nil
    }
  }
}

/// The frame that each row belongs to: reductions open them, functions of folded values stay.
struct Frames {
  private(set) var all: [Frame] = []
  /// The frame of a reduction or of a row with one element for each kept position; -1 for none.
  private(set) var ofRow: [Int32]

  init(_ reading: GraphReading, _ options: FuseOptions) {
    let graph = reading.graph
    ofRow = Array(repeating: -1, count: graph.count)
    if !options.usesFolds { return }
    var known: [Frame: Int32] = [:]
    for row in 0..<graph.count {
      switch reading.roles[row] {
      case .reduce:
        if reading.isPlainOnly[row] { continue }
        guard let axes = graph.rows[row].op.foldedAxes,
          let operand = graph.operands(row).first,
          let shape = graph.type(operand).shape.known, let frame = Frame(shape: shape, axes: axes),
          frame.isRow ? options.rowKernels : options.epilogues
        else { continue }
        if let number = known[frame] {
          ofRow[row] = number
        } else {
          ofRow[row] = Int32(all.count)
          known[frame] = Int32(all.count)
          all.append(frame)
        }
      case .elementwise:
        // The latest fold that the row depends on: the one whose kernel it could follow.
        var latest = -1
        for operand in graph.operands(row) {
          let root = reading.root(operand).index
          if ofRow[root] >= 0, root > latest,
            all[Int(ofRow[root])].keeps(graph.type(Value(row: row)).shape.codes)
          {
            latest = root
          }
        }
        if latest >= 0 { ofRow[row] = ofRow[latest] }
      case .dead, .input, .constant, .iota, .view, .scan, .scatter, .assembled, .contract, .other:
        continue
      }
    }
  }
}
