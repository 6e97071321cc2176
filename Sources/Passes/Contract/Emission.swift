import WeftIR

/// A value whose axes are labels of a product.
struct Piece {
  var value: Value
  var labels: [Int]

  /// The value with axes in an order.
  func permuted(to order: [Int], in graph: inout Graph, _ site: SourceSite) throws -> Piece {
    if order == labels { return self }
    let axes = order.map { label in labels.firstIndex(of: label) ?? 0 }
    return Piece(value: try graph.add(.permute(axes), [value], site: site), labels: order)
  }

  /// The value repeated along the labels that it lacks.
  func spread(
    to order: [Int], _ extents: [Int], in graph: inout Graph, _ site: SourceSite
  ) throws -> Value {
    if labels.count == order.count { return try permuted(to: order, in: &graph, site).value }
    let axes = labels.map { label in order.firstIndex(of: label) ?? 0 }
    let shape = Shape(order.map { extents[$0] })
    return try graph.add(.broadcast(to: shape, axes: axes), [value], site: site)
  }

  /// The product with another piece, summed over all but some labels; in an order that suits a
  /// matrix product unless told.
  func times(
    _ other: Piece, keeping isOpen: (Int) -> Bool, order: [Int]? = nil, _ extents: [Int],
    in graph: inout Graph, _ site: SourceSite
  ) throws -> Piece {
    var kept = order ?? Self.matrixOrder(labels, other.labels, isOpen)
    if order == nil, kept.count == 2, Self.isTall(extents[kept[1]], extents[kept[0]]),
      !graph.isCall(value), !graph.isCall(other.value)
    {
      kept.swapAt(0, 1)
    }
    if Set(labels + other.labels).count > kept.count
      || Set(labels).count < labels.count || Set(other.labels).count < other.labels.count
    {
      let row = Contraction([labels, other.labels], to: kept)
      return Piece(
        value: try graph.add(.contract(row), [value, other.value], site: site), labels: kept)
    }
    let left = try spread(to: kept, extents, in: &graph, site)
    let right = try other.spread(to: kept, extents, in: &graph, site)
    return Piece(
      value: try graph.add(.map(.multiply), [left, right], site: site), labels: kept)
  }

  /// Whether a matrix of so many rows and columns has few columns and many more rows: those are made and read where
  /// they lie, 80 x 1200 times 1200 x 1200 takes 1.2 times as long as the tall product.
  static func isTall(_ rows: Int, _ columns: Int) -> Bool {
    columns <= mostNarrow && rows >= columns * leastTall
  }

  private static let mostNarrow = 128
  private static let leastTall = 4

  /// What both have, what the first has, what the second has.
  private static func matrixOrder(_ a: [Int], _ b: [Int], _ isOpen: (Int) -> Bool) -> [Int] {
    var order: [Int] = []
    func take(_ labels: [Int], where test: (Int) -> Bool) {
      for label in labels where isOpen(label) && test(label) && !order.contains(label) {
        order.append(label)
      }
    }
    take(a) { b.contains($0) }
    take(a) { _ in true }
    take(b) { _ in true }
    return order
  }
}

extension Graph {
  /// Whether a routine gives a value: rules about inverses look at the side that they stand on.
  fileprivate func isCall(_ value: Value) -> Bool {
    if case .call = op(value) { true } else { false }
  }
}

/// Turns plans into rows.
struct Emission {
  /// A product made, with its axes as places in the key's order of labels.
  private struct MadeProduct {
    let value: Value
    let axes: [Int]
  }

  /// Products made so far.
  private var made: [MadeProduct] = []
  private var numbers = SubproductNumbers()
  /// The plans of sums that planning made up.
  var sums: [Int: SumPlan] = [:]
  /// The value of an atom.
  var valueOfAtom: (Int, inout Graph, SourceSite) throws -> Value

  init(valueOfAtom: @escaping (Int, inout Graph, SourceSite) throws -> Value) {
    self.valueOfAtom = valueOfAtom
  }

  /// The value of a plan.
  mutating func value(
    of plan: SumPlan, _ shape: [Int], in graph: inout Graph, _ site: SourceSite
  ) throws -> Value {
    var pieces: [Value] = []
    // Terms that others are made from come first.
    for term in plan.terms where term.source == nil {
      let output = term.product.output
      let piece = try product(
        term.search, term.product.all,
        order: output.filter { term.product.atomMask >> UInt64($0) & 1 != 0 },
        in: &graph, site)
      pieces.append(try piece.spread(to: output, term.product.extents, in: &graph, site))
    }
    var values: [Value] = []
    var place = 0
    var places = [Int](repeating: 0, count: plan.terms.count)
    for (n, term) in plan.terms.enumerated() where term.source == nil {
      places[n] = place
      place += 1
    }
    for (n, term) in plan.terms.enumerated() {
      guard let source = term.source else {
        values.append(pieces[places[n]])
        continue
      }
      let whole = plan.terms[source.term].product
      let kept = source.labels.filter { $0 >= 0 }
      let folded = try fold(
        Piece(value: pieces[places[source.term]], labels: whole.output), keeping: kept, in: &graph,
        site)
      var labels = term.product.output
      labels = zip(labels, source.labels).filter { $1 >= 0 }.map(\.0)
      values.append(
        try Piece(value: folded.value, labels: labels).spread(
          to: term.product.output, term.product.extents, in: &graph, site))
    }
    return try sum(values, plan.terms.map(\.factor), shape, in: &graph, site)
  }

  /// The sum of values of one shape times factors.
  private func sum(
    _ values: [Value], _ factors: [Scalar], _ shape: [Int], in graph: inout Graph,
    _ site: SourceSite
  ) throws -> Value {
    func isNegative(_ n: Int) -> Bool {
      factors[n].dtype.kind != .unsigned && factors[n].doubleValue < 0
    }
    let order = values.indices.filter { !isNegative($0) } + values.indices.filter(isNegative)
    var total: Value?
    for n in order {
      var factor = factors[n]
      let subtracts = total != nil && isNegative(n)
      if subtracts { factor = ScalarFunction.negative.evaluate(factor, factor, factor) }
      var value = values[n]
      if factor == Scalar(-1 as Int64, factor.dtype), factor.dtype.kind != .unsigned {
        value = try graph.add(.map(.negative), [value], site: site)
      } else if factor != Scalar(1 as Int64, factor.dtype),
        let uniform = try graph.addUniform(factor, Shape(shape), site: site)
      {
        value = try graph.add(.map(.multiply), [value, uniform], site: site)
      }
      if let sum = total {
        total = try graph.add(.map(subtracts ? .subtract : .add), [sum, value], site: site)
      } else {
        total = value
      }
    }
    guard let total else { throw WeftError(.internal, "contract", "a sum without terms") }
    return total
  }

  // MARK: - Products

  /// The product of a set of atoms; `order` tells the order of its axes where that matters.
  private mutating func product(
    _ search: ProductSearch, _ places: UInt64, order: [Int]? = nil, in graph: inout Graph,
    _ site: SourceSite
  ) throws -> Piece {
    let product = search.product
    let open = search.open[Int(places)]
    if places & (places - 1) == 0 {
      let place = places.trailingZeroBitCount
      let value = try atom(product.atoms[place], in: &graph, site)
      let piece = try fold(
        Piece(value: value, labels: product.labels[place]),
        keeping: order ?? product.labelList(open),
        isOrdered: order != nil, in: &graph, site)
      return piece
    }
    let (key, canonical) = product.key(places, keeping: open)
    if let known = numbers.number(of: key).map({ made[$0] }) {
      let labels = known.axes.map { canonical[$0] }
      return try order.map {
        try Piece(value: known.value, labels: labels).permuted(to: $0, in: &graph, site)
      } ?? Piece(value: known.value, labels: labels)
    }
    let piece: Piece
    switch search.choices[Int(places)] {
    case .atom: throw WeftError(.internal, "contract", "a product without a plan")
    case .pair(let left, let right):
      let a = try self.product(search, left, in: &graph, site)
      let b = try self.product(search, right, in: &graph, site)
      piece = try a.times(
        b, keeping: { open >> UInt64($0) & 1 != 0 }, order: order, product.extents, in: &graph, site
      )
    case .distribute(let terms):
      var labels = order ?? product.labelList(open)
      if order == nil, labels.count == 2,
        Piece.isTall(product.extents[labels[1]], product.extents[labels[0]])
      {
        labels.swapAt(0, 1)
      }
      var values: [Value] = []
      for term in terms {
        values.append(
          try self.product(term.search, term.places, order: labels, in: &graph, site).value)
      }
      let value = try sum(
        values, terms.map { $0.search.product.factor }, labels.map { product.extents[$0] },
        in: &graph, site)
      piece = Piece(value: value, labels: labels)
    }
    // None of its parts is the whole, so that the key is still new.
    if numbers.insert(key).isNew {
      made.append(
        MadeProduct(
          value: piece.value, axes: piece.labels.map { canonical.firstIndex(of: $0) ?? 0 }))
    }
    return piece
  }

  private mutating func atom(
    _ number: Int, in graph: inout Graph, _ site: SourceSite
  ) throws -> Value {
    guard let plan = sums[number] else { return try valueOfAtom(number, &graph, site) }
    return try value(of: plan, plan.terms[0].product.shape, in: &graph, site)
  }

  /// A piece summed over all but some labels, each of which it has; repeated labels are diagonals.
  private func fold(
    _ piece: Piece, keeping labels: [Int], isOrdered: Bool = true, in graph: inout Graph,
    _ site: SourceSite
  ) throws -> Piece {
    if Set(piece.labels).count < piece.labels.count {
      let row = Contraction([piece.labels], to: labels)
      return Piece(value: try graph.add(.contract(row), [piece.value], site: site), labels: labels)
    }
    var result = piece
    let dropped = piece.labels.indices.filter { !labels.contains(piece.labels[$0]) }
    if !dropped.isEmpty {
      result.value = try graph.add(.reduce(.add, AxisSet(dropped)), [piece.value], site: site)
      result.labels = piece.labels.filter { labels.contains($0) }
    }
    return isOrdered ? try result.permuted(to: labels, in: &graph, site) : result
  }
}
