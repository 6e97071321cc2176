import WeftIR

/// The cheapest order in which a product's atoms can be multiplied: dynamic programming over sets of
/// atoms, with sums among the atoms taken apart where that is cheaper.
///
/// Over all sets; over connected ones alone where atoms are matrices and vectors, of which products
/// without a common index are no help on the way.
///
/// - Source: for sets without sums, Pfeifer, Haegeman and Verstraete, Phys. Rev. E 90, 033315
///   (2014); the cost is ours.
final class ProductSearch {
  /// How the product of a set of atoms is made.
  enum Choice {
    case atom
    case pair(UInt64, UInt64)
    /// The sum at a place is taken apart: the searches of its products, and for each the set that
    /// stands for this one.
    case distribute([(search: ProductSearch, places: UInt64)])
  }

  let product: Product
  /// The cost of each set's product; infinite where it is not looked at.
  private(set) var best: [Double]
  private(set) var choices: [Choice]
  /// The labels that the product of a set keeps.
  private(set) var open: [UInt64]
  /// The sets that are looked at, in ascending order.
  private let sets: [Int]
  /// Sums of the numbers of a set's atoms, which equal products share.
  private var sums: [Int]
  private var sizes: [Double]
  /// The share of each set's product that is stored, or in a band; empty where no atom is sparse or a band.
  private var shares: [Double] = []

  /// The searches for the products that taking sums apart gives.
  private(set) var expanded: [ProductSearch] = []

  /// The cost of the whole product.
  var cost: Double { best[best.count - 1] }

  init(_ product: Product, _ context: SearchContext, depth: Int = 0) {
    self.product = product
    let count = 1 << product.atoms.count
    best = Array(repeating: .infinity, count: count)
    choices = Array(repeating: .atom, count: count)
    open = Array(repeating: 0, count: count)
    sums = Array(repeating: 0, count: count)
    sizes = Array(repeating: 0, count: count)
    let network = AtomNetwork(product)
    sets = network.searchedSets
    guard count > 1 else { return }
    for set in sets {
      open[set] = network.openLabels(of: set)
      sizes[set] = product.size(open[set])
      var rest = set
      while rest != 0 {
        sums[set] &+= Self.mixed(product.atoms[rest.trailingZeroBitCount])
        rest &= rest - 1
      }
    }
    if let share = context.share {
      countStored(share, network)
    } else if !context.zeros.widths.isEmpty {
      countBands(context.zeros)
    }
    let apart = Self.alternatives(product, context, depth)
    expanded = apart.flatMap { $0.terms.map(\.search) }
    for set in sets {
      if set & (set - 1) == 0 {
        startAtom(set.trailingZeroBitCount, network.masks, context)
      } else {
        combine(set, context)
        // What the whole shares with other rows is the caller's to know.
        if set != count - 1 { credit(set, sums[set], context) }
      }
      for alternative in apart where set >> alternative.place & 1 != 0 {
        distribute(set, alternative, sizes[set], context)
      }
    }
  }

  /// Counts stored elements in place of all, where some atom is sparse.
  private func countStored(_ share: (Int) -> Double, _ network: AtomNetwork) {
    let own = product.atoms.map(share)
    guard own.contains(where: { $0 < 1 }) else { return }
    shares = Array(repeating: 1, count: sizes.count)
    for set in sets {
      var (all, sparse, rest, both, count) = (UInt64(0), UInt64(0), set, 1.0, 0)
      while rest != 0 {
        let place = rest.trailingZeroBitCount
        all |= network.masks[place]
        if own[place] < 1 {
          sparse |= network.masks[place]
          both *= own[place]
          count += 1
        }
        rest &= rest - 1
      }
      // A result with labels that its only sparse factor lacks is dense.
      if count == 0 || count == 1 && open[set] & ~sparse != 0 { continue }
      shares[set] = GraphLayouts.any(of: product.size(sparse & ~open[set]), both)
      sizes[set] *= shares[set]
    }
  }

  /// Counts what bands hold in place of all of their elements; a factor that is none fills a product.
  private func countBands(_ zeros: KnownZeros) {
    let own = product.atoms.map { zeros.widths[$0] ?? (zeros.diagonals.contains($0) ? 1 : 0) }
    guard own.contains(where: { $0 > 1 }) else { return }
    shares = Array(repeating: 1, count: sizes.count)
    for set in sets where open[set].nonzeroBitCount == 2 {
      var (width, rest) = (1, set)
      while rest != 0, width > 0 {
        let next = own[rest.trailingZeroBitCount]
        width = next > 0 ? width + next - 1 : 0
        rest &= rest - 1
      }
      // Products of diagonals alone are counted whole, as everywhere.
      if width < 2 { continue }
      let last = 63 - open[set].leadingZeroBitCount
      shares[set] = KnownZeros.share(
        width, of: [product.extents[open[set].trailingZeroBitCount], product.extents[last]])
      sizes[set] *= shares[set]
    }
  }

  private func startAtom(_ place: Int, _ masks: [UInt64], _ context: SearchContext) {
    let set = 1 << place
    best[set] = context.atomCost(product.atoms[place])
    if open[set] != masks[place] {
      let size = product.size(masks[place])
      best[set] += ContractionCost.operation(size, moving: size, context.dtype, context.rates)
    }
  }

  /// The cheapest pair of parts of a set.
  private func combine(_ set: Int, _ context: SearchContext) {
    var cost = Double.infinity
    var choice = Choice.atom
    // The lowest atom is always on the left.
    let rest = set & (set - 1)
    var right = rest
    while right > 0 {
      let left = set ^ right
      let sum = best[left] + best[right]
      // Equal parts are made once.
      let isRepeated = context.repeats && isRepeated(left, right)
      if sum < cost || isRepeated {
        let (price, isSame) = pair(left, right, context)
        var total = isSame || isRepeated ? best[left] + price : sum + price
        // Of equal orders the program's own.
        if isNative(left), isNative(right) { total *= 1 - 1e-9 }
        if total < cost {
          cost = total
          choice = .pair(UInt64(left), UInt64(right))
        }
      }
      right = (right - 1) & rest
    }
    best[set] = cost
    choices[set] = choice
    context.budget.spend(1 << (set.nonzeroBitCount - 1))
  }

  private func isNative(_ set: Int) -> Bool {
    set & (set - 1) == 0 || product.native.contains(UInt64(set))
  }

  /// A number for sums that tell sets of atoms apart, nearly.
  static func mixed(_ atom: Int) -> Int {
    let x = (UInt64(truncatingIfNeeded: atom) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: (x ^ x >> 29) &* 0xBF58_476D_1CE4_E5B9)
  }

  /// What multiplying two parts costs, and whether they are one array read in two ways, the result
  /// being symmetric.
  private func pair(
    _ left: Int, _ right: Int, _ context: SearchContext
  ) -> (Double, isSame: Bool) {
    let (a, b) = (open[left], open[right])
    let kept = open[left | right]
    if !context.zeros.diagonals.isEmpty, isDiagonal(left, context) || isDiagonal(right, context) {
      // Elements are scaled.
      let size = sizes[left | right]
      return (
        ContractionCost.operation(size, moving: 2 * size, context.dtype, context.rates), false
      )
    }
    var flops = product.size(a | b)
    if (a | b) & ~kept != 0 { flops *= 2 }
    if !shares.isEmpty { flops *= shares[left] * shares[right] }
    var isSame = false
    if sums[left] == sums[right], (a | b) & ~kept != 0 {
      isSame = isSquare(left, right)
      if isSame { flops /= 2 }
    }
    return (
      ContractionCost.operation(
        flops, moving: sizes[left] + sizes[right] + sizes[left | right], context.dtype,
        context.rates), isSame
    )
  }

  private func isDiagonal(_ set: Int, _ context: SearchContext) -> Bool {
    set & (set - 1) == 0
      && context.zeros.diagonals.contains(product.atoms[set.trailingZeroBitCount])
  }

  /// Whether two parts of several atoms are one product, whatever its labels are called.
  private func isRepeated(_ left: Int, _ right: Int) -> Bool {
    sums[left] == sums[right] && left & (left - 1) != 0
      && product.key(UInt64(left), keeping: open[left]).key
        == product.key(UInt64(right), keeping: open[right]).key
  }

  private func isSquare(_ left: Int, _ right: Int) -> Bool {
    let a = product.key(UInt64(left), keeping: open[left])
    let b = product.key(UInt64(right), keeping: open[right])
    guard a.key == b.key else { return false }
    let kept = open[left | right]
    var free = 0
    for (x, y) in zip(a.open, b.open) where x != y {
      guard kept >> UInt64(x) & 1 != 0, kept >> UInt64(y) & 1 != 0 else { return false }
      free += 1
    }
    return free == 1
  }

  /// What is there anyway costs nothing; what others need too costs a share.
  private func credit(_ set: Int, _ number: Int, _ context: SearchContext) {
    let occurrences = context.occurrences
    guard occurrences != nil || context.knownSums.contains(number) else { return }
    let key = product.key(UInt64(set), keeping: open[set]).key
    if let number = context.known.number(of: key), context.isThere(number) {
      best[set] = 0
    } else if let count = occurrences?[key], count > 1 {
      best[set] /= Double(count)
    }
  }

  // MARK: - Distribution

  /// A sum among the atoms with the product for each of its terms.
  private struct Alternative {
    let place: Int
    let terms: [(search: ProductSearch, added: UInt64)]
  }

  private static func alternatives(
    _ product: Product, _ context: SearchContext, _ depth: Int
  ) -> [Alternative] {
    guard context.distributes, depth < 2, context.budget.isLeft else { return [] }
    return product.atoms.indices.compactMap { place in
      guard let sum = context.sumOfAtom(product.atoms[place]), product.atoms.count > 1 else {
        return nil
      }
      var terms: [(search: ProductSearch, added: UInt64)] = []
      for term in sum.products {
        guard let whole = product.replacing(place, by: term) else { return nil }
        let added = UInt64((1 << term.atoms.count) - 1) << UInt64(product.atoms.count - 1)
        terms.append((ProductSearch(whole, context, depth: depth + 1), added))
      }
      return Alternative(place: place, terms: terms)
    }
  }

  private func distribute(
    _ set: Int, _ alternative: Alternative, _ size: Double, _ context: SearchContext
  ) {
    // A sum alone is made as it is.
    guard set & (set - 1) != 0 else { return }
    let place = UInt64(alternative.place)
    let below = UInt64(set) & ((1 << place) - 1)
    let above = (UInt64(set) >> (place + 1)) << place
    var cost = 0.0
    var terms: [(search: ProductSearch, places: UInt64)] = []
    let others = below | above
    for term in alternative.terms {
      let places = others | term.added
      cost += term.search.best[Int(places)] + size
      // What all terms are multiplied with is made once.
      if !terms.isEmpty, term.search.makes(others, on: places) {
        cost -= term.search.best[Int(others)]
      }
      terms.append((term.search, places))
    }
    if cost < best[set] * 0.95 {
      best[set] = cost
      choices[set] = .distribute(terms)
    }
  }
}

extension ProductSearch {
  /// Whether the product of some atoms is made on the cheapest way to that of more.
  fileprivate func makes(_ part: UInt64, on whole: UInt64) -> Bool {
    guard part & (part - 1) != 0 else { return false }
    var set = whole
    while set != part {
      guard case .pair(let a, let b) = choices[Int(set)] else { return false }
      if part & ~a == 0 {
        set = a
      } else if part & ~b == 0 {
        set = b
      } else {
        return false
      }
    }
    return true
  }

  /// Whether a sum is taken apart in the cheapest way.
  var distributes: Bool {
    var stack = [product.all]
    while let places = stack.popLast() {
      guard places & (places - 1) != 0 else { continue }
      switch choices[Int(places)] {
      case .atom: continue
      case .pair(let a, let b): stack += [a, b]
      case .distribute: return true
      }
    }
    return false
  }

  /// Whether the cheapest way has a product of two equal parts.
  var repeats: Bool {
    var stack = [(self, product.all)]
    while let (search, places) = stack.popLast() {
      guard places & (places - 1) != 0 else { continue }
      switch search.choices[Int(places)] {
      case .atom: continue
      case .pair(let a, let b):
        if search.isRepeated(Int(a), Int(b)) { return true }
        stack += [(search, a), (search, b)]
      case .distribute(let terms): stack += terms.map { ($0.search, $0.places) }
      }
    }
    return false
  }

  /// Visits the numbers of the atoms that the cheapest way uses.
  func forEachAtom(_ visit: (Int) -> Void) {
    var stack = [(self, product.all)]
    while let (search, places) = stack.popLast() {
      if places & (places - 1) == 0 {
        if places != 0 { visit(search.product.atoms[places.trailingZeroBitCount]) }
        continue
      }
      switch search.choices[Int(places)] {
      case .atom: continue
      case .pair(let a, let b): stack += [(search, a), (search, b)]
      case .distribute(let terms): stack += terms.map { ($0.search, $0.places) }
      }
    }
  }

  /// How often each product of some of the atoms may be made, by key; of those that cost less than
  /// a limit.
  func occurrences(below limit: Double) -> SubproductCounts {
    var counts = SubproductCounts()
    forEachProduct(below: limit) { set in
      counts.update(product.key(UInt64(set), keeping: open[set]).key) { $0 + 1 }
    }
    for search in expanded { counts.merge(search.occurrences(below: limit), max) }
    return counts
  }

  /// Visits the sets of several atoms, fewer than all, that are one product in this search and in
  /// another.
  func forEachCommonProduct(_ other: ProductSearch, _ visit: (UInt64, UInt64) -> Void) {
    for set in sets where set & (set - 1) != 0 && set != best.count - 1 {
      for match in other.sets where other.sums[match] == sums[set] && match != other.best.count - 1
      {
        guard match & (match - 1) != 0, best[set] < .infinity, other.best[match] < .infinity,
          product.key(UInt64(set), keeping: open[set]).key
            == other.product.key(UInt64(match), keeping: other.open[match]).key
        else { continue }
        visit(UInt64(set), UInt64(match))
      }
    }
  }

  /// Visits the products of several atoms that the cheapest way makes before the whole: the sum of
  /// the atoms' numbers, and the key.
  func forEachMadeProduct(_ visit: (Int, SubproductKey) -> Void) {
    var stack = [(self, product.all)]
    while let (search, places) = stack.popLast() {
      let set = Int(places)
      guard places & (places - 1) != 0 else { continue }
      if search !== self || places != product.all {
        visit(search.sums[set], search.product.key(places, keeping: search.open[set]).key)
      }
      switch search.choices[set] {
      case .atom: continue
      case .pair(let a, let b): stack += [(search, a), (search, b)]
      case .distribute(let terms): stack += terms.map { ($0.search, $0.places) }
      }
    }
  }

  /// Whether one of some products is made of some of these atoms.
  func contains(anyOf sums: Set<Int>, except own: Set<Int>) -> Bool {
    sets.contains { set in
      set & (set - 1) != 0 && best[set] < .infinity && sums.contains(self.sums[set])
        && !own.contains(self.sums[set])
    }
  }

  /// Adds the sums of the same products' atoms to a list.
  func collectSums(below limit: Double, into list: inout [Int]) {
    forEachProduct(below: limit) { list.append(sums[$0]) }
    for search in expanded { search.collectSums(below: limit, into: &list) }
  }

  private func forEachProduct(below limit: Double, _ body: (Int) -> Void) {
    let network = AtomNetwork(product)
    for set in sets where set & (set - 1) != 0 {
      if best[set] < limit, network.isConnected(set) { body(set) }
    }
  }
}

extension Product {
  /// The product with another one, whose output has the labels of a place, in that place; its
  /// atoms come last.
  func replacing(_ place: Int, by term: Product) -> Product? {
    guard atoms.count - 1 + term.atoms.count <= CollectionLimit.chainAtoms,
      // Only what has every label of the sum keeps the labels of other sets.
      term.outputMask & ~term.atomMask == 0
    else { return nil }
    var result = self
    let outer = result.labels.remove(at: place)
    result.atoms.remove(at: place)
    result.native = []
    var renamed = Array(repeating: -1, count: term.extents.count)
    for (inner, label) in zip(term.output, outer) { renamed[inner] = label }
    for label in term.extents.indices where renamed[label] < 0 {
      renamed[label] = result.extents.count
      result.extents.append(term.extents[label])
    }
    guard result.extents.count <= CollectionLimit.labels else { return nil }
    result.atoms += term.atoms
    result.labels += term.labels.map { $0.map { renamed[$0] } }
    result.factor = term.factor
    return result.isSearchable ? result : nil
  }
}
