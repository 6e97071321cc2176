/// What positions a result has: those that all leaves of one of its terms have.
///
/// Terms that another one contains say nothing: A * B + A is (A and B) or A, which is A.
struct MergeFormula: Sendable {
  /// Each a sorted list of leaves; none contains another.
  private(set) var terms: [[Int]]

  /// No positions.
  static let nothing = MergeFormula(terms: [])

  /// The positions of a leaf.
  init(_ leaf: Int) { terms = [[leaf]] }

  private init(terms: [[Int]]) { self.terms = terms }

  /// The positions of either.
  static func | (a: MergeFormula, b: MergeFormula) -> MergeFormula {
    absorbing(a.terms + b.terms)
  }

  /// The positions of both.
  static func & (a: MergeFormula, b: MergeFormula) -> MergeFormula {
    absorbing(
      a.terms.flatMap { left in b.terms.map { right in Set(left + right).sorted() } })
  }

  private static func absorbing(_ terms: [[Int]]) -> MergeFormula {
    var kept: [[Int]] = []
    for term in terms.sorted(by: { ($0.count, $0.first ?? 0) < ($1.count, $1.first ?? 0) })
    where !kept.contains(where: { Set($0).isSubset(of: term) }) {
      kept.append(term)
    }
    return MergeFormula(terms: kept)
  }
}
