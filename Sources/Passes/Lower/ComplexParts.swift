import WeftIR

extension Cluster {
  /// The cluster with complex numbers taken apart: loads, functions, folds and results of real and
  /// imaginary parts, which lie side by side in memory; nil where a function has no such formula.
  func inParts() -> Cluster? {
    if let scan, dtypes[scan.node].isComplex, !ComplexParts.folds(scan.function) { return nil }
    var parts = ComplexParts(self)
    return parts.run()
  }
}

/// Takes the complex nodes of a cluster apart.
struct ComplexParts {
  /// The nodes of a number's parts; a real one has no second.
  struct Pair {
    var re: Int
    var im: Int
  }

  private let source: Cluster
  private var result: Cluster
  private var pairs: [Pair] = []
  /// The dtype of the parts that are computed.
  var dtype = DType.float64

  init(_ source: Cluster) {
    self.source = source
    result = Cluster(shape: source.shape)
    result.rows = source.rows
    result.reducedAxes = source.reducedAxes
    result.isInParts = true
  }

  /// Whether a function of a complex dtype, or one that makes complex numbers, has a formula.
  static func has(_ f: ScalarFunction) -> Bool { formulas.contains(f) || library.contains(f) }

  /// Whether a fold of complex numbers is one of each part.
  static func folds(_ f: ScalarFunction) -> Bool { f == .add }

  private static let formulas: Set<ScalarFunction> = [
    .add, .subtract, .multiply, .divide, .negative, .conj, .real, .imag, .complex, .abs, .select,
    .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .logicalNot, .logicalAnd,
    .logicalOr, .isnan, .isinf, .isfinite,
  ]

  mutating func run() -> Cluster? {
    // Folds may be used before all are known: their numbers come first.
    var numbers: [Int] = []
    for reduction in source.reductions {
      numbers.append((numbers.last ?? 0) + (numbers.isEmpty ? 0 : width(numbers.count - 1)))
      if reduction.dtype.isComplex, !Self.folds(reduction.function) { return nil }
    }
    for index in source.nodes.indices {
      guard let pair = pair(index, numbers) else { return nil }
      pairs.append(pair)
    }
    for reduction in source.reductions {
      let pair = pairs[reduction.node]
      var part = reduction
      part.node = pair.re
      if pair.im < 0 {
        result.reductions.append(part)
        continue
      }
      part.dtype = reduction.dtype.realPart
      for (number, node) in [pair.re, pair.im].enumerated() {
        (part.node, part.part) = (node, number)
        result.reductions.append(part)
      }
    }
    if var scan = source.scan {
      let pair = pairs[scan.node]
      scan.nodes = pair.im < 0 ? [pair.re] : [pair.re, pair.im]
      result.scan = scan
    }
    if var scatter = source.scatter {
      if pairs[scatter.node].im >= 0 { return nil }
      (scatter.index, scatter.node) = (pairs[scatter.index].re, pairs[scatter.node].re)
      result.scatter = scatter
    }
    for output in source.outputs {
      let pair = pairs[output.node]
      var part = output
      part.node = pair.re
      if pair.im >= 0 {
        part.view = output.view.part(0)
        result.outputs.append(part)
        part.node = pair.im
        part.view = output.view.part(1)
      }
      result.outputs.append(part)
    }
    return result
  }

  /// How many folds of parts a fold becomes.
  private func width(_ reduction: Int) -> Int {
    source.reductions[reduction].dtype.isComplex ? 2 : 1
  }

  // MARK: - Nodes

  private mutating func pair(_ index: Int, _ numbers: [Int]) -> Pair? {
    let type = source.dtypes[index]
    let real = type.realPart
    switch source.nodes[index] {
    case .load(let value, let view):
      return each(type) { part in .load(value, part.map { view.part($0) } ?? view) }
    case .constant(let scalar):
      return each(type) { part in
        part.map { .constant(Scalar($0 == 0 ? scalar.doubleValue : scalar.imaginary, real)) }
          ?? .constant(scalar)
      }
    case .iota(_, let view):
      let count = result.add(.iota(real, view), real)
      return Pair(re: count, im: type.isComplex ? zero(real) : -1)
    case .random(let key, let lane, let view):
      return Pair(re: result.add(.random(key: pairs[key].re, lane: lane, view), type), im: -1)
    case .folded(let n):
      return each(type) { part in .folded(numbers[n] + (part ?? 0)) }
    case .gather(let value, let view, var taking):
      taking.index = pairs[taking.index].re
      if type.isComplex { taking.stride *= 2 }
      return each(type) { part in .gather(value, part.map { view.part($0) } ?? view, taking) }
    case .convert(let a): return converted(pairs[a], source.dtypes[a], to: type)
    case .map(let f, let operands, let a, let b, let c):
      if !operands.isComplex, !type.isComplex {
        return Pair(
          re: result.add(.map(f, operands, pairs[a].re, pairs[b].re, pairs[c].re), type), im: -1)
      }
      dtype = operands.realPart
      return formula(f, pairs[a], pairs[b], pairs[c])
    case .scanned: return each(type) { part in .scanned(part ?? 0) }
    }
  }

  /// A node for each part of a dtype; of a real one for no part.
  private mutating func each(_ type: DType, _ node: (Int?) -> Cluster.Node) -> Pair {
    if !type.isComplex { return Pair(re: result.add(node(nil), type), im: -1) }
    let re = result.add(node(0), type.realPart)
    return Pair(re: re, im: result.add(node(1), type.realPart))
  }

  mutating func zero(_ dtype: DType) -> Int {
    result.add(.constant(Scalar(0.0, dtype)), dtype)
  }

  private mutating func converted(_ a: Pair, _ from: DType, to type: DType) -> Pair {
    let real = type.realPart
    func part(_ node: Int, _ result: inout Cluster) -> Int {
      from.realPart == real ? node : result.add(.convert(node), real)
    }
    if type == .bool, from.isComplex {
      dtype = from.realPart
      return Pair(re: isTrue(a), im: -1)
    }
    let re = part(a.re, &result)
    if !type.isComplex { return Pair(re: re, im: -1) }
    return Pair(re: re, im: from.isComplex ? part(a.im, &result) : zero(real))
  }

  // MARK: - Formulas

  mutating func map(_ f: ScalarFunction, _ a: Int, _ b: Int = 0, _ c: Int = 0) -> Int {
    result.add(.map(f, dtype, a, b, c), f.resultDType(for: dtype))
  }

  mutating func select(_ mask: Int, _ a: Int, _ b: Int) -> Int {
    map(.select, mask, a, b)
  }

  mutating func truth(_ f: ScalarFunction, _ a: Int, _ b: Int = 0) -> Int {
    result.add(.map(f, .bool, a, b, 0), .bool)
  }

  private mutating func isTrue(_ a: Pair) -> Int {
    let none = zero(dtype)
    let (re, im) = (map(.notEqual, a.re, none), map(.notEqual, a.im, none))
    return truth(.logicalOr, re, im)
  }

  /// One function on each part.
  private mutating func both(_ f: ScalarFunction, _ a: Pair, _ b: Pair) -> Pair {
    let re = map(f, a.re, b.re)
    return Pair(re: re, im: map(f, a.im, b.im))
  }

  private mutating func formula(_ f: ScalarFunction, _ a: Pair, _ b: Pair, _ c: Pair) -> Pair? {
    switch f {
    case .add, .subtract: return both(f, a, b)
    case .negative: return both(f, a, a)
    case .conj: return Pair(re: a.re, im: map(.negative, a.im))
    case .real: return Pair(re: a.re, im: -1)
    case .imag: return Pair(re: a.im, im: -1)
    case .complex: return Pair(re: a.re, im: b.re)
    case .abs: return Pair(re: map(.hypot, a.re, a.im), im: -1)
    case .multiply:
      let (p, q) = (map(.multiply, a.re, b.re), map(.multiply, a.im, b.im))
      let (r, s) = (map(.multiply, a.re, b.im), map(.multiply, a.im, b.re))
      return Pair(re: map(.subtract, p, q), im: map(.add, r, s))
    case .divide: return quotient(a, b)
    case .select:
      let re = select(a.re, b.re, c.re)
      return Pair(re: re, im: select(a.re, b.im, c.im))
    default:
      if Self.library.contains(f) { return libraryFunction(f, a) }
      return predicate(f, a, b).map { Pair(re: $0, im: -1) }
    }
  }

  /// - Source: Smith 1962 (CACM 5, 435), as NumPy divides: the larger part of the divisor divides
  ///   first.
  private mutating func quotient(_ x: Pair, _ y: Pair) -> Pair {
    let (ar, ai) = (map(.abs, y.re), map(.abs, y.im))
    let none = zero(dtype)
    let isReal = map(.greaterEqual, ar, ai)
    let isNone = truth(.logicalAnd, map(.equal, ar, none), map(.equal, ai, none))
    let big = select(isReal, y.re, y.im)
    let small = select(isReal, y.im, y.re)
    let ratio = map(.divide, small, big)
    let scale = map(.reciprocal, map(.add, big, map(.multiply, small, ratio)))
    let (xr, xi) = (map(.multiply, x.re, ratio), map(.multiply, x.im, ratio))
    let re = select(isReal, map(.add, x.re, xi), map(.add, xr, x.im))
    let im = select(isReal, map(.subtract, x.im, xr), map(.subtract, xi, x.re))
    let first = select(isNone, map(.divide, x.re, ar), map(.multiply, re, scale))
    return Pair(
      re: first, im: select(isNone, map(.divide, x.im, ar), map(.multiply, im, scale)))
  }

  /// A function whose parts are computed in float64, and rounded once.
  private mutating func libraryFunction(_ f: ScalarFunction, _ a: Pair) -> Pair? {
    let own = dtype
    func converted(_ pair: Pair, to real: DType) -> Pair {
      if own == .float64 { return pair }
      let re = result.add(.convert(pair.re), real)
      return Pair(re: re, im: result.add(.convert(pair.im), real))
    }
    let wide = converted(a, to: .float64)
    dtype = .float64
    defer { dtype = own }
    return library(f, wide).map { converted($0, to: own) }
  }

  mutating func constant(_ value: Double) -> Int {
    result.add(.constant(Scalar(value, dtype)), dtype)
  }

  private mutating func predicate(_ f: ScalarFunction, _ a: Pair, _ b: Pair) -> Int? {
    switch f {
    case .equal: return truth(.logicalAnd, map(f, a.re, b.re), map(f, a.im, b.im))
    case .notEqual, .isnan, .isinf:
      return truth(.logicalOr, map(f, a.re, b.re), map(f, a.im, b.im))
    case .isfinite: return truth(.logicalAnd, map(f, a.re), map(f, a.im))
    case .logicalNot: return truth(.logicalNot, isTrue(a))
    case .logicalAnd, .logicalOr: return truth(f, isTrue(a), isTrue(b))
    case .less, .lessEqual: return before(f == .less ? .less : .lessEqual, .less, a, b)
    case .greater, .greaterEqual:
      return before(f == .greater ? .greater : .greaterEqual, .greater, a, b)
    default: return nil
    }
  }

  /// Lexicographic order; NaN in an imaginary part makes numbers incomparable.
  private mutating func before(
    _ last: ScalarFunction, _ first: ScalarFunction, _ a: Pair, _ b: Pair
  ) -> Int {
    let isBefore = map(first, a.re, b.re)
    let (p, q) = (map(.equal, a.im, a.im), map(.equal, b.im, b.im))
    let isFirst = truth(.logicalAnd, isBefore, truth(.logicalAnd, p, q))
    let isLast = truth(.logicalAnd, map(.equal, a.re, b.re), map(last, a.im, b.im))
    return truth(.logicalOr, isFirst, isLast)
  }
}

extension Cluster {
  /// Whether a node and the next load both parts of the same elements.
  func isPair(_ node: Int) -> Bool {
    guard isInParts, node + 1 < nodes.count, case .load(let value, let view) = nodes[node],
      case .load(let other, var next) = nodes[node + 1], value == other
    else { return false }
    next.offset -= 1
    return next == view && dtypes[node] == dtypes[node + 1]
  }

  /// Whether an output is the second part of the elements that the one before it begins.
  func isPartOfPair(output: Int) -> Bool {
    guard isInParts, output > 0, output < outputs.count else { return false }
    return outputs[output].value == outputs[output - 1].value
  }
}

extension StridedView {
  /// The view of one part of complex elements, counted in parts.
  func part(_ number: Int) -> StridedView {
    StridedView(offset: 2 * offset + number, shape: shape, strides: strides.map { 2 * $0 })
  }
}
