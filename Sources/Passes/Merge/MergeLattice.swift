/// The loops that merge sorted lists: each needs some lists, and ends with the first of them.
///
/// What is merged is a union of terms, each the intersection of some lists; other lists are only read where
/// a term holds. Loops stand in the order of `points`: where lists are left when one ends, a later one that
/// needs only those goes on, and one that needs a list that has ended does nothing.
/// - Source: F. Kjolstad, S. Kamil, S. Chou, D. Lugato, S. Amarasinghe, "The tensor algebra compiler", OOPSLA
///   2017, 5.1: lattice points are sets of levels that may still give values.
public struct MergeLattice: Hashable, Sendable {
  /// A loop.
  public struct Point: Hashable, Sendable {
    /// The lists that have entries as long as the loop runs.
    public var lists: [Int]
    /// The terms that may hold meanwhile.
    public var terms: [[Int]]

    /// Whether each entry of the lists belongs to the result.
    public var keepsAll: Bool { lists.allSatisfy { terms.contains([$0]) } }
  }

  /// The loops, those of more lists first.
  public let points: [Point]

  /// The most lists that are merged by loops of their own for what is left of them; more are by one loop for all.
  public static let mostLooped = 4
  /// The most lists that kernels are written for.
  public static let mostLists = 32

  /// The loops for a union of intersections of lists, where the values of some lists are read.
  ///
  /// - Precondition: there are at most `mostLooped` lists, numbered from 0.
  public init(_ terms: [[Int]], reading read: [Int]) {
    let lists = Set(terms.joined()).union(read)
    var found: [Point] = []
    for subset in 0..<(1 << ((lists.max() ?? -1) + 1)) {
      let left = lists.filter { subset >> $0 & 1 == 1 }
      let possible = terms.filter { left.isSuperset(of: $0) }
      if possible.isEmpty { continue }
      let needed = Set(possible.joined()).union(left.intersection(read)).sorted()
      if found.contains(where: { $0.lists == needed }) { continue }
      found.append(Point(lists: needed, terms: possible))
    }
    points = found.sorted {
      ($1.lists.count, $0.lists.map(String.init).joined(separator: ","))
        < ($0.lists.count, $1.lists.map(String.init).joined(separator: ","))
    }
  }
}
