/// How each value of a graph is stored, from the layouts of its parameters and from what ops do.
///
/// One walk over the rows, operands first. A fill follows from the functions' meanings; whether a
/// sparse operand decides over dense ones follows from the algebra that functions declare.
public struct GraphLayouts: Sendable {
  /// How a value is stored.
  public enum Storage: Hashable, Sendable {
    /// Each element has a place.
    case dense
    /// One known element, repeated.
    case uniform(Scalar)
    /// Entries and a fill.
    case sparse(Layout)
  }

  let graph: Graph
  private var storages: [Storage] = []
  /// The estimates of what is stored, by row.
  public private(set) var estimates: [Estimate] = []
  /// The rows whose sparse operands must be stored densely first.
  public private(set) var densifying: [Int] = []
  /// The sorts of which somebody uses the positions.
  private let positionRows: Set<Int>

  /// What a row gives densely of all elements of a sparse operand, which needs no dense elements of it: running folds,
  /// and positions of sorted elements.
  public func spread(_ row: Int) -> Value? {
    guard let operand = graph.operands(row).first, self[operand].isSparse else { return nil }
    switch graph.rows[row].op {
    case .scan: return Value(row: row)
    case .sort: return positionRows.contains(row) ? Value(row: row, result: 1) : nil
    default: return nil
    }
  }

  /// The layouts of a graph.
  public init(_ graph: Graph) {
    self.graph = graph
    positionRows = Self.rowsWithUsedPositions(graph)
    storages.reserveCapacity(graph.count)
    for row in 0..<graph.count {
      let operands = graph.operands(row).map { self[$0] }
      let found = storage(of: row, operands)
      if found == nil { densifying.append(row) }
      storages.append(found ?? .dense)
      estimates.append(estimate(row))
    }
  }

  /// How a value is stored; second and later results are dense.
  public subscript(_ value: Value) -> Storage {
    value.result == 0 ? storages[value.index] : .dense
  }

  /// The layout of a value that is sparse.
  public func layout(of value: Value) -> Layout? {
    if case .sparse(let layout) = self[value] { layout } else { nil }
  }

  /// Whether a row takes or gives sparse arrays, and needs no dense ones of them.
  public func isSparse(_ row: Int) -> Bool {
    if case .input = graph.rows[row].op { return false }
    return layout(of: Value(row: row)) != nil
      || graph.operands(row).contains { layout(of: $0) != nil }
  }

  /// One exhaustive switch, each arm a function of its family; nil where operands must be dense.
  private func storage(of row: Int, _ operands: [Storage]) -> Storage? {
    let op = graph.rows[row].op
    switch op {
    case .input(let n, _):
      return graph.parameters[n].layout.map { $0.isDense ? .dense : .sparse($0) } ?? .dense
    case .constant(let scalar): return .uniform(scalar)
    case .store(let layout):
      // Chunks alone leave entries as they are.
      if layout.isDense, layout.chunks != nil, operands.first?.isSparse == true {
        return operands.first
      }
      return layout.isDense ? .dense : .sparse(layout)
    default: break
    }
    let type = graph.type(Value(row: row))
    if operands.isEmpty || operands.allSatisfy({ $0 == .dense }) { return .dense }
    guard operands.contains(where: \.isSparse) else { return uniform(row, operands) }
    guard operandShapesAreKnown(row) else { return nil }
    if case .compress = op {
      return selected(Self.unpacked(operands, op), rank: type.rank)
    }
    guard type.shape.isKnown else { return nil }
    return storage(of: row, type, Self.unpacked(operands, op))
  }

  /// Operands as kernels see them: blocks and diagonals stay what they are under functions of one array alone, blocks
  /// under functions of arrays with the same ones, too.
  private static func unpacked(_ operands: [Storage], _ op: Op) -> [Storage] {
    switch op {
    case .map, .convert:
      let others = operands.filter { if case .uniform = $0 { false } else { true } }
      let layouts = others.compactMap { storage -> Layout? in
        if case .sparse(let layout) = storage { layout } else { nil }
      }
      if others.count == 1 { return operands }
      if let first = layouts.first, first.packing != .diagonals, layouts.count == others.count,
        layouts.allSatisfy(first.hasLevels)
      {
        return operands
      }
    default: break
    }
    return operands.map { $0.relaid(\.unpacked) ?? $0 }
  }

  private func storage(of row: Int, _ type: TensorType, _ operands: [Storage]) -> Storage? {
    let op = graph.rows[row].op
    switch op {
    case .input, .constant, .store, .iota, .random: return .dense
    case .map(let f): return Self.map(f, operands)
    case .convert(let dtype): return operands[0].mapped { $0.converted(to: dtype) }
    case .reduce(let f, let axes): return reduce(f, axes, row, operands[0])
    case .contract(let contraction): return contract(contraction, row, operands)
    case .permute(let axes): return operands[0].relaid { $0.permuted(axes) }
    // What has no axes is one element.
    case .reshape where type.rank == 0: return .dense
    case .broadcast, .reshape, .slice, .reverse:
      return operands[0].relaid { $0.ofRank(type.rank) }
    case .gather:
      // Indices that are sparse would have to be dense.
      if operands[1].isSparse { return nil }
      return type.rank == 0 ? .dense : operands[0].relaid { $0.ofRank(type.rank) }
    case .pad: return joined(operands, type.rank)
    case .concatenate: return joined(operands, type.rank) ?? joinedUnalike(row, operands)
    case .call(.sparseSolve) where operands[1].isSparse:
      return solved(type, operands)
    case .call(let routine) where routine == .sparseSolve || routine == .sparseLstsq:
      // The matrix as it is, whose fill is zero; right-hand sides and solutions are dense.
      let isTaken = operands[0].fill?.boolValue == false && operands[1] == .dense
      return isTaken ? .dense : nil
    case .call(let routine) where routine.takesEntries:
      return operands[0].fill?.boolValue == false ? .dense : nil
    case .call(let routine) where routine.isFactorisation:
      return factorised(routine, type, operands[0], row)
    case .call(let routine):
      return routine.semiring.flatMap { product(over: $0, type, operands) }
    case .sort(let axis, let isDescending):
      if isDescending || type.shape.count == 0 { return nil }
      return sorted(operands[0], along: axis)
    case .argReduce: return extremePlaces(type, row)
    // Behind the first entry of a lane every element is another.
    case .scan: return .dense
    case .scatter:
      // A vector's entries and the updates, of which each has a place.
      let isTaken = type.rank == 1 && !operands[1].isSparse
      return isTaken ? operands[0].relaid { $0.ofRank(1) } : nil
    case .compress: return nil
    }
  }

  /// Solutions for sparse right-hand sides: column by column where a dense array of them is large; nil where
  /// right-hand sides must be dense.
  private func solved(_ type: TensorType, _ operands: [Storage]) -> Storage? {
    guard type.rank == 2, operands.allSatisfy({ $0.fill?.boolValue == false }),
      type.shape.count.map({ $0 >= Self.leastSparseVector }) ?? true
    else { return nil }
    return .sparse(.csc(fill: Scalar(0 as Int64, type.dtype)))
  }

  /// Whether a system's right-hand sides are taken as entries, and its solutions given so.
  public func solvesEntries(_ a: Value, _ b: Value) -> Bool {
    solved(graph.type(b), [self[a], self[b]]) != nil
  }

  /// What comes of a square matrix whose fill is zero: numbers, or entries of a triangle or an inverse.
  private func factorised(
    _ routine: Routine, _ type: TensorType, _ operand: Storage, _ row: Int
  ) -> Storage? {
    let matrix = graph.type(graph.operands(row)[graph.operands(row).startIndex])
    guard operand.fill?.boolValue == false, matrix.rank == 2, matrix.shape.count != 0,
      matrix.shape.codes[0] == matrix.shape.codes[1]
    else { return nil }
    let zero = Scalar(0 as Int64, type.dtype)
    if routine == .det || routine == .slogdet { return .dense }
    // The upper factor is the adjoint of a lower one by rows.
    return .sparse(routine == .cholesky(upper: true) ? .csc(fill: zero) : .csr(fill: zero))
  }

  /// A product over a semiring: sparse where both factors are, with fills that are its zero.
  private func product(
    over semiring: Semiring, _ type: TensorType, _ operands: [Storage]
  ) -> Storage? {
    guard let zero = semiring.zero(type.dtype), operands[0].isSparse, operands[0].fill == zero,
      type.shape.count != 0,
      type.dtype == .float64 || type.dtype == .float32 || type.dtype == .bool
    else { return nil }
    if operands[1] == .dense { return .dense }
    return operands[1].isSparse && operands[1].fill == zero ? .sparse(.csr(fill: zero)) : nil
  }

  private func operandShapesAreKnown(_ row: Int) -> Bool {
    graph.operands(row).allSatisfy { graph.type($0).shape.isKnown }
  }

  // MARK: - Families

  /// What repeats one element; where more is needed to tell, the result is dense.
  private func uniform(_ row: Int, _ operands: [Storage]) -> Storage {
    let elements = operands.map { storage -> Scalar? in
      if case .uniform(let element) = storage { element } else { nil }
    }
    guard let first = elements[0] else { return .dense }
    switch graph.rows[row].op {
    case .map(let f):
      guard let all = Self.three(elements) else { return .dense }
      return .uniform(f.evaluate(all.0, all.1, all.2))
    case .convert(let dtype): return .uniform(first.converted(to: dtype))
    case .broadcast, .reshape, .permute, .slice, .reverse: return .uniform(first)
    default: return .dense
    }
  }

  private static func three(_ elements: [Scalar?]) -> (Scalar, Scalar, Scalar)? {
    guard let first = elements.first.flatMap({ $0 }), elements.allSatisfy({ $0 != nil }) else {
      return nil
    }
    let all = elements.compactMap { $0 }
    return (first, all.count > 1 ? all[1] : first, all.count > 2 ? all[2] : first)
  }

  /// Fills give the fill; a dense operand needs dense ones beside it unless a sparse one decides.
  private static func map(_ f: ScalarFunction, _ operands: [Storage]) -> Storage? {
    guard let layout = met(operands) else { return nil }
    let fills = operands.map(\.fill)
    if let all = three(fills) { return .sparse(layout.filled(f.evaluate(all.0, all.1, all.2))) }
    if f == .select {
      // The condition's fill chooses a branch for all places that are not stored; a dense condition chooses
      // among equal ones.
      guard let condition = fills[0] else {
        return fills[1].flatMap { $0 == fills[2] ? .sparse(layout.filled($0)) : nil }
      }
      guard operands[0].isSparse, let chosen = fills[condition.boolValue ? 1 : 2] else {
        return nil
      }
      return .sparse(layout.filled(chosen))
    }
    for (place, operand) in operands.enumerated() {
      guard case .sparse(let own) = operand, let fill = own.fill, f.isDecided(by: fill, at: place)
      else { continue }
      return .sparse(layout.filled(f.decided(by: fill, at: place)))
    }
    return nil
  }

  /// The layout of a result over several operands: theirs, where all are stored alike.
  private static func common(_ operands: [Storage]) -> Layout? {
    let layouts = operands.compactMap { storage -> Layout? in
      if case .sparse(let layout) = storage { layout } else { nil }
    }
    guard let first = layouts.first else { return nil }
    return layouts.allSatisfy(first.hasLevels) ? first : .coordinates(rank: first.rank)
  }

  /// The layout of an elementwise result: that of the first operand with rows, to which others are turned.
  private static func met(_ operands: [Storage]) -> Layout? {
    guard let common = common(operands) else { return nil }
    let layouts = operands.compactMap { storage -> Layout? in
      if case .sparse(let layout) = storage { layout } else { nil }
    }
    if layouts.allSatisfy(common.hasLevels) { return common }
    return layouts.first { $0.leadingDenseLevels > 0 && $0.packing == .elements } ?? common
  }

  private func reduce(
    _ f: ScalarFunction, _ axes: AxisSet, _ row: Int, _ operand: Storage
  ) -> Storage? {
    guard case .sparse(let layout) = operand, let fill = layout.fill else { return nil }
    let type = graph.type(Value(row: row))
    let extents = graph.type(graph.operands(row)[graph.operands(row).startIndex]).shape.codes
    let folded = axes.axes.reduce(UInt128(1)) {
      $0.multipliedReportingOverflow(by: UInt128(extents[$1])).partialValue
    }
    if folded == 0 || type.shape.count == 0 { return nil }
    if Self.isBetterDense(type) { return .dense }
    return .sparse(
      .coordinates(rank: type.rank, fill: f.folded(fill, count: folded)))
  }

  private func contract(
    _ contraction: Contraction, _ row: Int, _ operands: [Storage]
  ) -> Storage? {
    let type = graph.type(Value(row: row))
    let sparse = operands.indices.filter { operands[$0].isSparse }
    if operands.count == 1, Set(contraction.operands[0]) == Set(contraction.output) {
      // A diagonal, of which nothing is summed.
      guard let fill = operands[0].fill else { return nil }
      return Self.isBetterDense(type) ? .dense : .sparse(.coordinates(rank: type.rank, fill: fill))
    }
    guard sparse.count <= 2, type.shape.count != 0, type.dtype != .float16,
      type.dtype != .bfloat16,
      sparse.count == 1 || operands.count == 2,
      sparse.allSatisfy({ operands[$0].fill.map { !$0.boolValue } ?? false }),
      graph.operands(row).allSatisfy({ graph.type($0).shape.count != 0 })
    else { return nil }
    let isInside =
      sparse.count == 2
      || contraction.output.allSatisfy { contraction.operands[sparse[0]].contains($0) }
    if !isInside || Self.isBetterDense(type) { return .dense }
    if sparse.count == 2, isMostlyStored(contraction, row, type) { return .dense }
    let zero = Scalar(0 as Int64, type.dtype)
    if type.rank == 2, sparse.allSatisfy({ layoutOf(operands[$0])?.leadingDenseLevels == 1 }) {
      return .sparse(.csr(fill: zero))
    }
    return .sparse(.coordinates(rank: type.rank, fill: zero))
  }

  private func layoutOf(_ storage: Storage) -> Layout? {
    if case .sparse(let layout) = storage { layout } else { nil }
  }

  /// Arrays next to each other, and what pads them: sparse where all have one fill.
  private func joined(_ operands: [Storage], _ rank: Int) -> Storage? {
    guard let layout = Self.common(operands),
      let fill = layoutOf(operands.first(where: \.isSparse) ?? .dense)?.fill,
      operands.allSatisfy({ $0.fill == fill })
    else { return nil }
    return .sparse(layout.ofRank(rank).filled(fill))
  }

  /// Vectors of fewer elements than this are dense where a fold or a product gives them: whoever
  /// comes next is quicker, and they are small beside what they were made from.
  public static let leastSparseVector = 1 << 24

  /// Products of two sparse factors are dense where more than this share of so many elements is
  /// likely to be stored: an entry takes its coordinate beside its value, and its place is found.
  private static let mostStoredShare = 0.4
  private static let leastMostlyStored = 1 << 16

  private func isMostlyStored(
    _ contraction: Contraction, _ row: Int, _ type: TensorType
  ) -> Bool {
    guard let count = type.shape.count, count >= Self.leastMostlyStored,
      let bytes = type.byteCount, bytes <= PassContext.standardDensifyLimit
    else { return false }
    return density(of: contraction, row, labels: contraction.output) > Self.mostStoredShare
  }

  static func isBetterDense(_ type: TensorType) -> Bool {
    guard type.rank < 2, let count = type.shape.count else { return false }
    return count < leastSparseVector
  }
}

extension GraphLayouts.Storage {
  /// Whether entries are stored.
  public var isSparse: Bool { if case .sparse = self { true } else { false } }

  /// The element that is not stored, or the only one there is.
  public var fill: Scalar? {
    switch self {
    case .dense: nil
    case .uniform(let element): element
    case .sparse(let layout): layout.fill
    }
  }

  func mapped(_ body: (Scalar) -> Scalar) -> Self {
    switch self {
    case .dense: .dense
    case .uniform(let element): .uniform(body(element))
    case .sparse(let layout): .sparse(layout.fill.map { layout.filled(body($0)) } ?? layout)
    }
  }

  func relaid(_ body: (Layout) -> Layout) -> Self? {
    if case .sparse(let layout) = self { .sparse(body(layout)) } else { nil }
  }
}

extension Layout {
  /// The layout of the array whose axis i is this one's axis `axes[i]`: nothing moves.
  public func permuted(_ axes: [Int]) -> Layout {
    var place = Array(repeating: 0, count: axes.count)
    for (new, old) in axes.enumerated() { place[old] = new }
    return Layout(levels: levels, order: order.map { place[$0] }, fill: fill, packing: packing)
  }

  /// The layout for another number of axes: coordinates, unless the number is the same.
  func ofRank(_ rank: Int) -> Layout {
    if rank == self.rank { return self }
    return .coordinates(rank: rank, fill: fill ?? Scalar(false))
  }
}

extension ScalarFunction {
  /// Whether an operand at a place decides the result, but for other operands that are rare.
  public func isDecided(by element: Scalar, at place: Int) -> Bool {
    if place == 0, algebra.contains(.zeroFirst), !element.boolValue { return true }
    guard arity == 2, let annihilator else { return false }
    let deciding = Scalar(Int64(annihilator), element.dtype)
    if element == deciding { return true }
    return annihilator == 0 && !element.boolValue
  }

  /// The result where an element at a place decides it.
  public func decided(by element: Scalar, at place: Int) -> Scalar {
    let other = annihilator == nil ? Scalar(1 as Int64, element.dtype) : element
    return evaluate(element, other, other)
  }

  /// The fold of an element with itself, so many times.
  public func folded(_ element: Scalar, count: UInt128) -> Scalar {
    var result: Scalar?
    var power = element
    var rest = count
    while rest > 0 {
      if rest & 1 == 1 { result = result.map { evaluate($0, power, power) } ?? power }
      rest >>= 1
      if rest > 0 { power = evaluate(power, power, power) }
    }
    return result ?? element
  }
}
