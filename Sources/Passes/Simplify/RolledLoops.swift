import WeftIR

extension Graph {
  /// The graph with loops that were written out made at once; nil where there are none.
  ///
  /// Where the parts of a concatenation are rows of the same ops over evenly spaced parts of the same
  /// arrays, as a loop over positions leaves them, each op is applied once, to all positions along a
  /// new axis. What is the same in all turns is made once.
  func rollingLoops(_ context: PassContext) throws -> Graph? {
    guard !context.disabledRules.contains(RolledLoop.rule), hasLongConcatenation else { return nil }
    let uses = useCounts()
    var newUses: [Int] = []
    var count = 0
    let result = try rebuilt { new, row, operands in
      guard types(row).count == 1 else { return nil }
      var value: Value?
      if case .concatenate(let axis) = rows[row].op, operands.count >= RolledLoop.leastParts,
        operands.allSatisfy({ newUses.indices.contains($0.index) ? newUses[$0.index] <= 1 : true })
      {
        var loop = RolledLoop(
          operands, type(Value(row: row)), rows[row].site,
          reorders: context.exactness >= .contraction)
        value = try loop.rolled(along: axis, in: &new)
        if value != nil { count += 1 }
      }
      let known = try value ?? new.addCopy(of: row, from: self, operands)
      while newUses.count <= known.index { newUses.append(0) }
      newUses[known.index] += uses[row]
      return [known]
    }
    guard count > 0 else { return nil }
    for _ in 0..<count { context.noteFired(RolledLoop.rule, because: RolledLoop.summary) }
    return result
  }

  private var hasLongConcatenation: Bool {
    (0..<count).contains { row in
      guard case .concatenate = rows[row].op else { return false }
      return operands(row).count >= RolledLoop.leastParts
    }
  }
}

/// The turns of a loop that was written out, as one expression with an axis for the turns.
///
/// Exact but for sums of products and folds of inexact numbers, which may be added up in another
/// order: those are of the contraction class.
struct RolledLoop {
  static let rule = "roll-loop"
  static let summary = "turns of a loop that differ by position are made at once"
  /// Fewer turns are as quick one by one.
  static let leastParts = 8
  /// The most elements that a row may have beyond those of the result.
  private static let mostElements = 1 << 20

  /// What the turns have in some place.
  private enum Whole {
    /// One value for all.
    case same(Value)
    /// A value with a first axis for the turns.
    case each(Value)
  }

  private let parts: [Value]
  private let type: TensorType
  private let site: SourceSite
  private let reorders: Bool
  private var known: [Value: (parts: [Value], whole: Whole)] = [:]

  init(_ parts: [Value], _ type: TensorType, _ site: SourceSite, reorders: Bool) {
    self.parts = parts
    self.type = type
    self.site = site
    self.reorders = reorders
  }

  /// The concatenation of the turns along an axis, or nil where they are not alike.
  mutating func rolled(along axis: Int, in graph: inout Graph) throws -> Value? {
    guard type.shape.isKnown, case .each(let value)? = try whole(parts, in: &graph) else {
      return nil
    }
    let rank = graph.type(parts[0]).rank
    let order = Array(1..<axis + 1) + [0] + Array(axis + 1..<rank + 1)
    let moved =
      axis == 0 ? value : try graph.add(.permute(order), [value], site: site)
    return try graph.add(.reshape(type.shape), [moved], site: site)
  }

  private mutating func whole(_ parts: [Value], in graph: inout Graph) throws -> Whole? {
    let first = parts[0]
    if parts.allSatisfy({ $0 == first }) { return .same(first) }
    if let found = known[first], found.parts == parts { return found.whole }
    guard let value = try stacked(parts, in: &graph) else { return nil }
    known[first] = (parts, .each(value))
    return .each(value)
  }

  /// The turns' values, which differ, along a new first axis.
  private mutating func stacked(_ parts: [Value], in graph: inout Graph) throws -> Value? {
    let part = graph.type(parts[0])
    guard part.rank < 32, let extents = part.shape.known,
      parts.allSatisfy({ $0.result == 0 && graph.type($0) == part })
    else { return nil }
    let shape = Shape([parts.count] + extents)
    if let even = EvenParts(parts, in: graph) {
      return try even.value(TensorType(part.dtype, shape), 0, in: &graph, site)
    }
    if let counted = try count(parts, part.dtype, in: &graph) { return counted }
    let op = graph.op(parts[0])
    let operandCount = graph.operands(parts[0].index).count
    guard let count = shape.count, count <= max(4 * (type.shape.count ?? 0), Self.mostElements),
      parts.allSatisfy({
        graph.op($0) == op && graph.operands($0.index).count == operandCount
      })
    else { return nil }
    guard !sums(op, part.dtype) || reorders else { return nil }
    var operands: [Whole] = []
    for place in 0..<operandCount {
      let column = parts.map { part in
        let own = graph.operands(part.index)
        return own[own.startIndex + place]
      }
      guard let whole = try whole(column, in: &graph) else { return nil }
      operands.append(whole)
    }
    return try lifted(op, shape, operands, in: &graph)
  }

  /// Whether an op folds numbers and the result depends on the order.
  private func sums(_ op: Op, _ dtype: DType) -> Bool {
    switch op {
    case .reduce(let f, _): dtype.isInexact && f != .maximum && f != .minimum
    case .call: true
    case .contract(let contraction):
      dtype.isInexact
        && contraction.operands.contains { $0.contains { !contraction.output.contains($0) } }
    default: false
    }
  }

  /// An op over turns, of a shape with their axis in front; nil for ops that have no such form.
  private func lifted(
    _ op: Op, _ shape: Shape, _ operands: [Whole], in graph: inout Graph
  ) throws -> Value? {
    let turns = shape.codes[0]
    func spread(_ whole: Whole) throws -> Value {
      switch whole {
      case .each(let value): return value
      case .same(let value):
        let own = graph.type(value).shape.codes
        return try graph.add(
          .broadcast(to: Shape([turns] + own), axes: Array(1..<own.count + 1)), [value],
          site: site)
      }
    }
    func add(_ op: Op) throws -> Value {
      let values = try operands.map { try spread($0) }
      return try graph.add(op, values, site: site)
    }
    switch op {
    case .map, .convert: return try add(op)
    case .reshape: return try add(.reshape(shape))
    case .permute(let axes): return try add(.permute([0] + axes.map { $0 + 1 }))
    case .broadcast(_, let axes):
      return try add(.broadcast(to: shape, axes: [0] + axes.map { $0 + 1 }))
    case .reverse(let axes): return try add(.reverse(AxisSet(bits: axes.bits << 1)))
    case .concatenate(let axis): return try add(.concatenate(axis: axis + 1))
    case .slice(let spans):
      return try add(.slice([SliceSpan(start: 0, count: turns)] + spans))
    case .reduce(let f, let axes): return try add(.reduce(f, AxisSet(bits: axes.bits << 1)))
    case .contract(let contraction):
      let turn = contraction.labelCount
      var labels: [[Int]] = []
      var values: [Value] = []
      for (own, operand) in zip(contraction.operands, operands) {
        switch operand {
        case .same(let value):
          labels.append(own)
          values.append(value)
        case .each(let value):
          labels.append([turn] + own)
          values.append(value)
        }
      }
      return try graph.add(
        .contract(Contraction(labels, to: [turn] + contraction.output)), values, site: site)
    case .call(let routine): return try lifted(routine, operands, in: &graph)
    case .input, .constant, .iota, .random, .scan, .argReduce, .pad, .gather, .scatter, .compress,
      .sort, .store:
      return nil
    }
  }

  /// A routine over a stack of matrices, one for each turn; nil for routines that take no stacks.
  ///
  /// A matrix that all systems have stays one, with factors that are made once.
  private func lifted(
    _ routine: Routine, _ operands: [Whole], in graph: inout Graph
  ) throws -> Value? {
    switch routine.name {
    case "inv", "det", "cholesky", "solve": break
    default: return nil
    }
    var values: [Value] = []
    for operand in operands {
      switch operand {
      case .same(let value):
        guard graph.type(value).rank == 2 else { return nil }
        values.append(value)
      case .each(let value):
        guard graph.type(value).rank == 3 else { return nil }
        values.append(value)
      }
    }
    return try graph.add(.call(routine), values, site: site)
  }

  /// Whole numbers as far apart from turn to turn: the loop's index in the formula.
  private func count(_ parts: [Value], _ dtype: DType, in graph: inout Graph) throws -> Value? {
    var numbers: [Int] = []
    switch dtype {
    case .int32, .int64, .float32, .float64: break
    default: return nil
    }
    for part in parts {
      guard case .constant(let scalar) = graph.op(part),
        let number = Int(exactly: scalar.doubleValue), abs(number) < 1 << 24,
        // A negative zero is no count.
        number != 0 || scalar.doubleValue.sign == .plus
      else { return nil }
      numbers.append(number)
    }
    let step = numbers[1] - numbers[0]
    guard numbers.indices.allSatisfy({ numbers[$0] == numbers[0] + $0 * step }) else { return nil }
    let shape = Shape([parts.count])
    func uniform(_ number: Int) throws -> Value? {
      try graph.addUniform(Scalar(Int64(number), .int64), shape, site: site)
    }
    guard let start = try uniform(numbers[0]), let factor = try uniform(step) else { return nil }
    let places = try graph.add(.iota(TensorType(.int64, shape), axis: 0), [], site: site)
    let scaled = try graph.add(.map(.multiply), [places, factor], site: site)
    let sum = try graph.add(.map(.add), [scaled, start], site: site)
    return dtype == .int64 ? sum : try graph.add(.convert(dtype), [sum], site: site)
  }
}
