import WeftIR

/// The rows of a graph as sums of products, as far as they are that.
///
/// A row is *opaque* when it is nothing of the kind; its results are atoms. Products see through
/// rows that others use too: whether those are computed apart is decided by cost.
struct Collection {
  let graph: Graph
  private(set) var atoms: [Atom] = []
  /// For each row the last atom that reads it, for each atom the one before it; -1 for none.
  private var lastAtom: [Int]
  private var earlierAtom: [Int] = []
  /// The sum of products that each row is; nil for opaque rows.
  private(set) var sums: [SumOfProducts?]
  /// Rows that are computed whatever is decided: outputs and what opaque rows read.
  private(set) var isNeeded: [Bool]
  let live: [Bool]
  private let disabled: Set<String>
  /// Parameters and assumptions that equal their own transposes.
  private let symmetric: Set<Int>

  /// Parts, sums and diagonals of products are products of parts and sums.
  static let pushRule = "push-into-product"

  init(_ graph: Graph, _ context: PassContext) {
    self.graph = graph
    live = graph.liveRows()
    sums = Array(repeating: nil, count: graph.count)
    lastAtom = Array(repeating: -1, count: graph.count)
    isNeeded = Array(repeating: false, count: graph.count)
    disabled = context.disabledRules
    symmetric = Self.symmetricRows(of: graph)
    for output in graph.outputs { isNeeded[output.index] = true }
    for row in 0..<graph.count where live[row] && !Self.mayCollect(row, of: graph) {
      for operand in graph.operands(row) { isNeeded[operand.index] = true }
    }
    for row in 0..<graph.count where live[row] {
      guard let sum = sum(of: row)?.mapped({ oriented($0).compacted() }),
        sum.products.allSatisfy({ $0.isWorthPlanning })
      else { continue }
      sums[row] = sum
    }
  }

  private static func symmetricRows(of graph: Graph) -> Set<Int> {
    var found: Set<Int> = []
    for row in 0..<graph.count {
      let facts: Facts
      switch graph.rows[row].op {
      case .input(let n, _): facts = graph.parameters[n].facts
      case .call(let routine) where routine.name == "assume":
        facts = Facts(options: routine.options) ?? .none
      default: continue
      }
      guard let type = graph.types(row).first, type.rank == 2, !type.dtype.isComplex else {
        continue
      }
      let isSymmetric = [Facts.Properties.symmetric, .positiveDefinite, .positiveSemidefinite]
        .contains { facts.contains($0) }
      if isSymmetric { found.insert(row) }
    }
    return found
  }

  /// Whether a row's op and type are among those that sums of products consist of.
  static func mayCollect(_ row: Int, of graph: Graph) -> Bool {
    guard let type = graph.types(row).first, isRing(type.dtype), type.shape.isKnown else {
      return false
    }
    switch graph.rows[row].op {
    case .contract, .permute, .broadcast, .slice: return true
    case .reshape(let shape):
      return graph.operands(row).first.map {
        changesOnlyUnits(graph.type($0).shape, shape)
      } ?? false
    case .reduce(let f, _): return f == .add
    case .map(let f):
      return f == .add || f == .subtract || f == .multiply || f == .negative
        || f == .divide && reciprocal(row, of: graph) != nil
    default: return false
    }
  }

  /// Whether sums of products may be reordered in a dtype: wrapping integers and the floats that
  /// are added in their own precision.
  static func isRing(_ dtype: DType) -> Bool {
    switch dtype {
    case .bool, .float16, .bfloat16: false
    default: true
    }
  }

  private static func changesOnlyUnits(_ a: Shape, _ b: Shape) -> Bool {
    a.codes.filter { $0 != 1 } == b.codes.filter { $0 != 1 } && a.isKnown
  }

  /// One over the constant that an inexact row divides by, if it is finite.
  private static func reciprocal(_ row: Int, of graph: Graph) -> Scalar? {
    guard graph.types(row).first?.dtype.isInexact == true, let last = graph.operands(row).last,
      let divisor = graph.uniformScalar(last)
    else { return nil }
    let one = Scalar(1 as Int64, divisor.dtype)
    return finite(ScalarFunction.divide.evaluate(one, divisor, divisor))
  }

  /// A factor that may be taken out of sums: times what is not finite, sums of nothing and sums
  /// whose terms cancel would be NaN.
  private static func finite(_ factor: Scalar) -> Scalar? {
    factor.doubleValue.isFinite && factor.imaginary.isFinite ? factor : nil
  }

  /// A product in which symmetric matrices stand the way round that equal parts of products share:
  /// first the label that they have in common with the atom seen first.
  private func oriented(_ product: Product) -> Product {
    if symmetric.isEmpty { return product }
    var result = product
    for (place, labels) in product.labels.enumerated() where labels.count == 2 {
      let atom = atoms[product.atoms[place]]
      guard atom.spans == nil, symmetric.contains(atom.value.index) else { continue }
      func first(_ label: Int) -> Int {
        var number = Int.max
        for (other, labels) in product.labels.enumerated()
        where other != place && labels.contains(label) {
          number = min(number, product.atoms[other])
        }
        return number
      }
      if first(labels[1]) < first(labels[0]) { result.labels[place] = [labels[1], labels[0]] }
    }
    return result
  }

  // MARK: - Atoms

  /// The number of an atom.
  mutating func number(of atom: Atom) -> Int {
    var number = lastAtom[atom.value.index]
    while number >= 0 {
      if atoms[number] == atom { return number }
      number = earlierAtom[number]
    }
    earlierAtom.append(lastAtom[atom.value.index])
    lastAtom[atom.value.index] = atoms.count
    atoms.append(atom)
    return atoms.count - 1
  }

  /// A value as an atom.
  mutating func asAtom(_ value: Value) -> SumOfProducts {
    let type = graph.type(value)
    let product = Product(
      atom: number(of: Atom(value: value, spans: nil)), shape: type.shape.known ?? [],
      factor: Scalar(1 as Int64, type.dtype))
    return SumOfProducts(products: [product], isContraction: false)
  }

  /// What a value is for its users.
  private mutating func form(_ value: Value) -> SumOfProducts {
    if value.result == 0, let sum = sums[value.index] { return sum }
    return asAtom(value)
  }

  /// As `form`, for users that take one product: a sum is an atom.
  private mutating func product(_ value: Value) -> (product: Product, isContraction: Bool) {
    let form = form(value)
    if let single = form.single { return (single, form.isContraction) }
    return (asAtom(value).products[0], form.isContraction)
  }

  /// As `form`, for users to which a value that is in memory anyway is as good as free.
  private mutating func partForm(_ value: Value) -> SumOfProducts {
    let form = form(value)
    if !form.isContraction { return form }
    return isNeeded[value.index] || disabled.contains(Self.pushRule) ? asAtom(value) : form
  }

  // MARK: - Rows

  private mutating func sum(of row: Int) -> SumOfProducts? {
    guard Self.mayCollect(row, of: graph) else { return nil }
    let operands = Array(graph.operands(row))
    guard operands.allSatisfy({ graph.type($0).shape.isKnown }) else { return nil }
    switch graph.rows[row].op {
    case .contract(let contraction): return contracted(contraction, operands)
    case .permute(let axes):
      return form(operands[0]).mapped { product in
        var product = product
        product.output = axes.map { product.output[$0] }
        return product
      }
    case .broadcast(let shape, let axes):
      let extents = graph.type(operands[0]).shape.codes
      var sources: [Int?] = Array(repeating: nil, count: shape.rank)
      for (axis, place) in axes.enumerated() where extents[axis] == shape.codes[place] {
        sources[place] = axis
      }
      return form(operands[0]).mapped { $0.placed(sources, shape: shape.codes) }
    case .reshape(let shape):
      let extents = graph.type(operands[0]).shape.codes
      var kept = extents.indices.filter { extents[$0] != 1 }[...]
      let sources = shape.codes.map { $0 == 1 ? nil : kept.popFirst() }
      return form(operands[0]).mapped { $0.placed(sources, shape: shape.codes) }
    case .slice(let spans): return sliced(operands[0], spans)
    case .reduce(_, let axes): return partForm(operands[0]).mapped { $0.summed(over: axes) }
    case .map(let f): return mapped(f, row, operands)
    default: return nil
    }
  }

  private mutating func contracted(
    _ contraction: Contraction, _ operands: [Value]
  ) -> SumOfProducts? {
    if operands.count == 1 {
      // A diagonal, or a sum over an axis.
      let parts = partForm(operands[0])
      var products: [Product] = []
      for part in parts.products {
        guard let product = Product.contraction([part], contraction) else { return nil }
        products.append(product)
      }
      return SumOfProducts(products: products, isContraction: parts.isContraction)
    }
    let parts = operands.map { product($0).product }
    var joined = Product.contraction(parts, contraction)
    if joined == nil {
      // Too many atoms: the operands are taken as they are.
      joined = Product.contraction(operands.map { asAtom($0).products[0] }, contraction)
    }
    guard let product = joined else { return nil }
    let isSummed = product.atomMask & ~product.outputMask != 0
    let isNested = operands.contains { sums[$0.index]?.isContraction ?? false }
    return SumOfProducts(products: [product], isContraction: isSummed || isNested)
  }

  private mutating func mapped(
    _ f: ScalarFunction, _ row: Int, _ operands: [Value]
  ) -> SumOfProducts? {
    switch f {
    case .negative:
      return form(operands[0]).scaled(by: Scalar(-1 as Int64, graph.type(operands[0]).dtype))
    case .divide:
      guard let factor = Self.reciprocal(row, of: graph) else { return nil }
      return form(operands[0]).scaled(by: factor)
    case .add, .subtract:
      var second = form(operands[1])
      if f == .subtract {
        second = second.scaled(by: Scalar(-1 as Int64, graph.type(operands[1]).dtype))
      }
      if let sum = form(operands[0]).plus(second) { return sum }
      return asAtom(operands[0]).plus(
        f == .add
          ? asAtom(operands[1])
          : asAtom(operands[1]).scaled(by: Scalar(-1 as Int64, graph.type(operands[1]).dtype)))
    case .multiply:
      for (n, operand) in operands.enumerated() {
        if let factor = graph.uniformScalar(operand).flatMap(Self.finite) {
          return form(operands[1 - n]).scaled(by: factor)
        }
      }
      let (a, b) = (product(operands[0]), product(operands[1]))
      guard
        let product = a.product.times(b.product)
          ?? asAtom(operands[0]).products[0].times(asAtom(operands[1]).products[0])
      else { return nil }
      return SumOfProducts(products: [product], isContraction: a.isContraction || b.isContraction)
    default: return nil
    }
  }

  private mutating func sliced(_ operand: Value, _ spans: [SliceSpan]) -> SumOfProducts? {
    guard spans.allSatisfy({ $0.count != nil }) else { return nil }
    let parts = partForm(operand)
    var products: [Product] = []
    for part in parts.products { products.append(sliced(part, spans)) }
    return SumOfProducts(products: products, isContraction: parts.isContraction)
  }

  /// A box of a product: boxes of its atoms.
  private mutating func sliced(_ product: Product, _ spans: [SliceSpan]) -> Product {
    var result = product
    var spanOf: [Int: SliceSpan] = [:]
    for (label, span) in zip(product.output, spans) {
      let count = span.count ?? product.extents[label]
      if span.start == 0, span.step == 1, count == product.extents[label] { continue }
      spanOf[label] = SliceSpan(start: span.start, step: span.step, count: count)
      result.extents[label] = count
    }
    if spanOf.isEmpty { return product }
    for (place, labels) in product.labels.enumerated() {
      guard labels.contains(where: { spanOf[$0] != nil }) else { continue }
      let atom = atoms[product.atoms[place]]
      let old =
        atom.spans
        ?? (graph.type(atom.value).shape.known ?? []).map { SliceSpan(start: 0, count: $0) }
      let new = zip(old, labels).map { span, label in spanOf[label].map { span.taking($0) } ?? span
      }
      result.atoms[place] = number(of: Atom(value: atom.value, spans: new))
    }
    return result
  }
}
