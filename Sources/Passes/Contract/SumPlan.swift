import WeftIR

/// How a sum of products is computed.
struct SumPlan {
  /// One term: a factor times what a search or another term gives.
  struct Term {
    var factor: Scalar
    var search: ProductSearch
    /// The term that this one is the sum of over some axes: its place, and for each of this one's
    /// output labels the label there.
    var source: (term: Int, labels: [Int])?

    var product: Product { search.product }
  }

  var terms: [Term]
  var cost: Double
  /// Rules that made the plan differ from the program.
  var rules: Set<String> = []
}

/// Makes plans for sums of products.
struct SumPlanner {
  var context: SearchContext
  /// Sums that plans have made up, by the numbers of the atoms that stand for them.
  var made: [Int: SumPlan] = [:]
  let disabled: Set<String>
  /// Gives a number to a new sum.
  var nextAtom: Int

  init(_ context: SearchContext, firstFree: Int, disabled: Set<String>) {
    self.context = context
    self.disabled = disabled
    nextAtom = firstFree
  }

  /// The cheapest plan found for a sum; `isKnown` tells products that other rows make anyway.
  mutating func plan(
    _ sum: SumOfProducts, depth: Int = 0, isKnown: (SubproductKey) -> Bool
  ) -> SumPlan {
    var plan = SumPlan(terms: [], cost: 0)
    for product in merged(sum.products, &plan.rules) {
      plan.terms.append(SumPlan.Term(factor: product.factor, search: search(product)))
    }
    if !disabled.contains(Self.factorRule), depth < 3 { factor(&plan, depth, isKnown) }
    share(&plan, isKnown)
    return plan
  }

  static let factorRule = "factor-product"
  static let mergeRule = "merge-equal-products"
  static let foldRule = "fold-known-product"

  private func search(_ product: Product) -> ProductSearch {
    let made = made
    var context = context
    let atomCost = context.atomCost
    if !made.isEmpty { context.atomCost = { made[$0]?.cost ?? atomCost($0) } }
    return ProductSearch(product, context)
  }

  // MARK: - Equal products

  /// Products that differ in their factors alone are one.
  private func merged(_ products: [Product], _ rules: inout Set<String>) -> [Product] {
    if products.count < 2 || disabled.contains(Self.mergeRule) { return products }
    var result: [Product] = []
    var places: [[Int]: Int] = [:]
    for product in products {
      let (key, open) = product.key(product.all, keeping: product.outputMask & product.atomMask)
      let output = product.output.map { label in open.firstIndex(of: label) ?? -1 }
      let word = key.words + [-3] + output + product.shape
      if let place = places[word] {
        let sum = ScalarFunction.add.evaluate(
          result[place].factor, product.factor, product.factor)
        // What cancels may have been infinite.
        if sum.doubleValue != 0 {
          result[place].factor = sum
          if product.atoms.count > 1 { rules.insert(Self.mergeRule) }
          continue
        }
      }
      places[word] = result.count
      result.append(product)
    }
    return result
  }

  // MARK: - Terms from other terms

  /// Adds up the costs; a term that is another one transposed or summed is made from that.
  private func share(_ plan: inout SumPlan, _ isKnown: (SubproductKey) -> Bool) {
    plan.cost = 0
    let size = plan.terms.first.map { $0.product.size($0.product.outputMask) } ?? 0
    let one = Scalar(1 as Int64, context.dtype)
    if plan.terms.count == 1, context.known.keys.isEmpty {
      plan.cost = plan.terms[0].search.cost + (plan.terms[0].factor == one ? 0 : size)
      return
    }
    let order = plan.terms.indices.sorted { a, b in
      let (m, n) = (plan.terms[a].product, plan.terms[b].product)
      return (n.size(n.outputMask & n.atomMask), a) < (m.size(m.outputMask & m.atomMask), b)
    }
    var bodies = SubproductNumbers()
    var firsts: [(term: Int, labels: [Int])] = []
    var keys = SubproductNumbers()
    for place in order {
      let product = plan.terms[place].product
      let kept = product.outputMask & product.atomMask
      var cost = plan.terms[place].search.cost
      if product.atoms.count > 1 {
        let key = product.key(product.all, keeping: kept).key
        if isKnown(key) || !keys.insert(key).isNew { cost = 0 }
        let (body, labels) = product.key(product.all, keeping: product.atomMask)
        if let first = bodies.number(of: body).map({ firsts[$0] }) {
          let other = plan.terms[first.term].product
          let there = product.output.map { label in
            labels.firstIndex(of: label).map { first.labels[$0] } ?? -1
          }
          let whole = other.outputMask
          if whole & ~other.atomMask == 0,
            there.allSatisfy({ $0 < 0 || whole >> UInt64($0) & 1 != 0 })
          {
            let elements = other.size(whole)
            let folding = ContractionCost.operation(
              elements, moving: elements, context.dtype, context.rates)
            if folding < cost, !disabled.contains(Self.foldRule) {
              cost = folding
              plan.terms[place].source = (first.term, there)
              plan.rules.insert(Self.foldRule)
            }
          }
        } else {
          _ = bodies.insert(body)
          firsts.append((place, labels))
        }
      }
      plan.cost += cost
    }
    plan.cost += size * Double(max(0, plan.terms.count - 1))
    plan.cost += size * Double(plan.terms.count { $0.factor != one })
  }

  // MARK: - Common factors

  /// Takes common atoms out of pairs of terms as long as that is cheaper.
  private mutating func factor(
    _ plan: inout SumPlan, _ depth: Int, _ isKnown: (SubproductKey) -> Bool
  ) {
    while plan.terms.count > 1, context.budget.isLeft {
      var found: (pair: (Int, Int), term: SumPlan.Term, gain: Double, inner: SumPlanner)?
      for i in plan.terms.indices {
        for j in plan.terms.indices where j > i {
          let (a, b) = (plan.terms[i], plan.terms[j])
          guard a.product.atoms.count > 1, b.product.atoms.count > 1 else { continue }
          let factors = Self.commonFactors(
            a, b, made, nextAtom, context.dtype, ofSeveral: depth == 0)
          for (outer, sum) in factors where context.budget.isLeft {
            var inner = self
            // The sum's own sums get other numbers than the sum.
            inner.nextAtom += 1
            var innerPlan = inner.plan(sum, depth: depth + 1, isKnown: isKnown)
            // The sum is written to memory for the product.
            let size = outer.size(outer.mask(1))
            innerPlan.cost += ContractionCost.operation(
              0, moving: 2 * size, context.dtype, context.rates)
            inner.made[nextAtom] = innerPlan
            let search = inner.search(outer)
            let gain = a.search.cost + b.search.cost - search.cost
            if gain > 0.05 * (a.search.cost + b.search.cost), gain > found?.gain ?? 0 {
              let term = SumPlan.Term(factor: outer.factor, search: search)
              found = ((i, j), term, gain, inner)
            }
          }
        }
      }
      guard let found else { return }
      made = found.inner.made
      nextAtom = found.inner.nextAtom
      plan.terms[found.pair.0] = found.term
      plan.terms.remove(at: found.pair.1)
      plan.rules.insert(Self.factorRule)
    }
  }

  /// Two terms of less than this are not looked through for products that they have in common.
  private static let leastCost = 1e7
  /// The most products of several atoms that are tried as common factors of two terms.
  private static let mostProducts = 8

  /// The sets of atoms in two terms, by place, that are one product: single atoms, and where the
  /// terms cost much products of several.
  private static func commonProducts(
    _ a: SumPlan.Term, _ b: SumPlan.Term, ofSeveral: Bool
  ) -> [(UInt64, UInt64)] {
    let (p, q) = (a.product, b.product)
    var pairs: [(UInt64, UInt64)] = []
    for i in p.atoms.indices {
      for j in q.atoms.indices where q.atoms[j] == p.atoms[i] {
        pairs.append((1 << UInt64(i), 1 << UInt64(j)))
      }
    }
    guard ofSeveral, pairs.count > 1, min(a.search.cost, b.search.cost) > leastCost else {
      return pairs
    }
    var products: [(UInt64, UInt64)] = []
    a.search.forEachCommonProduct(b.search) { products.append(($0, $1)) }
    products.sort { $0.0.nonzeroBitCount > $1.0.nonzeroBitCount }
    return pairs + products.prefix(mostProducts)
  }

  /// The ways in which two terms are a product times a sum: the product with an atom of a number for
  /// the sum, and the sum.
  private static func commonFactors(
    _ a: SumPlan.Term, _ b: SumPlan.Term, _ made: [Int: SumPlan], _ number: Int, _ dtype: DType,
    ofSeveral: Bool
  ) -> [(Product, SumOfProducts)] {
    var results: [(Product, SumOfProducts)] = []
    let (p, q) = (a.product, b.product)
    guard p.outputMask & ~p.atomMask == 0, q.outputMask & ~q.atomMask == 0 else { return [] }
    let (network, otherNetwork) = (AtomNetwork(p), AtomNetwork(q))
    for (places, others) in commonProducts(a, b, ofSeveral: ofSeveral) {
      // What falls apart without the product would be a sum of outer products.
      guard network.keepsTogether(without: places), otherNetwork.keepsTogether(without: others)
      else { continue }
      let (mask, otherMask) = (p.openLabels(of: places), q.openLabels(of: others))
      let (key, labels) = p.key(places, keeping: mask)
      let (otherKey, otherLabels) = q.key(others, keeping: otherMask)
      // Labels of q as labels of p: those of the result and of the common product agree.
      var names: [Int: Int] = [:]
      var taken: Set<Int> = []
      var agrees = key == otherKey
      for (label, name) in zip(q.output + otherLabels, p.output + labels) {
        if let known = names[label] {
          agrees = agrees && known == name
        } else {
          agrees = agrees && taken.insert(name).inserted
          names[label] = name
        }
      }
      guard agrees else { continue }
      let boundary = p.outputMask | mask
      let rest = p.removing(places)
      let open = rest.atomMask & boundary
      var other = q.removing(others)
      let otherOpen = other.atomMask & (q.outputMask | otherMask)
      let renamed = other.labelList(otherOpen).map { names[$0] ?? -1 }
      guard Set(renamed) == Set(rest.labelList(open)), rest.atoms.count > 0, other.atoms.count > 0
      else { continue }
      var first = rest
      first.output = rest.labelList(open)
      other.output = first.output.map { name in
        names.first { $0.value == name && otherOpen >> UInt64($0.key) & 1 != 0 }?.key ?? 0
      }
      first.factor = a.factor
      other.factor = b.factor
      var terms: [Product] = []
      for part in [first, other] {
        // The sum of an earlier step is taken apart again, so that sums do not nest.
        if part.atoms.count == 1, let inner = made[part.atoms[0]],
          part.output == part.labels[0]
        {
          terms += inner.terms.map { term in
            var product = term.product
            product.factor = ScalarFunction.multiply.evaluate(
              term.factor, part.factor, part.factor)
            return product
          }
        } else {
          terms.append(part.compacted())
        }
      }
      guard terms.allSatisfy({ $0.output.count == first.output.count }) else { continue }
      var outer = p
      let kept = p.atoms.indices.filter { places >> UInt64($0) & 1 != 0 }
      outer.atoms = kept.map { p.atoms[$0] } + [number]
      outer.labels = kept.map { p.labels[$0] } + [first.output]
      outer.factor = Scalar(1 as Int64, dtype)
      outer.native = []
      guard outer.isSearchable else { continue }
      results.append((outer, SumOfProducts(products: terms, isContraction: true)))
    }
    return results
  }
}

extension Product {
  /// Without the atoms of a set.
  fileprivate func removing(_ places: UInt64) -> Product {
    var result = self
    let kept = atoms.indices.filter { places >> UInt64($0) & 1 == 0 }
    result.atoms = kept.map { atoms[$0] }
    result.labels = kept.map { labels[$0] }
    result.native = []
    return result
  }

  /// The labels of a set of atoms that the result or other atoms have too.
  fileprivate func openLabels(of places: UInt64) -> UInt64 {
    var (own, others) = (UInt64(0), outputMask)
    for place in atoms.indices {
      if places >> UInt64(place) & 1 != 0 { own |= mask(place) } else { others |= mask(place) }
    }
    return own & others
  }

  /// The labels of a set in ascending order.
  func labelList(_ labels: UInt64) -> [Int] {
    extents.indices.filter { labels >> UInt64($0) & 1 != 0 }
  }
}
