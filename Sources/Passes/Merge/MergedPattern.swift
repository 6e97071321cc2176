import WeftIR

/// Sorted lists of entries that are merged, and which positions the result has.
///
/// A list is rows of entries: below dense levels, whose positions are the rows, entries are sorted by coordinates
/// along the other levels. Operands that store the same positions share a list.
public struct MergedPattern: Hashable, Sendable {
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

  /// The lists, at most `MergeLattice.mostLists`.
  public var lists: [List]
  /// The lists of which it is asked where each entry of the result comes from.
  public var read: [Int]
  /// Which positions the result has: a union of intersections of lists.
  public var terms: [[Int]]
  /// The levels below dense ones: more than one are singletons.
  public var innerLevels: Int
  /// The dtype of the result's indices.
  public var index: DType

  /// A pattern from its parts; `read` are the lists of which somebody wants the elements.
  public init(lists: [List], read: [Int], terms: [[Int]], innerLevels: Int, index: DType) {
    self.lists = lists
    self.terms = terms
    self.innerLevels = innerLevels
    self.index = index
    let donor = terms.count == 1 && terms[0].count == 1 ? terms[0][0] : nil
    self.read = Set(read).filter { $0 != donor }.sorted()
  }

  /// The list that has just the positions of the result; nil where some are merged.
  public var donor: Int? {
    terms.count == 1 && terms[0].count == 1 ? terms[0][0] : nil
  }

  /// The two lists and which entries of them stay; nil for others than two lists of one level whose indices are the
  /// result's.
  public var pair: (kind: Pair, first: Int, second: Int)? {
    let own = List(ends: index, coordinates: index)
    guard lists.count == 2, innerLevels == 1, lists.allSatisfy({ $0 == own }) else { return nil }
    if terms.count == 2 { return (.either, 0, 1) }
    guard let term = terms.first else { return nil }
    return term.count == 2 ? (.both, 0, 1) : (.first, term[0], 1 - term[0])
  }

  /// Which entries of two lists a result has.
  public enum Pair: Hashable, Sendable { case either, both, first }

  /// What a buffer parameter of the kernel is.
  public enum Binding: Hashable, Sendable {
    /// Where the rows of a list begin, and the last one's end.
    case ends(list: Int)
    /// The coordinates of a list's entries along one of the levels below dense ones.
    case coordinates(list: Int, level: Int)
    /// Gets the result's coordinates.
    case merged(level: Int)
    /// Gets the place of each entry in a list, counted from where the part starts; -1 where the list lacks it.
    case sources(list: Int)
    /// Gets how many entries there are up to the end of each row.
    case rowEnds
    /// Gets how many entries there are.
    case count
  }

  /// What an index parameter of the kernel is.
  public enum Number: Hashable, Sendable {
    /// The first row, and the one past the last.
    case firstRow, lastRow
    /// The first entry of a list that belongs to the part.
    case start(list: Int)
    /// The entry past the last of a list that belongs to the part.
    case stop(list: Int)
    /// How far apart positions are whose coordinates along a level below dense ones differ by one.
    case stride(level: Int)
  }

  /// A kernel that merges a part of the lists, and what its parameters are.
  public struct Merging: Sendable {
    /// The kernel, of one unit.
    public var kernel: Kernel
    /// Its buffer parameters, in order.
    public var bindings: [Binding]
    /// Its index parameters, in order.
    public var numbers: [Number]
  }

  /// The kernel that merges.
  public func merging() -> Merging { PatternLowering(self).merging() }
}
