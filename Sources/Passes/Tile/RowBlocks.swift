import WeftIR

/// Rows of a graph that run together block by block along an axis, so that what products make or
/// read on the way stays in cache.
///
/// Each row of the group has the axis (it is *carried*) or sums over it, which ends the group there.
public struct RowBlocks {
  /// A value from outside, with its block axis; nil where every block needs all of it.
  public struct Input {
    /// The value.
    public var value: Value
    /// The block axis.
    public var axis: Int?
  }

  /// A value that is used outside, with its block axis; nil for a sum over all blocks.
  public struct Output {
    /// The value.
    public var value: Value
    /// The block axis.
    public var axis: Int?
  }

  /// The rows of the group in order.
  public private(set) var rows: [Int] = []
  /// The positions along the axis.
  public private(set) var extent = 0
  /// What comes from outside.
  public private(set) var inputs: [Input] = []
  /// What is used outside.
  public private(set) var outputs: [Output] = []
  /// Bytes of what would be stored on the way, for one position.
  public private(set) var bytesPerPosition = 1

  private let graph: Graph
  private var carried: [Int: Int] = [:]
  private var isPartial: Set<Int> = []
  private var isDependent: [Bool] = []
  private var uses: [[Int]] = []

  /// The name that reports and `disabledRules` use.
  public static let rule = "row-blocks"
  /// What the rule does, for reports.
  public static let summary = "rows around products are made block by block"

  /// Smaller intermediates stay in cache anyway.
  private static let leastBytes = 4 << 20
  /// Greater sums cost more to add up than the traffic that blocks save.
  private static let mostSumBytes = 1 << 20
  /// The share of the products' cost that the memory traffic must be to be worth a group.
  private static let leastShare = 0.15

  /// The most profitable group of a graph, or nil.
  public init?(_ graph: Graph) {
    self.graph = graph
    guard let seeds = Self.seeds(graph) else { return nil }
    let live = graph.liveRows()
    uses = Array(repeating: [], count: graph.count)
    for row in 0..<graph.count where live[row] {
      for operand in graph.operands(row) { uses[operand.index].append(row) }
    }
    for seed in seeds.prefix(4) {
      guard let axis = graph.type(Value(row: seed)).shape.codes.firstIndex(where: { $0 != 1 })
      else { continue }
      if grow(from: seed, axis) { return }
    }
    return nil
  }

  /// Great values that products make or read, the greatest first.
  private static func seeds(_ graph: Graph) -> [Int]? {
    var found: Set<Int> = []
    let outputs = Set(graph.outputs.map(\.index))
    for row in 0..<graph.count {
      guard case .contract(let contraction) = graph.rows[row].op, contraction.operands.count == 2
      else { continue }
      for operand in graph.operands(row) {
        var value = operand
        while case .permute = graph.op(value), let source = graph.operands(value.index).first {
          value = source
        }
        if case .map = graph.op(value) { found.insert(value.index) }
      }
      found.insert(row)
    }
    let great = found.filter { row in
      guard let type = graph.types(row).first, let bytes = type.byteCount else { return false }
      return bytes >= leastBytes && type.shape.isKnown && !outputs.contains(row)
    }
    return great.isEmpty
      ? nil
      : great.sorted { a, b in
        let (m, n) = (Self.bytes(graph, a), Self.bytes(graph, b))
        return (n, a) < (m, b)
      }
  }

  private static func bytes(_ graph: Graph, _ row: Int) -> Int {
    graph.types(row).first?.byteCount ?? 0
  }

  // MARK: - The group

  private mutating func grow(from seed: Int, _ axis: Int) -> Bool {
    carried = [:]
    isPartial = []
    extent = shape(Value(row: seed))[axis]
    guard extent > 1, pull(seed, axis) else { return false }
    isDependent = Array(repeating: false, count: graph.count)
    for row in 0..<graph.count where !isMember(row) {
      let operands = graph.operands(row)
      let isTouched = operands.contains { isMember($0.index) || isDependent[$0.index] }
      if !isTouched { continue }
      if !operands.contains(where: { isDependent[$0.index] || isPartial.contains($0.index) }),
        let (result, axes) = result(of: row), add(row, result, axes)
      {
        continue
      }
      isDependent[row] = true
    }
    return finish()
  }

  private func isMember(_ row: Int) -> Bool { carried[row] != nil || isPartial.contains(row) }
  private func shape(_ value: Value) -> [Int] { graph.type(value).shape.codes }

  /// What a row is, given what its operands carry: its axis, or nil for a sum; and the operands'
  /// axes.
  private func result(of row: Int) -> (axis: Int?, operands: [Int?])? {
    for (n, operand) in graph.operands(row).enumerated() {
      guard let axis = carried[operand.index] else { continue }
      guard let forward = forward(row, n, axis) else { return nil }
      guard let axes = operandAxes(row, forward, from: axis, n) else { return nil }
      return (forward, axes)
    }
    return nil
  }

  /// The space of a row that may run in blocks: the same that chunks are cut from.
  private func space(_ row: Int) -> TileSpace? {
    guard graph.types(row).count == 1 else { return nil }
    switch graph.rows[row].op {
    case .map, .convert, .broadcast, .permute, .reshape, .slice, .reduce, .argReduce:
      return graph.tileSpace(row)
    case .contract(let contraction):
      return contraction.operands.count == 2 ? graph.tileSpace(row) : nil
    default: return nil
    }
  }

  /// The result's axis that an operand's axis becomes; nil inside where it is summed.
  private func forward(_ row: Int, _ n: Int, _ axis: Int) -> Int?? {
    guard let space = space(row), case .same(let own) = space.operands[n][axis],
      !space.whole.contains(own)
    else { return nil }
    if let place = space.output.firstIndex(of: own) { return .some(place) }
    guard case .fold(let f) = space.combination, f == .add,
      let dtype = graph.types(row).first?.dtype, dtype == .float32 || dtype == .float64
    else { return nil }
    return .some(nil)
  }

  /// The axis that each operand carries where the result has an axis, or sums the one given; nil where
  /// an operand is needed at other positions.
  private func operandAxes(
    _ row: Int, _ axis: Int?, from source: Int = 0, _ n: Int = 0
  ) -> [Int?]? {
    guard let space = space(row) else { return nil }
    let own: Int
    if let axis {
      own = space.output[axis]
    } else if case .same(let folded) = space.operands[n][source] {
      own = folded
    } else {
      return nil
    }
    let isOnce = space.operands.allSatisfy { uses in
      !uses.contains(.moved(own)) && uses.count { $0 == .same(own) } <= 1
    }
    return isOnce ? space.operands.map { $0.firstIndex(of: .same(own)) } : nil
  }

  /// Adds a row that uses the group, if its other operands can be had in blocks.
  private mutating func add(_ row: Int, _ axis: Int?, _ axes: [Int?]) -> Bool {
    for (operand, needed) in zip(graph.operands(row), axes) {
      if let known = carried[operand.index] {
        if needed != known { return false }
      } else if let needed, !isMember(operand.index), !comesInBlocks(operand, needed),
        !pull(operand.index, needed)
      {
        return false
      }
    }
    if let axis { carried[row] = axis } else { isPartial.insert(row) }
    return true
  }

  /// Whether the positions of an axis lie one after the other in an input.
  private func comesInBlocks(_ value: Value, _ axis: Int) -> Bool {
    guard case .input = graph.op(value) else { return false }
    return isOutermost(value, axis)
  }

  private func isOutermost(_ value: Value, _ axis: Int) -> Bool {
    shape(value)[..<axis].allSatisfy { $0 == 1 }
  }

  /// Takes a row with what it is made of into the group, as far as that carries the axis.
  private mutating func pull(_ row: Int, _ axis: Int) -> Bool {
    var stack = [(row, axis)]
    let before = carried
    while let (row, axis) = stack.popLast() {
      if let known = carried[row] {
        if known == axis { continue }
        carried = before
        return false
      }
      guard !isPartial.contains(row), !(isDependent.indices.contains(row) && isDependent[row]),
        let axes = operandAxes(row, axis)
      else {
        // What is made otherwise comes from outside, whole in memory.
        if isOutermost(Value(row: row), axis), graph.types(row).count == 1 { continue }
        carried = before
        return false
      }
      carried[row] = axis
      for (operand, needed) in zip(graph.operands(row), axes) {
        guard let needed else { continue }
        if operand.result != 0 || !comesInBlocks(operand, needed) {
          stack.append((operand.index, needed))
        }
      }
    }
    return true
  }

  /// Lists what the group reads and gives, and checks that it is worth while and that nothing it
  /// reads follows from it.
  private mutating func finish() -> Bool {
    rows = (0..<graph.count).filter { isMember($0) }
    var depends = Array(repeating: false, count: graph.count)
    for row in 0..<graph.count where !isMember(row) {
      depends[row] = graph.operands(row).contains { isMember($0.index) || depends[$0.index] }
    }
    isDependent = depends
    inputs = []
    var seen: Set<Value> = []
    var flops = 0.0
    for row in rows {
      flops += graph.flops(row)
      let axes: [Int?]
      if let axis = carried[row] {
        axes = operandAxes(row, axis) ?? []
      } else {
        axes = result(of: row)?.operands ?? []
      }
      for (operand, axis) in zip(graph.operands(row), axes) {
        if isMember(operand.index) {
          // A row that some need in blocks and others whole is not there for those.
          if carried[operand.index] != axis || axis == nil { return false }
          continue
        }
        if depends[operand.index] { return false }
        if case .constant = graph.op(operand) { continue }
        if let axis, !isOutermost(operand, axis) { return false }
        if seen.insert(operand).inserted { inputs.append(Input(value: operand, axis: axis)) }
        if inputs.first(where: { $0.value == operand })?.axis != axis { return false }
      }
      if axes.count != graph.operands(row).count { return false }
    }
    let ends = Set(graph.outputs.map(\.index))
    outputs = []
    var saved = 0.0
    for row in rows {
      let value = Value(row: row)
      if ends.contains(row) || uses[row].contains(where: { !isMember($0) }) {
        if let axis = carried[row], !isOutermost(value, axis) { return false }
        if carried[row] == nil, Self.bytes(graph, row) > Self.mostSumBytes { return false }
        outputs.append(Output(value: value, axis: carried[row]))
      } else if isStored(row) {
        saved += Double(Self.bytes(graph, row))
      }
    }
    bytesPerPosition = max(1, Int(saved) / extent)
    return !outputs.isEmpty && saved >= Double(Self.leastBytes)
      && 2 * saved * ContractionCost.byte > Self.leastShare * flops
  }

  /// Whether a product makes or reads a row's elements.
  private func isStored(_ row: Int) -> Bool {
    if case .contract = graph.rows[row].op { return true }
    guard case .map = graph.rows[row].op else { return false }
    return uses[row].contains { if case .contract = graph.rows[$0].op { true } else { false } }
  }

  // MARK: - Graphs

  /// The group for so many positions; its parameters are the inputs, its outputs the outputs.
  public func block(of positions: Int) throws -> Graph {
    var block = Graph(name: "block")
    var values: [Value: Value] = [:]
    for (n, input) in inputs.enumerated() {
      var type = graph.type(input.value)
      if let axis = input.axis { type.shape[axis] = .known(positions) }
      values[input.value] = block.addParameter("p\(n)", type)
    }
    for row in rows {
      let site = graph.rows[row].site
      var operands: [Value] = []
      for operand in graph.operands(row) {
        if let known = values[operand] {
          operands.append(known)
        } else {
          operands.append(try block.add(graph.op(operand), site: graph.rows[operand.index].site))
        }
      }
      let tile = graph.tile(of: row, region: firstRegion(of: row, positions))
      for (n, region) in tile.operands.enumerated() {
        // Along other axes a tile may need less than all.
        let spans = (region ?? []).map {
          SliceSpan(start: $0.positions.lowerBound, count: $0.count)
        }
        if spans.compactMap(\.count) != block.type(operands[n]).shape.codes {
          operands[n] = try block.add(.slice(spans), [operands[n]], site: site)
        }
      }
      for op in tile.ops { operands = [try block.add(op, operands, site: site)] }
      values[Value(row: row)] = operands[0]
    }
    block.outputs = outputs.compactMap { values[$0.value] }
    return block
  }

  /// The first tile of a row, of so many positions of the blocks' axis.
  private func firstRegion(of row: Int, _ positions: Int) -> [TileRange] {
    guard let space = space(row) else { return [] }
    var region = space.extents.map { TileRange.whole($0) }
    var own = carried[row].map { space.output[$0] }
    if own == nil, let (n, axis) = summedAxis(row),
      case .same(let folded) = space.operands[n][axis]
    {
      own = folded
    }
    if let own { region[own] = TileRange(0..<positions, source: own) }
    return region
  }

  /// An operand of a sum over the blocks, and its axis.
  private func summedAxis(_ row: Int) -> (operand: Int, axis: Int)? {
    for (n, operand) in graph.operands(row).enumerated() {
      if let axis = carried[operand.index] { return (n, axis) }
    }
    return nil
  }

  /// The graph with one call of a routine in place of the group.
  public func replaced(by routine: String) throws -> Graph {
    var next = Graph(name: graph.name)
    var values: [[Value]] = Array(repeating: [], count: graph.count)
    for row in 0..<graph.count {
      guard case .input(let n, _) = graph.rows[row].op else { continue }
      values[row] = [Value(row: n)]
    }
    for parameter in graph.parameters { _ = next.addParameter(parameter.name, parameter.type) }
    let live = graph.liveRows()
    func copy(_ row: Int) throws {
      if case .input = graph.rows[row].op { return }
      let operands = graph.operands(row).map { values[$0.index][Int($0.result)] }
      let value = try next.addCopy(of: row, from: graph, operands)
      values[row] = graph.types(row).indices.indices.map {
        Value(row: value.index, result: $0 - graph.types(row).startIndex)
      }
    }
    for row in 0..<graph.count where live[row] && !isMember(row) && !isDependent[row] {
      try copy(row)
    }
    let types = outputs.map { graph.type($0.value) }
    let call = Routine(routine) { _ in types }
    let sources = inputs.map { values[$0.value.index][Int($0.value.result)] }
    let site = rows.last.map { graph.rows[$0].site } ?? .none
    let result = try next.add(.call(call), sources, site: site)
    for (n, output) in outputs.enumerated() {
      values[output.value.index] = [Value(row: result.index, result: n)]
    }
    for row in 0..<graph.count where live[row] && !isMember(row) && isDependent[row] {
      try copy(row)
    }
    next.outputs = graph.outputs.map { values[$0.index][Int($0.result)] }
    return next
  }
}
