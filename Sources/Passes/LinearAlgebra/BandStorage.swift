import WeftIR

/// Matrices that are narrow bands, stored as such from where they are made to where they are used.
///
/// Sums, scalings, transposes, parts and products of bands are computed on arrays of diagonals; systems, inverses,
/// determinants and products with other matrices read those. A matrix that somebody needs as a whole is made too.
struct BandStorage {
  static let rule = "band-storage"
  static let summary = "of a band only the diagonals are made, multiplied and factored"

  private let graph: Graph
  private let forms: BandForms
  private var isNeeded: [Bool]
  /// The band of each row in the new graph.
  private var bands: [Value?]
  private let new: NewValues
  private var count = 0

  /// The routines that need bands of square matrices for systems.
  private static let systems: Set<String> = [
    "solve_factored", "determinant_factored", "inverse_gram", "det", "slogdet", "inv",
  ]
  /// Products of fewer multiplications are done before a choice pays.
  private static let leastMultiplications = 1 << 15

  /// The graph with bands stored as such; nil where there are none that are worth it.
  static func rewrite(
    _ graph: Graph, _ known: KnownFacts, _ context: PassContext
  ) throws -> Graph? {
    guard context.exactness >= .contraction, !context.disabledRules.contains(rule),
      graph.mayHaveBands
    else { return nil }
    let facts = GraphFacts(graph) { known[Value(row: $0)] }
    var storage = BandStorage(graph, BandForms(graph, facts))
    guard storage.markNeeded() else { return nil }
    let result = try storage.rebuilt()
    for _ in 0..<storage.count { context.noteFired(rule, because: summary) }
    return result
  }

  private init(_ graph: Graph, _ forms: BandForms) {
    self.graph = graph
    self.forms = forms
    isNeeded = Array(repeating: false, count: graph.count)
    bands = Array(repeating: nil, count: graph.count)
    new = NewValues(count: graph.count)
  }

  // MARK: - What is needed

  /// What becomes of a row.
  private enum Use {
    /// A routine for the system of a band.
    case system(Value, Band)
    /// A product of a band with another matrix.
    case product(BandTimesMatrix)
    /// A matrix from its band.
    case matrix
    /// The diagonal of a matrix whose band is read or made.
    case diagonal(Value, Band)
  }

  private func use(of row: Int) -> Use? {
    switch graph.rows[row].op {
    case .call(let routine) where Self.systems.contains(routine.name):
      guard let matrix = graph.operands(row).first, let band = forms.band(of: matrix),
        min(band.lower, band.upper) >= 0, graph.type(matrix).isSquareMatrix,
        graph.type(matrix).dtype == .float32 || graph.type(matrix).dtype == .float64
      else { return nil }
      return .system(matrix, band)
    case .contract(Contraction([[0, 0]], to: [0])):
      guard let matrix = graph.operands(row).first, let band = forms.band(of: matrix),
        graph.type(matrix).isSquareMatrix, band.covers(Band(lower: 0, upper: 0)),
        isNeeded[matrix.index] || forms.isDerived(matrix)
      else { return nil }
      return .diagonal(matrix, band)
    case .contract, .call:
      if case .product? = forms.forms[row] {
        guard let product = GraphFacts.matrixProduct(row, of: graph), isGreat(product, row) else {
          return nil
        }
        return .matrix
      }
      return BandTimesMatrix(row, forms).flatMap {
        isGreat($0.factors, row) ? .product($0) : nil
      }
    default: return nil
    }
  }

  private func isGreat(_ product: GraphFacts.MatrixProduct, _ row: Int) -> Bool {
    guard let shape = graph.types(row).first?.shape.known,
      let left = graph.type(product.left).shape.known
    else { return false }
    let inner = left[product.isLeftTransposed ? 0 : 1]
    return Shape([shape[0], shape[1], inner]).count ?? .max >= Self.leastMultiplications
  }

  /// Marks the rows whose bands are made; whether there are uses of any.
  private mutating func markNeeded() -> Bool {
    var hasUse = false
    let live = graph.liveRows()
    for row in (0..<graph.count).reversed() where live[row] {
      switch use(of: row) {
      case .system(let matrix, _), .diagonal(let matrix, _):
        isNeeded[matrix.index] = true
        hasUse = true
      case .product(let product):
        isNeeded[product.band.index] = true
        hasUse = true
      case .matrix:
        isNeeded[row] = true
        hasUse = true
      case nil: break
      }
      if isNeeded[row] { markOperands(of: row) }
    }
    return hasUse
  }

  private mutating func markOperands(of row: Int) {
    func mark(_ value: Value, _ isNeeded: inout [Bool]) {
      if value.result == 0 { isNeeded[value.index] = true }
    }
    switch forms.forms[row] {
    case .elementwise(let parts, _):
      for case .matrix(let value) in parts { mark(value, &isNeeded) }
    case .part(let value), .transposed(let value), .rows(let value, _): mark(value, &isNeeded)
    case .product(let product):
      mark(product.left, &isNeeded)
      mark(product.right, &isNeeded)
    case .read, .ones, .vector, nil: break
    }
  }

  // MARK: - The new graph

  private mutating func rebuilt() throws -> Graph {
    let new = new
    return try graph.rebuilt { next, row, operands in
      if isNeeded[row], let form = forms.forms[row], form.isDerived {
        bands[row] = try band(row, form, in: &next)
      }
      let values = try replacement(row, in: &next) ?? copy(row, operands, in: &next)
      new.set(row, values)
      return values
    } inputs: { row, value in
      new.set(row, [value])
    }
  }

  private func copy(_ row: Int, _ operands: [Value], in next: inout Graph) throws -> [Value] {
    let copy = try next.addCopy(of: row, from: graph, operands)
    return (0..<graph.types(row).count).map { Value(row: copy.index, result: $0) }
  }

  private mutating func replacement(_ row: Int, in next: inout Graph) throws -> [Value]? {
    let site = graph.rows[row].site
    switch use(of: row) {
    case .system(let matrix, let band):
      guard case .call(let routine) = graph.rows[row].op else { return nil }
      count += 1
      return try system(routine, row, matrix, band, in: &next)
    case .product(let product):
      count += 1
      let band = try value(of: product.band, product.storage, in: &next)
      return [
        try next.add(
          .call(product.routine), [band, new.value(product.other)], site: site)
      ]
    case .matrix:
      guard let band = forms.band(of: Value(row: row)) else { return nil }
      count += 1
      let columns = graph.types(row)[graph.types(row).startIndex].shape.codes[1]
      return [
        try next.add(
          .call(.bandMatrix(lower: band.lower, columns: columns)),
          [value(of: Value(row: row), band, in: &next)], site: site)
      ]
    case .diagonal(let matrix, let band):
      count += 1
      let diagonal = Band(lower: 0, upper: 0)
      let made = bands[matrix.index] == nil ? diagonal : band
      let column = try adjusted(
        value(of: matrix, made, in: &next), from: made, to: diagonal, in: &next, site)
      return [
        try next.add(.reshape(Shape([graph.type(matrix).shape.codes[0]])), [column], site: site)
      ]
    case nil: return nil
    }
  }

  // MARK: - Systems

  private func system(
    _ routine: Routine, _ row: Int, _ matrix: Value, _ band: Band, in next: inout Graph
  ) throws -> [Value] {
    let site = graph.rows[row].site
    let operands = Array(graph.operands(row))
    let stored = try value(of: matrix, band, in: &next)
    let isSymmetric = forms.facts[matrix].contains(.symmetric)
    let factors = try next.add(
      .call(.bandFactor(lower: band.lower, upper: band.upper, symmetric: isSymmetric)), [stored],
      site: site)
    let codes = Value(row: factors.index, result: 1)
    // The operation that a user wrote is named where the factors were asked for.
    var user = routine.name
    if operands.count > 1, case .call(let factor) = graph.op(operands[1]) {
      user = factor.options["for"] ?? user
    }
    func solution(of b: Value, transposed: Bool, right: Bool) throws -> Value {
      try next.add(
        .call(
          .bandSolve(
            lower: band.lower, upper: band.upper, transposed: transposed, right: right, for: user)),
        [factors, codes, b], site: site)
    }
    let isRight = routine.options["right"] == "true"
    switch routine.name {
    case "solve_factored":
      return [
        try solution(
          of: new.value(operands[3]), transposed: routine.options["transposed"] == "true",
          right: isRight)
      ]
    case "inverse_gram":
      // X^T A^-1 X, or X given as its transpose.
      let x = new.value(operands[3])
      let half = try solution(of: x, transposed: false, right: isRight)
      let contraction: Contraction
      if routine.options["diagonal"] == "true" {
        contraction = Contraction([[0, 1], [0, 1]], to: [isRight ? 0 : 1])
      } else {
        contraction = Contraction(
          isRight ? [[0, 1], [2, 1]] : [[1, 0], [1, 2]], to: [0, 2])
      }
      return [try next.add(.contract(contraction), isRight ? [half, x] : [x, half], site: site)]
    case "inv":
      let type = graph.type(matrix)
      let order = type.shape.codes[0]
      let one = try next.add(.constant(Scalar(1 as Int64, type.dtype)), site: site)
      let ones = try next.add(
        .broadcast(to: Shape([order, 1]), axes: []), [one], site: site)
      let identity = try next.add(
        .call(.bandMatrix(lower: 0, columns: order)), [ones], site: site)
      return [try solution(of: identity, transposed: false, right: false)]
    default:
      let count = graph.types(row).count
      let determinant = try next.add(
        .call(.bandDeterminant(lower: band.lower, upper: band.upper, logarithm: count > 1)),
        [factors, codes], site: site)
      return (0..<count).map { Value(row: determinant.index, result: $0) }
    }
  }

  // MARK: - Bands

  /// The band of an old value with so many diagonals.
  private func value(of old: Value, _ band: Band, in next: inout Graph) throws -> Value {
    let site = graph.rows[old.index].site
    if old.result == 0, let made = bands[old.index], let own = forms.band(of: old) {
      return try adjusted(made, from: own, to: band, in: &next, site)
    }
    // What is known to be zero is not read.
    let read = forms.band(of: old) ?? band
    let rows = graph.type(old).shape.codes[0]
    let stored = try next.add(
      .call(.band(lower: read.lower, upper: read.upper, rows: rows)), [new.value(old)], site: site)
    return try adjusted(stored, from: read, to: band, in: &next, site)
  }

  /// A band with more diagonals, of zeros, or with fewer.
  private func adjusted(
    _ value: Value, from own: Band, to band: Band, in next: inout Graph, _ site: SourceSite
  ) throws -> Value {
    if own == band { return value }
    let type = next.type(value)
    let rows = type.shape.codes[0]
    let (low, high) = (band.lower - own.lower, band.upper - own.upper)
    let kept = own.width + min(0, low) + min(0, high)
    let zero = Scalar(0 as Int64, type.dtype)
    if kept <= 0 {
      let fill = try next.add(.constant(zero), site: site)
      return try next.add(
        .broadcast(to: Shape([rows, band.width]), axes: []), [fill], site: site)
    }
    var result = value
    if kept < own.width {
      result = try next.add(
        .slice([SliceSpan(start: 0, count: rows), SliceSpan(start: max(0, -low), count: kept)]),
        [result], site: site)
    }
    if low <= 0, high <= 0 { return result }
    let fill = try next.add(.constant(zero), site: site)
    return try next.add(
      .pad([PadSpan(low: 0, high: 0), PadSpan(low: max(0, low), high: max(0, high))]),
      [result, fill], site: site)
  }

  /// The band of a row, made from those of its operands.
  private func band(_ row: Int, _ form: BandForm, in next: inout Graph) throws -> Value? {
    guard let band = forms.band(of: Value(row: row)) else { return nil }
    let site = graph.rows[row].site
    let type = graph.type(Value(row: row))
    let codes = type.shape.codes
    let shape = Shape([codes[0], band.width])
    switch form {
    case .read: return nil
    case .ones:
      let one = try next.add(.constant(Scalar(1 as Int64, type.dtype)), site: site)
      return try next.add(.broadcast(to: shape, axes: []), [one], site: site)
    case .vector(let vector, let first):
      let length = graph.type(vector).shape.codes[0]
      let fill = try next.add(.constant(Scalar(0 as Int64, type.dtype)), site: site)
      let padded = try next.add(
        .pad([PadSpan(low: first, high: max(0, codes[0] - first - length))]),
        [new.value(vector), fill], site: site)
      let column = try next.add(.reshape(Shape([codes[0], 1])), [padded], site: site)
      return column
    case .elementwise(let parts, let op):
      var operands: [Value] = []
      for part in parts { operands.append(try operand(part, band, shape, in: &next, site)) }
      return try next.add(op, operands, site: site)
    case .part(let source): return try value(of: source, band, in: &next)
    case .transposed(let source):
      let own = forms.band(of: source) ?? Band(lower: band.upper, upper: band.lower)
      return try transposed(source, own, to: band, in: &next, site)
    case .rows(let source, let start):
      guard let own = forms.band(of: source) else { return nil }
      let whole = try value(of: source, own, in: &next)
      let part = try next.add(
        .slice([SliceSpan(start: start, count: codes[0]), SliceSpan(start: 0, count: own.width)]),
        [whole], site: site)
      let shift = graph.sliceShift(row)
      return try adjusted(
        part, from: Band(lower: own.lower + shift, upper: own.upper - shift), to: band, in: &next,
        site)
    case .product(let product):
      guard let left = forms.band(of: product.left), let right = forms.band(of: product.right)
      else { return nil }
      let (a, first) = try factor(
        product.left, left, isTransposed: product.isLeftTransposed, in: &next, site)
      let (b, second) = try factor(
        product.right, right, isTransposed: product.isRightTransposed, in: &next, site)
      let made = try next.add(.call(.bandProduct(lower: first.lower)), [a, b], site: site)
      return try adjusted(
        made, from: Band(lower: first.lower + second.lower, upper: first.upper + second.upper),
        to: band, in: &next, site)
    }
  }

  /// The band of a factor as it stands in a product.
  private func factor(
    _ value: Value, _ own: Band, isTransposed: Bool, in next: inout Graph, _ site: SourceSite
  ) throws -> (Value, Band) {
    if !isTransposed { return (try self.value(of: value, own, in: &next), own) }
    let turned = Band(lower: own.upper, upper: own.lower)
    return (try transposed(value, own, to: turned, in: &next, site), turned)
  }

  private func transposed(
    _ source: Value, _ own: Band, to band: Band, in next: inout Graph, _ site: SourceSite
  ) throws -> Value {
    let columns = graph.type(source).shape.codes[1]
    let made = try next.add(
      .call(.bandTranspose(lower: own.lower, columns: columns)),
      [value(of: source, own, in: &next)], site: site)
    return try adjusted(
      made, from: Band(lower: own.upper, upper: own.lower), to: band, in: &next, site)
  }

  private func operand(
    _ part: BandOperand, _ band: Band, _ shape: Shape, in next: inout Graph, _ site: SourceSite
  ) throws -> Value {
    switch part {
    case .matrix(let old): return try value(of: old, band, in: &next)
    case .uniform(let scalar):
      return try next.add(.broadcast(to: shape, axes: []), [new.value(scalar)], site: site)
    case .eachRow(let vector):
      var value = new.value(vector)
      if next.type(value).rank == 2 {
        value = try next.add(.reshape(Shape([shape.codes[0]])), [value], site: site)
      }
      return try next.add(.broadcast(to: shape, axes: [0]), [value], site: site)
    case .eachColumn(let vector):
      var value = new.value(vector)
      if next.type(value).rank == 1 {
        let line = Shape(codes: [1] + next.type(value).shape.codes)
        value = try next.add(.reshape(line), [value], site: site)
      }
      return try next.add(
        .call(.band(lower: band.lower, upper: band.upper, rows: shape.codes[0])), [value],
        site: site)
    case .held(let dtype):
      let one = try next.add(.constant(Scalar(1 as Int64, dtype)), site: site)
      return try next.add(.broadcast(to: shape, axes: []), [one], site: site)
    }
  }
}

/// A product of a band, which no matrix has to be made for, with a matrix.
private struct BandTimesMatrix {
  let factors: GraphFacts.MatrixProduct
  let band: Value
  let other: Value
  /// The band as it is stored.
  let storage: Band
  let routine: Routine

  init?(_ row: Int, _ forms: BandForms) {
    let graph = forms.graph
    guard let product = GraphFacts.matrixProduct(row, of: graph),
      let dtype = graph.types(row).first?.dtype, dtype == .float32 || dtype == .float64
    else { return nil }
    let usesLeft = forms.isDerived(product.left)
    guard usesLeft || forms.isDerived(product.right) else { return nil }
    let value = usesLeft ? product.left : product.right
    guard let storage = forms.band(of: value) else { return nil }
    let isTransposed = usesLeft ? product.isLeftTransposed : product.isRightTransposed
    let absent = forms.facts[value].properties.intersection(.absentZeros)
    let stored = Facts(absent, lower: storage.lower, upper: storage.upper)
    factors = product
    band = value
    other = usesLeft ? product.right : product.left
    self.storage = storage
    routine = .structuredProduct(
      isTransposed ? stored.transposed : stored, right: !usesLeft, transposed: isTransposed,
      otherTransposed: usesLeft ? product.isRightTransposed : product.isLeftTransposed,
      columns: graph.type(value).shape.codes[1])
  }
}

extension Graph {
  /// Whether bands may be worth storing: some input is known to be one, or something makes them, and a routine or a
  /// product uses matrices.
  fileprivate var mayHaveBands: Bool {
    let hasBands =
      parameters.contains { $0.facts.lower < Facts.wide && $0.facts.upper < Facts.wide }
      || rows.contains { row in
        switch row.op {
        case .iota, .pad: true
        case .call(let routine):
          routine.structuredFacts.map { $0.lower < Facts.wide && $0.upper < Facts.wide } ?? false
            || routine.name == "factor"
              && routine.options["lower"] != nil && routine.options["upper"] != nil
        default: false
        }
      }
    return hasBands
      && rows.contains { row in
        switch row.op {
        case .contract(let contraction): contraction.operands.count == 2
        case .call: true
        default: false
        }
      }
  }

  /// How many diagonals a part of a matrix lies from where it was.
  fileprivate func sliceShift(_ row: Int) -> Int {
    guard case .slice(let spans) = rows[row].op, spans.count == 2 else { return 0 }
    return spans[1].start - spans[0].start
  }
}
