import WeftIR

/// What a search needs to know of the program around a product.
struct SearchContext {
  /// What making an atom costs, with respect to its other users.
  var atomCost: (Int) -> Double
  /// The share of an atom's elements that is stored; nil where no array is sparse.
  var share: ((Int) -> Double)?
  /// The sum of products that an atom is and may be taken apart to, if any.
  var sumOfAtom: (Int) -> SumOfProducts?
  /// Products that are there anyway, by a sum of their atoms' numbers and by key.
  var known = SubproductNumbers()
  var knownSums: Set<Int> = []
  /// Whether one of them is there for this product.
  var isThere: (Int) -> Bool = { _ in true }
  /// How often products occur in the program; nil where that does not count.
  var occurrences: SubproductCounts?
  /// Atoms that are known to be diagonal matrices or narrow bands.
  var zeros = KnownZeros()
  /// What is left of the work that planning a graph may be.
  var budget = SearchBudget()
  var dtype: DType
  /// What moving memory and beginning a step cost.
  var rates = CostRates.standard
  /// Whether atoms may be taken apart.
  var distributes: Bool
  /// Whether two equal parts of a product cost one.
  var repeats = true
}

/// How much work looking for better sums of products may still be in a graph, counted in pairs of sets of atoms, so
/// that plans are the same each time. What is left out then is other ways: sums are not taken apart, nor common
/// factors taken out.
final class SearchBudget {
  /// Some hundredths of a second.
  static let standard = 1 << 18

  private var left = standard

  /// Whether other ways may still be looked for.
  var isLeft: Bool { left > 0 }

  /// Notes work that was done.
  func spend(_ pairs: Int) { left -= pairs }
}
