import WeftIR

/// What a search needs to know of the program around a product.
struct SearchContext {
  /// What making an atom costs, with respect to its other users.
  var atomCost: (Int) -> Double
  /// The sum of products that an atom is and may be taken apart to, if any.
  var sumOfAtom: (Int) -> SumOfProducts?
  /// Products that are there anyway, by a sum of their atoms' numbers and by key.
  var known: Set<SubproductKey> = []
  var knownSums: Set<Int> = []
  /// How often products occur in the program; nil where that does not count.
  var occurrences: [SubproductKey: Int]?
  var dtype: DType
  /// Whether atoms may be taken apart.
  var distributes: Bool
}

/// The cheapest order in which a product's atoms can be multiplied: dynamic programming over all
/// sets of atoms, with sums among the atoms taken apart where that is cheaper.
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
  private(set) var best: [Double]
  private(set) var choices: [Choice]
  /// The labels that the product of a set keeps.
  private(set) var open: [UInt64]

  /// The searches for the products that taking sums apart gives.
  private(set) var expanded: [ProductSearch] = []

  /// The cost of the whole product.
  var cost: Double { best[best.count - 1] }

  init(_ product: Product, _ context: SearchContext, depth: Int = 0) {
    self.product = product
    let count = product.atoms.count
    let sets = 1 << count
    best = Array(repeating: .infinity, count: sets)
    choices = Array(repeating: .atom, count: sets)
    open = Array(repeating: 0, count: sets)
    guard sets > 1 else { return }
    let masks = (0..<count).map { product.mask($0) }
    var labels = Array(repeating: UInt64(0), count: sets)
    var numbers = Array(repeating: 0, count: sets)
    for set in 1..<sets {
      let low = set.trailingZeroBitCount
      labels[set] = labels[set & (set - 1)] | masks[low]
      numbers[set] = numbers[set & (set - 1)] &+ Self.mixed(product.atoms[low])
    }
    let output = product.outputMask
    var sizes = Array(repeating: 0.0, count: sets)
    for set in 1..<sets {
      open[set] = labels[set] & (output | labels[sets - 1 - set])
      sizes[set] = product.size(open[set])
    }
    let native = Set(product.native)
    let apart = Self.alternatives(product, context, depth)
    expanded = apart.flatMap { $0.terms.map(\.search) }

    for set in 1..<sets {
      if set & (set - 1) == 0 {
        let place = set.trailingZeroBitCount
        best[set] = context.atomCost(product.atoms[place])
        if open[set] != masks[place] {
          let size = product.size(masks[place])
          best[set] += ContractionCost.operation(size, moving: size, context.dtype)
        }
      } else {
        var cost = Double.infinity
        var choice = Choice.atom
        // The lowest atom is always on the left.
        let rest = set & (set - 1)
        var right = rest
        while right > 0 {
          let left = set ^ right
          let sum = best[left] + best[right]
          if sum < cost {
            let (price, isSame) = pair(left, right, sizes, numbers, context)
            var total = isSame ? best[left] + price : sum + price
            let isNative =
              (left & (left - 1) == 0 || native.contains(UInt64(left)))
              && (right & (right - 1) == 0 || native.contains(UInt64(right)))
            // Of equal orders the program's own.
            if isNative { total *= 1 - 1e-9 }
            if total < cost {
              cost = total
              choice = .pair(UInt64(left), UInt64(right))
            }
          }
          right = (right - 1) & rest
        }
        best[set] = cost
        choices[set] = choice
        // What the whole shares with other rows is the caller's to know.
        if set != sets - 1 { credit(set, numbers[set], context) }
      }
      for alternative in apart where set >> alternative.place & 1 != 0 {
        distribute(set, alternative, sizes[set], context)
      }
    }
  }

  /// A number for sums that tell sets of atoms apart, nearly.
  static func mixed(_ atom: Int) -> Int {
    let x = (UInt64(truncatingIfNeeded: atom) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: (x ^ x >> 29) &* 0xBF58_476D_1CE4_E5B9)
  }

  /// What multiplying two parts costs, and whether they are one array read in two ways, the result
  /// being symmetric.
  private func pair(
    _ left: Int, _ right: Int, _ sizes: [Double], _ numbers: [Int], _ context: SearchContext
  ) -> (Double, isSame: Bool) {
    let (a, b) = (open[left], open[right])
    let kept = open[left | right]
    var flops = product.size(a | b)
    if (a | b) & ~kept != 0 { flops *= 2 }
    var isSame = false
    if numbers[left] == numbers[right], (a | b) & ~kept != 0 {
      isSame = isSquare(left, right)
      if isSame { flops /= 2 }
    }
    return (
      ContractionCost.operation(
        flops, moving: sizes[left] + sizes[right] + product.size(kept), context.dtype), isSame
    )
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
    if context.known.contains(key) {
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
    guard context.distributes, depth < 2 else { return [] }
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
    for term in alternative.terms {
      let places = below | above | term.added
      cost += term.search.best[Int(places)] + size
      terms.append((term.search, places))
    }
    if cost < best[set] * 0.95 {
      best[set] = cost
      choices[set] = .distribute(terms)
    }
  }
}

extension ProductSearch {
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

  /// How often each product of some of the atoms may be made, by key.
  func occurrences() -> [SubproductKey: Int] {
    var counts: [SubproductKey: Int] = [:]
    let count = product.atoms.count
    guard count > 1 else { return counts }
    for set in 1..<1 << count where set & (set - 1) != 0 {
      let places = UInt64(set)
      guard isConnected(places) else { continue }
      counts[product.key(places, keeping: open[set]).key, default: 0] += 1
    }
    for search in expanded {
      counts.merge(search.occurrences()) { max($0, $1) }
    }
    return counts
  }

  private func isConnected(_ places: UInt64) -> Bool {
    var reached = places & (~places &+ 1)
    var labels = product.mask(reached.trailingZeroBitCount)
    var rest = places ^ reached
    while rest != 0 {
      var next: UInt64 = 0
      for place in product.atoms.indices where rest >> UInt64(place) & 1 != 0 {
        if product.mask(place) & labels != 0 { next |= 1 << UInt64(place) }
      }
      if next == 0 { return false }
      for place in product.atoms.indices where next >> UInt64(place) & 1 != 0 {
        labels |= product.mask(place)
      }
      reached |= next
      rest &= ~next
    }
    return true
  }
}

extension Product {
  /// The product with another one, whose output has the labels of a place, in that place; its
  /// atoms come last.
  func replacing(_ place: Int, by term: Product) -> Product? {
    guard atoms.count - 1 + term.atoms.count <= CollectionLimit.atoms,
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
    return result
  }
}
