import WeftIR

extension Graph {
  /// How many additions and multiplications a row takes; movements and conversions take none.
  ///
  /// A function of an element is one. A product of two arrays is two for each combination of all
  /// indices, or one where no index is summed; an n-ary one is counted from left to right. A matrix
  /// times its own transpose is half of that, as one triangle is computed.
  ///
  /// Where layouts are given, what is not stored counts as far as it is likely to be visited: a
  /// product's combinations are those that have an entry in each sparse operand.
  public func flops(_ row: Int, _ layouts: GraphLayouts? = nil) -> Double {
    let operands = operands(row)
    func count(_ value: Value) -> Double {
      layouts.map { $0.storedCount(of: value) } ?? Double(type(value).shape.count ?? 0)
    }
    switch rows[row].op {
    case .map: return count(Value(row: row))
    case .reduce, .scan, .argReduce: return operands.first.map(count) ?? 0
    case .scatter: return operands.last.map(count) ?? 0
    case .contract(let contraction):
      if let layouts, layouts.isSparse(row) { return entryFlops(contraction, row, layouts) }
      return flops(contraction, Array(operands))
    case .call(let routine):
      // What factors have filled in only the matrix tells.
      if let layouts, layouts.isSparse(row) { return 0 }
      if routine.name == "structured_product" { return structuredFlops(row, routine) }
      if routine.name == "sampled_product" { return sampledFlops(row, routine) }
      return routine.flops(operands.map { type($0) })
    case .input, .constant, .iota, .random, .convert, .broadcast, .reshape, .permute, .slice, .pad,
      .reverse, .concatenate, .gather, .compress, .sort, .store:
      return 0
    }
  }

  /// A product that leaves out what is outside bands and blocks.
  private func structuredFlops(_ row: Int, _ routine: Routine) -> Double {
    guard let structured = operands(row).first, var extents = type(structured).shape.known,
      let result = types(row).first?.shape.known, let facts = routine.structuredFacts
    else { return 0 }
    if let columns = routine.options["columns"].flatMap({ Int($0) }) { extents[1] = columns }
    let isTransposed = routine.options["transposed"] == "true"
    let (rows, columns) =
      isTransposed ? (extents[1], extents[0]) : (extents[0], extents[1])
    let width = routine.options["right"] == "true" ? result[0] : result[1]
    return 2 * facts.keptShare(rows, columns) * Double(rows) * Double(columns) * Double(width)
  }

  /// A product of which a mask or a band leaves some elements; masks are taken for as dense as they
  /// may be.
  private func sampledFlops(_ row: Int, _ routine: Routine) -> Double {
    let operands = operands(row)
    guard let left = operands.dropLast().last.flatMap({ type($0).shape.known }),
      let right = operands.last.flatMap({ type($0).shape.known })
    else { return 0 }
    let (rows, inner) = routine.options["left"] == "true" ? (left[1], left[0]) : (left[0], left[1])
    let columns = routine.options["right"] == "true" ? right[0] : right[1]
    var share = 1.0 / 16
    if routine.options["mask"] == Routine.Sampling.band.rawValue {
      let band = routine.options.filter { $0.key == "lower" || $0.key == "upper" }
      share = Facts(options: band)?.keptShare(rows, columns) ?? 1
    }
    return 2 * share * Double(rows) * Double(columns) * Double(inner)
  }

  /// What all live rows take.
  public var flops: Double {
    let live = liveRows()
    let layouts = isSparse ? GraphLayouts(self) : nil
    return (0..<count).reduce(0) { live[$1] ? $0 + flops($1, layouts) : $0 }
  }

  /// A product at the entries of its sparse operands: a multiplication for each dense operand but
  /// the first of all, an addition where something is summed.
  private func entryFlops(
    _ contraction: Contraction, _ row: Int, _ layouts: GraphLayouts
  ) -> Double {
    var extents = Array(repeating: 1.0, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands(row)) {
      for (label, code) in zip(labels, type(operand).shape.codes) {
        extents[label] = Double(max(0, code))
      }
    }
    let combinations = extents.reduce(1, *) * layouts.combinations(of: row)
    let sums = extents.indices.contains { !contraction.output.contains($0) }
    return combinations * Double(contraction.operands.count - 1 + (sums ? 1 : 0))
  }

  private func flops(_ contraction: Contraction, _ operands: [Value]) -> Double {
    var extents = Array(repeating: 1.0, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands) {
      for (label, code) in zip(labels, type(operand).shape.codes) where code >= 0 {
        extents[label] = Double(code)
      }
    }
    /// How many operands have a label, and whether the output has it.
    var uses = Array(repeating: 0, count: extents.count)
    for labels in contraction.operands { for label in Self.distinct(labels) { uses[label] += 1 } }
    for label in Self.distinct(contraction.output) { uses[label] += 1 }
    func size(_ labels: [Int]) -> Double { labels.reduce(1) { $0 * extents[$1] } }
    var product = Self.distinct(contraction.operands.first ?? [])
    if operands.count == 1 {
      return product.allSatisfy(contraction.output.contains) ? 0 : size(product)
    }
    for label in product { uses[label] -= 1 }
    var total = 0.0
    for labels in contraction.operands.dropFirst() {
      let other = Self.distinct(labels)
      for label in other { uses[label] -= 1 }
      let all = product + other.filter { !product.contains($0) }
      product = all.filter { uses[$0] > 0 }
      total += size(all) * (product.count == all.count ? 1 : 2)
    }
    return isSquare(contraction, operands) ? total / 2 : total
  }

  private static func distinct(_ labels: [Int]) -> [Int] {
    labels.indices.filter { labels.firstIndex(of: labels[$0]) == $0 }.map { labels[$0] }
  }

  /// Whether a contraction is that of an array with itself whose result is symmetric.
  func isSquare(_ contraction: Contraction, _ operands: [Value]) -> Bool {
    guard operands.count == 2, operands[0] == operands[1] else { return false }
    let output = Set(contraction.output)
    var free = 0
    for (a, b) in zip(contraction.operands[0], contraction.operands[1]) where a != b {
      guard output.contains(a), output.contains(b) else { return false }
      free += 1
    }
    return free == 1
  }
}

extension Routine {
  /// About how many additions and multiplications it takes on operands of some types: the leading
  /// term, from the counts of LAPACK Working Note 41.
  func flops(_ types: [TensorType]) -> Double {
    guard let a = types.first, a.rank >= 2, let extents = a.shape.known, let count = a.shape.count
    else { return 0 }
    let (m, n) = (Double(extents[a.rank - 2]), Double(extents[a.rank - 1]))
    let stack = m * n == 0 ? 0 : Double(count) / (m * n)
    let columns = types.count > 1 ? Double(types[1].shape.known?.last ?? 1) : 0
    switch name {
    case "cholesky", "factor": return stack * n * n * n / 3
    case "inv": return stack * 2 * n * n * n
    case "solve": return stack * (2 * n * n * n / 3 + 2 * n * n * columns)
    case "det", "slogdet": return stack * 2 * n * n * n / 3
    case "determinant_factored": return stack * n
    case "solve_factored", "inverse_gram":
      let width = types.last.flatMap { $0.shape.known }?.suffix(2).reduce(1, *) ?? 0
      return stack * 2 * n * Double(width)
    case "low_rank_solve":
      // A matrix of the lesser order, and two passes over both factors for each right-hand side.
      let (order, rank) = (max(m, n), min(m, n))
      let width = Double(types.last?.shape.known?.last ?? 1)
      return 2 * order * rank * rank + rank * rank * rank / 3 + 8 * order * rank * width
    case "solve_diagonal": return types.last.flatMap { $0.shape.count }.map(Double.init) ?? 0
    case "band_product": return 2 * m * n * columns
    case "band_factor": return 2 * m * n * n
    case "band_solve": return types.last.flatMap { $0.shape.count }.map { 2 * Double($0) * n } ?? 0
    case "qr": return stack * 4 * m * n * min(m, n)
    case "eigvalsh": return stack * 4 * n * n * n / 3
    case "eigh": return stack * 9 * n * n * n
    case "eigvals": return stack * 10 * n * n * n
    case "eig": return stack * 25 * n * n * n
    case "svd", "svdvals", "lstsq", "sparse_lstsq": return stack * 14 * m * n * min(m, n)
    case "fft": return 5 * Double(count) * max(1, m * n == 0 ? 0 : n).logarithm2
    default: return 0
    }
  }
}

extension Double {
  fileprivate var logarithm2: Double {
    // The exponent is enough for a count.
    Double(exponent)
  }
}
