import WeftIR

/// Elementwise rows over sparse arrays, as far as a kernel depends on it.
///
/// Sparse operands store rows of entries: below dense levels, whose positions are the rows, entries are sorted by
/// coordinates along the other levels. Arrays without dense levels are cut into rows at common coordinates.
/// Operands that store the same positions share a list.
public struct MergedCluster: Hashable, Sendable {
  /// The dtypes of the indices of a list of entries.
  public struct List: Hashable, Sendable {
    /// Of what tells where each row ends.
    public var ends: DType
    /// Of the coordinates.
    public var coordinates: DType

    /// A list from its parts.
    public init(ends: DType, coordinates: DType) {
      self.ends = ends
      self.coordinates = coordinates
    }
  }

  /// Where an operand's elements come from.
  public enum Source: Hashable, Sendable {
    /// The entries of a list; elsewhere a fill.
    case list(Int)
    /// A dense array, of which some axes may repeat.
    case dense
    /// The same element always.
    case uniform
  }

  /// A value from outside.
  public struct Operand: Hashable, Sendable {
    /// The value, in the graph.
    public var value: Value
    /// Its dtype.
    public var dtype: DType
    /// Where its elements come from.
    public var source: Source

    /// An operand from its parts.
    public init(_ value: Value, _ dtype: DType, _ source: Source) {
      self.value = value
      self.dtype = dtype
      self.source = source
    }
  }

  /// The lists, at most `MergeLattice.mostLists`.
  public var lists: [List]
  /// The values from outside.
  public var operands: [Operand]
  /// Which positions the result has: a union of intersections of lists.
  public var terms: [[Int]]
  /// How many dense levels there are, and how many others.
  public var leadingLevels: Int
  /// The levels below: more than one are singletons.
  public var innerLevels: Int
  /// The dtype of the result's indices.
  public var index: DType

  /// A cluster from its parts.
  public init(
    lists: [List], operands: [Operand], terms: [[Int]], leadingLevels: Int, innerLevels: Int,
    index: DType
  ) {
    self.lists = lists
    self.operands = operands
    self.terms = terms
    self.leadingLevels = leadingLevels
    self.innerLevels = innerLevels
    self.index = index
  }

  /// The list that has just the positions of the result; nil where some are merged.
  public var donor: Int? {
    terms.count == 1 && terms[0].count == 1 ? terms[0][0] : nil
  }

  /// The loops.
  public var lattice: MergeLattice {
    let read = operands.compactMap { operand -> Int? in
      if case .list(let list) = operand.source { list } else { nil }
    }
    return MergeLattice(terms, reading: Array(Set(read)))
  }

  /// What a buffer parameter of the kernels is.
  public enum Binding: Hashable, Sendable {
    /// The first row of each part, and the number of rows.
    case parts
    /// Where the rows of a list begin, and the last one's end.
    case ends(list: Int)
    /// The coordinates of a list's entries along one of the levels below dense ones.
    case coordinates(list: Int, level: Int)
    /// The elements of an operand: its entries, all of them, or the only one.
    case elements(operand: Int)
    /// What an operand has where it stores nothing.
    case fill(operand: Int)
    /// What the result does not store.
    case resultFill
    /// Counted: the entries of each part. Computed: where those of each part begin.
    case counts
    /// The result's rows: where each ends, after a zero.
    case resultEnds
    /// The result's coordinates.
    case resultCoordinates(level: Int)
    /// The result's values.
    case result
    /// How many values of each part differ from the fill.
    case differing
    /// Memory of a thread for elements of an operand, `MergedKernel.tile` of them.
    case scratch(operand: Int)
    /// The same for coordinates along a level.
    case coordinateScratch(level: Int)
  }

  /// What an index parameter of the kernels is.
  public enum Number: Hashable, Sendable {
    /// The number of parts.
    case parts
    /// How far apart positions are whose coordinates along a level below dense ones differ by one.
    case stride(level: Int)
    /// How far apart a dense operand's elements are along a level, dense ones first.
    case step(operand: Int, level: Int)
    /// The extent of a dense level.
    case extent(level: Int)
  }
}

/// A kernel and what its parameters are.
public struct MergedKernel: Sendable {
  /// The kernel; a unit of its parallel loop is a part.
  public var kernel: Kernel
  /// Its buffer parameters, in order.
  public var bindings: [MergedCluster.Binding]
  /// Its index parameters, in order.
  public var numbers: [MergedCluster.Number]

  /// Elements that are computed at once: their operands stay in the first cache.
  public static let tile = 512
}

extension MergedCluster {
  /// The kernel that counts the result's entries; nil where a list has just its positions.
  public func counting() -> MergedKernel? {
    donor == nil ? MergeLowering(self).counting() : nil
  }

  /// The kernel that computes the result; nil where kernels do not have some function or dtype.
  ///
  /// - Parameters:
  ///   - rows: The elementwise rows; the last is the result.
  ///   - graph: Where they are.
  public func computing(_ rows: [Int], of graph: Graph) -> MergedKernel? {
    let body = MergedBody(graph, rows)
    guard body.isWritable, let root = rows.last else { return nil }
    return MergeLowering(self).computing(body, graph.type(Value(row: root)).dtype)
  }
}
