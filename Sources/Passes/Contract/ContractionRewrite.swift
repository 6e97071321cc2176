import WeftIR

/// A graph with its sums of products planned anew.
struct ContractionRewrite {
  private let graph: Graph
  private var collection: Collection
  private let context: PassContext
  private let uses: [Int]
  /// The atoms that are known to be diagonal matrices or narrow bands.
  private let zeros: KnownZeros
  private let layouts: GraphLayouts?
  private let budget = SearchBudget()
  /// The plan of a row; nil where it stays as it is.
  private var plans: [SumPlan?]
  private var searches: [ProductSearch] = []
  private var made: [Int: SumPlan] = [:]
  /// What each row costs with all that is computed for it alone.
  private var costs: [Double]
  /// What moving memory and beginning a step cost.
  let rates: CostRates
  /// What each row costs by itself.
  private let own: [Double]
  /// Products that are there anyway: those that needed rows are, if there are several such rows, and
  /// those that plans make on the way.
  private var known = SubproductNumbers()
  /// The needed rows that are each of them, and sums of their atoms' numbers.
  private var knownRows: [[Int]] = []
  /// The rows whose plans make each of them on the way.
  private var makers: [[Int]] = []
  /// The row of each search.
  private var searchRows: [Int] = []
  private var knownSums: Set<Int> = []
  private(set) var rules: [String: Int] = [:]
  private(set) var notes: [Note] = []

  static let distributeRule = "distribute-product"
  static let orderRule = "order-product"
  static let repeatRule = "repeat-product"
  static let shareRule = "share-product"
  static let shareSummary = "a product that several need is made once"

  init(_ graph: Graph, _ context: PassContext) {
    self.graph = graph
    self.context = context
    collection = Collection(graph, context)
    uses = graph.useCounts()
    zeros = Self.knownZeros(of: collection)
    layouts = graph.isSparse ? GraphLayouts(graph) : nil
    plans = Array(repeating: nil, count: graph.count)
    costs = Array(repeating: 0, count: graph.count)
    let standard = graph.contractionCosts(.standard)
    rates = context.rates(forOperations: standard.reduce(0, +))
    own = rates == .standard ? standard : graph.contractionCosts(rates)
    if rates != .standard {
      let (byte, step) = (rates.byte, rates.step)
      context.report.note(later: {
        "contractions: rates measured here: a byte moved counts \((byte * 10).rounded() / 10) "
          + "operations, a step \(Int(step))"
      })
    }
    noteKnownProducts()
  }

  private static func knownZeros(of collection: Collection) -> KnownZeros {
    let rows = collection.graph.knownZeros()
    var zeros = KnownZeros()
    if rows.diagonals.isEmpty && rows.widths.isEmpty { return zeros }
    for (number, atom) in collection.atoms.enumerated() where atom.spans == nil {
      if rows.diagonals.contains(atom.value.index) { zeros.diagonals.insert(number) }
      zeros.widths[number] = rows.widths[atom.value.index]
    }
    return zeros
  }

  /// Notes the products that needed rows are; one alone has nobody to share it with.
  private mutating func noteKnownProducts() {
    let rows = (0..<graph.count).filter { row in
      guard collection.isNeeded[row], let product = collection.sums[row]?.single else {
        return false
      }
      return product.atoms.count > 1
    }
    guard rows.count > 1 else { return }
    for row in rows {
      guard let product = collection.sums[row]?.single else { continue }
      let key = product.key(product.all, keeping: product.outputMask & product.atomMask).key
      noteKnown(key, needed: row)
      knownSums.insert(product.atoms.reduce(0) { $0 &+ ProductSearch.mixed($1) })
    }
  }

  private mutating func noteKnown(_ key: SubproductKey, needed row: Int? = nil, maker: Int? = nil) {
    let (number, isNew) = known.insert(key)
    if isNew {
      knownRows.append([])
      makers.append([])
    }
    if let row { knownRows[number].append(row) }
    if let maker { makers[number].append(maker) }
  }

  /// The cost of the graph as it is.
  var presentCost: Double { own.reduce(0, +) }

  /// Plans every row that may be worth it; whether some row is to change.
  ///
  /// With `occurrences` products that are made several times cost a share each.
  mutating func plan(_ occurrences: SubproductCounts? = nil) -> Bool {
    searches = []
    searchRows = []
    made = [:]
    rules = [:]
    notes = []
    let isAtom = atomRows()
    var changes = false
    for row in 0..<graph.count where collection.live[row] {
      plans[row] = nil
      var cost = own[row]
      for operand in graph.operands(row) { cost += share(operand.index) }
      costs[row] = cost
      guard let sum = collection.sums[row], sum.isContraction,
        collection.isNeeded[row] || isAtom[row]
      else { continue }
      let last = made.keys.max() ?? collection.atoms.count - 1
      var planner = SumPlanner(
        searchContext(row, occurrences), firstFree: last + 1, disabled: context.disabledRules)
      let plan = planner.plan(sum) { key in
        known.number(of: key).map { knownRows[$0].contains { $0 != row } } ?? false
      }
      searches += plan.terms.map(\.search)
      searchRows += plan.terms.map { _ in row }
      guard plan.cost < cost * ContractionCost.gain else { continue }
      made.merge(planner.made) { $1 }
      costs[row] = plan.cost
      plans[row] = plan
      changes = true
      note(row, plan, instead: cost)
    }
    return changes
  }

  /// The share of a row's cost that one of its users bears; nothing of what is needed anyway.
  private func share(_ row: Int) -> Double {
    if collection.isNeeded[row] || collection.sums[row] == nil { return 0 }
    return costs[row] / Double(max(1, uses[row]))
  }

  /// Rows that products take as they are.
  private func atomRows() -> [Bool] {
    var isAtom = Array(repeating: false, count: graph.count)
    for atom in collection.atoms { isAtom[atom.value.index] = true }
    return isAtom
  }

  private func searchContext(
    _ row: Int, _ occurrences: SubproductCounts?
  ) -> SearchContext {
    let collection = collection
    let (costs, uses, layouts, zeros) = (costs, uses, layouts, zeros)
    var search = SearchContext(
      atomCost: { atom in
        guard atom < collection.atoms.count else { return 0 }
        let row = collection.atoms[atom].value.index
        if collection.isNeeded[row] || collection.sums[row] == nil { return 0 }
        return costs[row] / Double(max(1, uses[row]))
      },
      sumOfAtom: { atom in
        guard atom < collection.atoms.count, collection.atoms[atom].spans == nil else { return nil }
        let row = collection.atoms[atom].value.index
        guard !collection.isNeeded[row], let sum = collection.sums[row],
          sum.isContraction || sum.hasOuterProduct || sum.hasScaledTerm(zeros.diagonals),
          sum.products.count > 1
        else { return nil }
        return sum
      },
      dtype: graph.types(row).first?.dtype ?? .float64,
      distributes: !context.disabledRules.contains(Self.distributeRule))
    search.zeros = zeros
    search.budget = budget
    search.repeats = !context.disabledRules.contains(Self.repeatRule)
    search.rates = rates
    if let layouts {
      search.share = { atom in
        guard atom < collection.atoms.count else { return 1 }
        let value = collection.atoms[atom].value
        return layouts[value].isSparse ? layouts.density(of: value) : 1
      }
    }
    search.occurrences = occurrences
    search.known = known
    search.knownSums = knownSums
    let (needed, makers) = (knownRows, makers)
    // What only this row makes is not there for it.
    search.isThere = { number in
      !needed[number].isEmpty || makers[number].contains { $0 != row }
    }
    return search
  }

  /// Notes what a plan does.
  private mutating func note(_ row: Int, _ plan: SumPlan, instead cost: Double) {
    var names = plan.rules
    if plan.terms.contains(where: { $0.search.distributes }) { names.insert(Self.distributeRule) }
    if !context.disabledRules.contains(Self.repeatRule),
      plan.terms.contains(where: { $0.search.repeats })
    {
      names.insert(Self.repeatRule)
    }
    if names.isEmpty { names.insert(isPushed(row) ? Collection.pushRule : Self.orderRule) }
    for name in names { rules[name, default: 0] += 1 }
    notes.append(
      Note(rules: names, site: graph.rows[row].site, planned: plan.cost, present: cost))
  }

  /// What a plan does, for reports; its text is made when somebody reads it.
  struct Note: Sendable {
    let rules: Set<String>
    let site: SourceSite
    let planned: Double
    let present: Double

    var text: String {
      let place = site.description
      return rules.sorted().joined(separator: ", ")
        + ": about \(Self.short(planned)) for \(Self.short(present)) operations, a byte moved "
        + "counting \(Int(ContractionCost.byte))" + (place.isEmpty ? "" : " (\(place))")
    }

    private static func short(_ cost: Double) -> String {
      var (value, exponent) = (cost, 0)
      while value >= 10 { (value, exponent) = (value / 10, exponent + 1) }
      return "\((value * 10).rounded() / 10)e\(exponent)"
    }
  }

  /// Whether a row takes parts, sums or diagonals.
  private func isPushed(_ row: Int) -> Bool {
    switch graph.rows[row].op {
    case .slice, .reduce, .reshape, .broadcast, .map: true
    case .contract(let contraction): contraction.operands.count == 1
    default: false
    }
  }

  /// Products that may be made more than once, with how often; nil when there are none.
  ///
  /// One that costs as much alone as the best graph so far is part of no better one.
  func sharedProducts(below limit: Double) -> SubproductCounts? {
    let searches = searches.filter { $0.product.atoms.count <= 8 }
    var sums: [Int] = []
    for search in searches { search.collectSums(below: limit, into: &sums) }
    sums.sort()
    guard zip(sums, sums.dropFirst()).contains(where: ==) else { return nil }
    var counts = SubproductCounts()
    for search in searches { counts.merge(search.occurrences(below: limit), +) }
    return counts.hasRepeated ? counts : nil
  }

  /// Lets searches take for granted what the present plans make on the way; whether that is anything
  /// that another plan has a use for and does not make.
  mutating func noteMadeProducts() -> Bool {
    guard searches.count > 1 else { return false }
    var made: [Set<Int>] = []
    var keys: [(key: SubproductKey, row: Int)] = []
    for (search, row) in zip(searches, searchRows) {
      var own: Set<Int> = []
      search.forEachMadeProduct { sum, key in
        own.insert(sum)
        keys.append((key, row))
      }
      made.append(own)
    }
    let all = made.reduce(into: Set<Int>()) { $0.formUnion($1) }
    let isUseful = zip(searches, made).contains { search, own in
      search.contains(anyOf: all, except: own)
    }
    guard isUseful else { return false }
    for (key, row) in keys { noteKnown(key, maker: row) }
    knownSums.formUnion(all)
    return true
  }

  // MARK: - The new graph

  /// The rows that the plans and the rows which stay need.
  private func neededRows() -> [Bool] {
    var needed = Array(repeating: false, count: graph.count)
    for output in graph.outputs { needed[output.index] = true }
    func mark(_ plan: SumPlan) {
      for term in plan.terms where term.source == nil {
        term.search.forEachAtom { atom in
          if let inner = made[atom] {
            mark(inner)
          } else {
            needed[collection.atoms[atom].value.index] = true
          }
        }
      }
    }
    for row in (0..<graph.count).reversed() where needed[row] {
      if let plan = plans[row] {
        mark(plan)
      } else {
        for operand in graph.operands(row) { needed[operand.index] = true }
      }
    }
    return needed
  }

  /// The graph that the plans make.
  func rewritten() throws -> Graph {
    let needed = neededRows()
    let collection = collection
    let new = NewValues(count: graph.count)
    var emission = Emission { number, graph, site in
      let atom = collection.atoms[number]
      let value = new.value(atom.value)
      guard let spans = atom.spans else { return value }
      return try graph.add(.slice(spans), [value], site: site)
    }
    emission.sums = made
    return try graph.rebuilt { next, row, operands in
      let types = graph.types(row)
      var values: [Value]
      if !needed[row] {
        let filler = try next.add(.constant(Scalar(false)))
        values = Array(repeating: filler, count: types.count)
      } else if let plan = plans[row], let shape = types.first?.shape.known {
        values = [try emission.value(of: plan, shape, in: &next, graph.rows[row].site)]
      } else {
        let copy = try next.addCopy(of: row, from: graph, operands)
        values = (0..<types.count).map { Value(row: copy.index, result: $0) }
      }
      new.set(row, values)
      return values
    } inputs: { row, value in
      new.set(row, [value])
    }
  }
}
