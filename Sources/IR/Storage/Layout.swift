/// How a value is stored: the levels of its axes from outermost to innermost, and what is not stored.
///
/// ```swift
/// import WeftIR
///
/// Layout.csr()  // {dense, compressed} fill bool false
/// Layout.csc()  // {dense, compressed} order [1, 0] fill bool false
/// Layout.coordinates(rank: 3)  // {nonunique, singleton, singleton} fill bool false
/// Layout.dense(rank: 2)  // {dense, dense}
/// ```
public struct Layout: Hashable, Sendable {
  /// How one axis is stored.
  public enum LevelKind: String, Hashable, Sendable, CaseIterable {
    /// Every position, in order.
    case dense
    /// Below each position of the level above, the positions that hold something, once and in order.
    case compressed
    /// As `compressed`, a position as often as there are entries below it.
    case nonunique
    /// One position below each of the level above.
    case singleton
  }

  /// The kind of each level.
  public var levels: [LevelKind]
  /// `order[i]` is the axis that level i stores.
  public var order: [Int]
  /// The value of what is not stored; converts to the array's dtype. Dense layouts have none.
  public var fill: Scalar?
  /// How executors that cut arrays into chunks are to cut this one, an axis each; nil where they
  /// choose. Only dense layouts have them.
  public var chunks: [ChunkGrid.Cut]?

  /// Dense levels in C order.
  public static func dense(rank: Int) -> Layout {
    Layout(levels: Array(repeating: .dense, count: rank), order: Array(0..<rank))
  }

  /// The coordinates of each entry: COO.
  public static func coordinates(rank: Int, fill: Scalar = Scalar(false)) -> Layout {
    let first: LevelKind = rank == 1 ? .compressed : .nonunique
    return Layout(
      levels: (0..<rank).map { $0 == 0 ? first : .singleton }, order: Array(0..<rank), fill: fill)
  }

  /// The columns of each row of a matrix: CSR.
  public static func csr(fill: Scalar = Scalar(false)) -> Layout {
    Layout(levels: [.dense, .compressed], order: [0, 1], fill: fill)
  }

  /// The rows of each column of a matrix: CSC.
  public static func csc(fill: Scalar = Scalar(false)) -> Layout {
    Layout(levels: [.dense, .compressed], order: [1, 0], fill: fill)
  }

  /// Fibres of fibres: CSF, for matrices also called DCSR.
  public static func fibres(rank: Int, fill: Scalar = Scalar(false)) -> Layout {
    Layout(
      levels: Array(repeating: .compressed, count: rank), order: Array(0..<rank), fill: fill)
  }

  /// One array of entries for each position of the axes that lead: GCXS.
  public static func generalised(
    rank: Int, leading axes: [Int], fill: Scalar = Scalar(false)
  ) -> Layout {
    let rest = (0..<rank).filter { !axes.contains($0) }
    let inner = rest.indices.map { place -> LevelKind in
      place > 0 ? .singleton : rest.count == 1 ? .compressed : .nonunique
    }
    return Layout(
      levels: axes.map { _ in .dense } + inner, order: axes + rest, fill: fill)
  }

  /// A layout from its parts.
  public init(levels: [LevelKind], order: [Int], fill: Scalar? = nil) {
    self.levels = levels
    self.order = order
    self.fill = fill
  }
}

extension Layout {
  /// The number of axes.
  public var rank: Int { levels.count }

  /// Whether each position has a place of its own.
  public var isDense: Bool { levels.allSatisfy { $0 == .dense } }

  /// The number of dense levels before all others.
  public var leadingDenseLevels: Int { levels.prefix { $0 == .dense }.count }

  /// Why arrays cannot be stored so; nil when they can.
  ///
  /// Dense levels stand before all others; then comes one that is compressed, or nonunique with
  /// singletons after it, or compressed ones throughout.
  public var problem: String? {
    if order.sorted() != Array(levels.indices) {
      return "the order \(order) is no permutation of \(levels.count) axes"
    }
    if let chunks, chunks.count != levels.count {
      return "there are chunks for \(chunks.count) of \(levels.count) axes"
    }
    if isDense { return nil }
    if chunks != nil { return "only dense arrays are cut into chunks" }
    let inner = levels.dropFirst(leadingDenseLevels)
    if inner.allSatisfy({ $0 == .compressed }) { return nil }
    if inner.first == .nonunique, inner.count > 1,
      inner.dropFirst().allSatisfy({ $0 == .singleton })
    {
      return nil
    }
    return "the levels \(self) are not dense ones, then compressed ones, or then a nonunique one "
      + "with singletons"
  }

  /// The layout with another fill.
  public func filled(_ fill: Scalar) -> Layout {
    Layout(levels: levels, order: order, fill: fill)
  }

  /// Whether levels and order are another's.
  public func hasLevels(of other: Layout) -> Bool {
    levels == other.levels && order == other.order
  }
}

extension Layout: CustomStringConvertible {
  /// As the text form writes it: `{dense, compressed} fill float64 0.0`, with the order when it is not C order.
  public var description: String {
    let names = levels.map(\.rawValue).joined(separator: ", ")
    let isCOrder = order == Array(0..<order.count)
    var place = isCOrder ? "{\(names)}" : "{\(names)} order \(order)"
    if let chunks { place += " chunks \(ChunkGrid.text(chunks))" }
    return fill.map { "\(place) fill \($0.dtype) \($0.literal)" } ?? place
  }
}
