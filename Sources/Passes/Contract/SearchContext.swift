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
  var dtype: DType
  /// What moving memory and beginning a step cost.
  var rates = CostRates.standard
  /// Whether atoms may be taken apart.
  var distributes: Bool
  /// Whether two equal parts of a product cost one.
  var repeats = true
}
