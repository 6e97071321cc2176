import WeftIR

/// The rows of means and variances: a sum, and the sum of the squares about the mean that follows from
/// it, `sum((y - sum(y) / n)**2)`. Parts of both are made in one reading of `y`.
enum Moments {
  /// The row of the sum for each row of squares about its mean, of one dtype throughout.
  static func sums(of graph: Graph, _ live: [Bool]) -> [Int: Int] {
    var found: [Int: Int] = [:]
    for row in 0..<graph.count where live[row] {
      guard let sum = sum(forSquares: row, graph), !found.values.contains(sum) else { continue }
      found[row] = sum
    }
    return found
  }

  private static func sum(forSquares row: Int, _ graph: Graph) -> Int? {
    guard let squares = squares(row, graph), let centre = centre(of: squares.base, graph),
      centre.axes == squares.axes
    else { return nil }
    return centre.sum
  }

  /// What a row adds up the squares of, and along which axes; nil for another row.
  private static func squares(_ row: Int, _ graph: Graph) -> (base: Value, axes: AxisSet)? {
    guard case .reduce(.add, let axes) = graph.rows[row].op, let square = graph.operands(row).first,
      case .map(.multiply) = graph.op(square)
    else { return nil }
    let factors = graph.operands(square.index)
    guard let base = factors.first, factors.allSatisfy({ $0 == base }) else { return nil }
    return (base, axes)
  }

  /// The array of which a value is the differences from its mean, the row of the mean's sum, and the axes
  /// along which that adds up; nil for another value.
  private static func centre(
    of difference: Value, _ graph: Graph
  ) -> (array: Value, sum: Int, axes: AxisSet)? {
    guard case .map(.subtract) = graph.op(difference) else { return nil }
    let terms = Array(graph.operands(difference.index))
    let type = graph.type(terms[0])
    guard type.dtype == .float32 || type.dtype == .float64, type.shape.isKnown,
      case .broadcast(_, let places) = graph.op(terms[1]),
      let mean = graph.operands(terms[1].index).first, case .map(.divide) = graph.op(mean)
    else { return nil }
    let quotient = Array(graph.operands(mean.index))
    var sum = quotient[0]
    if case .reshape = graph.op(sum), let inner = graph.operands(sum.index).first { sum = inner }
    guard case .reduce(.add, let axes) = graph.op(sum),
      graph.operands(sum.index).first == terms[0]
    else { return nil }
    let extents = type.shape.codes
    let count = extents.indices.reduce(1) { axes.contains($1) ? $0 * extents[$1] : $0 }
    guard let divisor = constant(quotient[1], graph), divisor == Double(count) else { return nil }
    // The mean stands at its place along the other axes, with the folded ones left out or of extent 1.
    let kept = extents.indices.filter { !axes.contains($0) }
    let isPlaced =
      sum == quotient[0]
      ? places == kept
      : graph.type(quotient[0]).shape.codes
        == extents.indices.map { axes.contains($0) ? 1 : extents[$0] }
        && places == Array(extents.indices)
    return isPlaced ? (terms[0], sum.index, axes) : nil
  }

  private static func constant(_ value: Value, _ graph: Graph) -> Double? {
    switch graph.op(value) {
    case .constant(let scalar): scalar.doubleValue
    case .broadcast: graph.operands(value.index).first.flatMap { constant($0, graph) }
    default: nil
    }
  }
}

extension Moments {
  /// The graph with squares of differences from a mean added up along its axes first, then along others:
  /// `sum(y * y)` and `sum((y - mean(y))**2)` of `y = x - mean(x, axes)` are made of the variances along
  /// `axes`, which need one reading of `x`. Nil where there are no such rows.
  ///
  /// The mean of `y` along axes that hold these is zero but for roundings, and the variances are about the
  /// means themselves. `isCut` says of a sum's row whether it is put together from parts.
  static func gathered(_ graph: Graph, _ isCut: (Int) -> Bool) throws -> Graph? {
    let live = graph.liveRows()
    var found: [Int: Gathering] = [:]
    for row in 0..<graph.count where live[row] {
      if let gathering = gathering(row, graph), isCut(gathering.sum) { found[row] = gathering }
    }
    if found.isEmpty { return nil }
    return try graph.rebuilt { new, row, operands in
      guard let gathering = found[row] else { return nil }
      let site = graph.rows[row].site
      var square = operands[0]
      if gathering.isAboutMean, let difference = new.operands(square.index).first,
        let base = new.operands(difference.index).first
      {
        square = try new.add(.map(.multiply), [base, base], site: site)
      }
      let inner = try new.add(.reduce(.add, gathering.axes), [square], site: site)
      let rest = gathering.rest
      return [rest.isEmpty ? inner : try new.add(.reduce(.add, rest), [inner], site: site)]
    }
  }

  /// How squares are added up in two steps.
  private struct Gathering {
    /// Whether they are about a mean that is zero.
    var isAboutMean: Bool
    /// The row of the sum of the mean that the differences are from.
    var sum: Int
    /// The axes of that mean, and the other axes of the result of the first step.
    var axes: AxisSet
    var rest: AxisSet
  }

  private static func gathering(_ row: Int, _ graph: Graph) -> Gathering? {
    guard let squares = squares(row, graph) else { return nil }
    var (base, isAboutMean) = (squares.base, false)
    if let about = centre(of: base, graph), about.axes == squares.axes {
      (base, isAboutMean) = (about.array, true)
    }
    guard let inner = centre(of: base, graph),
      inner.axes.axes.allSatisfy({ squares.axes.contains($0) })
    else { return nil }
    let kept = graph.type(base).shape.codes.indices.filter { !inner.axes.contains($0) }
    return Gathering(
      isAboutMean: isAboutMean, sum: inner.sum, axes: inner.axes,
      rest: AxisSet(kept.indices.filter { squares.axes.contains(kept[$0]) }))
  }
}

extension Graph {
  /// Adds the parts of a tile: the sum, the squares about the tile's mean, the sum of what the elements
  /// differ from the quotient that stands for the mean, and how many they are.
  ///
  /// A sum of large numbers tells their mean to its last bits only; with the differences from that, which
  /// are small, means of parts can be compared.
  ///
  /// - Source: the corrected two-pass algorithm, Chan, Golub & LeVeque, "Algorithms for computing the
  ///   sample variance: analysis and recommendations", The American Statistician 37 (1983), section 1.
  mutating func addMoments(
    of value: Value, _ axes: AxisSet, site: SourceSite
  ) throws -> [Value] {
    func map(_ f: ScalarFunction, _ x: Value, _ y: Value) throws -> Value {
      try add(.map(f), [x, y], site: site)
    }
    let (dtype, extents) = (type(value).dtype, type(value).shape.codes)
    let count = extents.indices.reduce(1) { axes.contains($1) ? $0 * extents[$1] : $0 }
    let kept = extents.indices.filter { !axes.contains($0) }
    let sum = try add(.reduce(.add, axes), [value], site: site)
    let number = try add(.constant(Scalar(Int64(count), dtype)), site: site)
    let counts = try add(.broadcast(to: type(sum).shape, axes: []), [number], site: site)
    let mean = try map(.divide, sum, counts)
    let means = try add(.broadcast(to: type(value).shape, axes: kept), [mean], site: site)
    let differences = try map(.subtract, value, means)
    let squares = try map(.multiply, differences, differences)
    let rest = try add(.reduce(.add, axes), [differences], site: site)
    let total = try add(.reduce(.add, axes), [squares], site: site)
    let excess = try map(.divide, map(.multiply, rest, rest), counts)
    return [sum, try map(.subtract, total, excess), rest, counts]
  }

  /// Adds the joint moments of two parts.
  ///
  /// - Source: Chan, Golub & LeVeque (1983), section 2, pairwise:
  ///   `S = S1 + S2 + (m2 - m1)**2 * n1 * n2 / (n1 + n2)`.
  mutating func addJoinedMoments(_ a: [Value], _ b: [Value], site: SourceSite) throws -> [Value] {
    func map(_ f: ScalarFunction, _ x: Value, _ y: Value) throws -> Value {
      try add(.map(f), [x, y], site: site)
    }
    let sum = try map(.add, a[0], b[0])
    let count = try map(.add, a[3], b[3])
    let (first, second) = (try map(.divide, a[0], a[3]), try map(.divide, b[0], b[3]))
    let mean = try map(.divide, sum, count)
    let distance = try map(
      .add, map(.subtract, second, first),
      map(.subtract, map(.divide, b[2], b[3]), map(.divide, a[2], a[3])))
    let weight = try map(.multiply, a[3], map(.divide, b[3], count))
    let between = try map(.multiply, map(.multiply, distance, distance), weight)
    let moved = try map(
      .add, map(.multiply, a[3], map(.subtract, first, mean)),
      map(.multiply, b[3], map(.subtract, second, mean)))
    return [
      sum, try map(.add, map(.add, a[1], b[1]), between),
      try map(.add, map(.add, a[2], b[2]), moved), count,
    ]
  }
}
