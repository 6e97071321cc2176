import WeftIR
import WeftPasses

/// A small graph that makes a tile, and where its parameters come from.
struct TileProgram: Sendable {
  /// What a parameter is.
  enum Input: Sendable {
    /// A region of an array.
    case region(array: Int, [TileRange])
    /// The first position of a range, as `int64[]`.
    case position(TileRange)
    /// A part of the chunk that a join makes: of an array of parts, the so manieth of the group.
    case part(array: Int, Int)
  }

  var graph: Graph
  var inputs: [Input]
  /// Whether tiles of equal extents have the same program.
  var isReusable: Bool
  /// The executable, by number; see `ChunkPlan`.
  var executable = 0
}

/// Builds the program of a tile: walks from its row back to what is stored, noting the regions that
/// are needed, then writes the rows over those.
///
/// A row may be needed at several regions; those that nearly make one box become one.
struct TileBuilder {
  private let graph: Graph
  private let spaces: [TileSpace?]
  private let stored: [Value: Int]
  private let arrays: [ChunkedArray]
  /// The regions that users ask for, of rows and of stored values.
  private var requests: [Value: [[TileRange]]] = [:]
  private var places: [Int: [Place]] = [:]
  private var program = Graph(name: "tile")
  private var inputs: [TileProgram.Input] = []
  private var parameters: [Parameter: Value] = [:]
  private var isReusable = true

  /// A row at a region.
  private struct Place {
    /// The region of the results.
    let region: [TileRange]
    let dependence: TileDependence
    /// The region of the row's space.
    let space: [TileRange]
    var values: [Value] = []
  }

  private struct Parameter: Hashable {
    let array: Int
    let region: [TileRange]
  }

  /// Boxes are joined to one that has at most so much more than they have together.
  private static let mostExcess = 1.25

  init(_ planner: StagePlanner) {
    graph = planner.graph
    spaces = planner.spaces
    stored = planner.stored
    arrays = planner.arrays
  }

  /// The program of a stage's tile at a region of its grid.
  mutating func build(
    _ stage: Stage, _ region: [TileRange]
  ) throws -> TileProgram {
    if case .join(let combination, let isLast) = stage.kind {
      return try join(stage, region, combination, isLast: isLast)
    }
    var roots = [stage.row: stage.kind]
    places[stage.row] = [place(stage.row, space: region)]
    for companion in stage.companions {
      roots[companion.row] = companion.kind
      let own = companion.axes.map { $0.stage.map { region[$0] } ?? .whole($0.extent) }
      places[companion.row] = [place(companion.row, space: own)]
    }
    for row in stage.members.reversed() { request(row) }
    // Programs name their parameters by number, so that equal tiles have equal graphs.
    var made: [Int: [Value]] = [:]
    for row in stage.members {
      for n in (places[row] ?? []).indices {
        guard let kind = roots[row], let place = places[row]?[n] else {
          try emit(row, n)
          continue
        }
        made[row] = try emitRoot(row, kind, stage, place)
      }
    }
    program.outputs = ([stage.row] + stage.companions.map(\.row)).flatMap { made[$0] ?? [] }
    return TileProgram(graph: program, inputs: inputs, isReusable: isReusable)
  }

  // MARK: - What is needed

  private func place(_ row: Int, space region: [TileRange]) -> Place {
    let output = spaces[row].map { space in space.output.map { region[$0] } } ?? []
    return Place(region: output, dependence: graph.tile(of: row, region: region), space: region)
  }

  private mutating func request(_ row: Int) {
    if places[row] == nil {
      let asked = (0..<graph.types(row).count).flatMap {
        requests[Value(row: row, result: $0)] ?? []
      }
      guard let space = spaces[row] else { return }
      let regions = Self.joined(asked.map { widened($0, space) })
      places[row] = regions.map { region in
        var whole = space.extents.map { TileRange.whole($0) }
        for (place, axis) in space.output.enumerated() { whole[axis] = region[place] }
        return self.place(row, space: whole)
      }
    }
    for place in places[row] ?? [] {
      for (operand, region) in zip(graph.operands(row), place.dependence.operands) {
        if let region { requests[operand, default: []].append(region) }
      }
    }
  }

  /// The region with the axes whole that the row only makes whole.
  private func widened(_ region: [TileRange], _ space: TileSpace) -> [TileRange] {
    let whole = space.wholeWithinTiles
    if whole.isEmpty { return region }
    return region.indices.map { place in
      whole.contains(space.output[place])
        ? .whole(space.extents[space.output[place]]) : region[place]
    }
  }

  /// Regions without those that others hold, near ones as one.
  static func joined(_ regions: [[TileRange]]) -> [[TileRange]] {
    var kept: [[TileRange]] = []
    for region in regions where !kept.contains(region) { kept.append(region) }
    var isStable = false
    while !isStable {
      isStable = true
      search: for i in kept.indices {
        for j in kept.indices where j > i {
          guard let box = box(kept[i], kept[j]) else { continue }
          kept[i] = box
          kept.remove(at: j)
          isStable = false
          break search
        }
      }
    }
    return kept
  }

  /// The box of two regions, if it is worth while.
  private static func box(_ a: [TileRange], _ b: [TileRange]) -> [TileRange]? {
    var box: [TileRange] = []
    for (x, y) in zip(a, b) {
      if x == y {
        box.append(x)
        continue
      }
      guard x.source < 0, y.source < 0 else { return nil }
      let isFixed = x.source == TileRange.fixed && y.source == TileRange.fixed
      let low = min(x.positions.lowerBound, y.positions.lowerBound)
      let high = max(x.positions.upperBound, y.positions.upperBound)
      box.append(
        TileRange(low..<high, source: isFixed ? TileRange.fixed : TileRange.moved))
    }
    let together = volume(a) + volume(b)
    return volume(box) <= mostExcess * together ? box : nil
  }

  private static func volume(_ region: [TileRange]) -> Double {
    region.reduce(1) { $0 * Double($1.count) }
  }

  /// The region among some that holds another.
  private static func holder(of region: [TileRange], among regions: [[TileRange]]) -> Int? {
    if let same = regions.firstIndex(of: region) { return same }
    return regions.firstIndex { candidate in
      zip(candidate, region).allSatisfy { outer, inner in
        outer == inner
          || outer.source < 0 && outer.positions.lowerBound <= inner.positions.lowerBound
            && inner.positions.upperBound <= outer.positions.upperBound
      }
    }
  }

  // MARK: - Writing

  private mutating func note(_ region: [TileRange]) {
    if region.contains(where: { $0.source == TileRange.moved }) { isReusable = false }
  }

  /// The value of an operand at a region.
  private mutating func value(
    _ operand: Value, _ region: [TileRange], at site: SourceSite
  ) throws -> Value {
    note(region)
    let whole: Value
    let outer: [TileRange]
    if let array = stored[operand] {
      let regions = Self.joined(requests[operand] ?? [region])
      guard let found = Self.holder(of: region, among: regions) else { throw Self.lost(operand) }
      outer = regions[found]
      whole = parameter(array, outer, graph.type(operand).dtype)
    } else {
      // What is only made with whole axes is asked for with them.
      let wanted = spaces[operand.index].map { widened(region, $0) } ?? region
      let places = places[operand.index] ?? []
      guard let found = Self.holder(of: wanted, among: places.map(\.region)) else {
        throw Self.lost(operand)
      }
      outer = places[found].region
      whole = places[found].values[Int(operand.result)]
    }
    if outer == region { return whole }
    note(outer)
    let spans = zip(outer, region).map { outer, inner in
      SliceSpan(
        start: inner.positions.lowerBound - outer.positions.lowerBound, count: inner.count)
    }
    let isFixed = zip(outer, region).allSatisfy { outer, inner in
      outer == inner || outer.source == TileRange.fixed && inner.source == TileRange.fixed
    }
    if !isFixed { isReusable = false }
    if zip(outer, region).allSatisfy({ $0.positions == $1.positions }) { return whole }
    return try program.add(.slice(spans), [whole], site: site)
  }

  private static func lost(_ value: Value) -> WeftError {
    WeftError(.internal, "tile", "no region holds what is needed of row \(value.row)")
  }

  private mutating func parameter(
    _ array: Int, _ region: [TileRange], _ dtype: DType
  ) -> Value {
    let key = Parameter(array: array, region: region)
    if let known = parameters[key] { return known }
    let extents = region.map(\.count)
    let isWhole = extents == arrays[array].grid.extents
    let facts = isWhole ? arrays[array].parameter.map { graph.parameters[$0].facts } : nil
    // A box of a sparse array is stored as the whole.
    let layout = arrays[array].parameter.flatMap { graph.parameters[$0].layout }
    let value = program.addParameter(
      "p\(inputs.count)", TensorType(dtype, Shape(extents)), facts: facts ?? .none,
      layout: layout?.isDense == false ? layout : nil)
    inputs.append(.region(array: array, region))
    parameters[key] = value
    return value
  }

  private mutating func position(_ range: TileRange) -> Value {
    if range.source == TileRange.moved { isReusable = false }
    let value = program.addParameter("p\(inputs.count)", TensorType(.int64, .scalar))
    inputs.append(.position(range))
    return value
  }

  /// The operands of a row that a place needs.
  private mutating func operands(_ row: Int, _ place: Place) throws -> [Value] {
    note(place.space)
    if place.dependence.isPlaced { isReusable = false }
    var operands: [Value] = []
    for (operand, region) in zip(graph.operands(row), place.dependence.operands) {
      guard let region else { continue }
      operands.append(try value(operand, region, at: graph.rows[row].site))
    }
    return operands
  }

  private mutating func emit(_ row: Int, _ n: Int) throws {
    guard let place = places[row]?[n] else { return }
    let operands = try operands(row, place)
    let values = try results(row, place, operands)
    places[row]?[n].values = values
  }

  /// The results of a row's ops over operands.
  private mutating func results(
    _ row: Int, _ place: Place, _ operands: [Value]
  ) throws -> [Value] {
    let site = graph.rows[row].site
    if let axis = place.dependence.countedAxis {
      return [try counts(graph.type(Value(row: row)).dtype, place.space, axis, site)]
    }
    let ops = place.dependence.ops
    guard var result = operands.first ?? (ops.isEmpty ? nil : Value(row: 0)) else {
      throw Self.lost(Value(row: row))
    }
    var isFirst = true
    for op in ops {
      if isFirst, case .compress = op {
        result = program.add(op, operands, types: Array(graph.types(row)), site: site)
      } else {
        result = try program.add(op, isFirst ? operands : [result], site: site)
      }
      isFirst = false
    }
    return (0..<graph.types(row).count).map {
      isFirst ? result : Value(row: result.index, result: $0)
    }
  }

  /// Counts along an axis, from where the tile begins.
  private mutating func counts(
    _ dtype: DType, _ region: [TileRange], _ axis: Int, _ site: SourceSite
  ) throws -> Value {
    let shape = Shape(region.map(\.count))
    if region[axis].positions.lowerBound == 0, region[axis].source < 0 {
      return try program.add(.iota(TensorType(dtype, shape), axis: axis), site: site)
    }
    let counts = try program.add(.iota(TensorType(.int64, shape), axis: axis), site: site)
    let first = try program.add(
      .broadcast(to: shape, axes: []), [position(region[axis])], site: site)
    let sum = try program.add(.map(.add), [first, counts], site: site)
    return dtype == .int64 ? sum : try program.add(.convert(dtype), [sum], site: site)
  }

  /// The results of a stage's row, or their parts.
  private mutating func emitRoot(
    _ row: Int, _ kind: Stage.Kind, _ stage: Stage, _ place: Place
  ) throws -> [Value] {
    let site = graph.rows[row].site
    var operands = try operands(row, place)
    switch kind {
    case .tile: return try results(row, place, operands)
    case .part(let combination):
      let wide = StagePlanner.partTypes(row, combination, graph)[0]
      if case .fold = combination {
        operands = try operands.map {
          program.type($0).dtype == wide ? $0 : try program.add(.convert(wide), [$0], site: site)
        }
      }
      var parts: [Value]
      if case .moments = combination, case .reduce(_, let axes) = graph.rows[row].op {
        parts = try program.addMoments(of: operands[0], axes, site: site)
      } else {
        parts = try results(row, place, operands)
      }
      if case .position(let f) = combination, case .argReduce(_, let axis) = graph.rows[row].op {
        let first = try program.add(
          .broadcast(to: program.type(parts[0]).shape, axes: []), [position(place.space[axis])],
          site: site)
        let extreme = try program.add(.reduce(f, [axis]), operands, site: site)
        parts = [extreme, try program.add(.map(.add), [first, parts[0]], site: site)]
      }
      return try parts.map { part in
        let shape = Shape(codes: [1] + program.type(part).shape.codes)
        return try program.add(.reshape(shape), [part], site: site)
      }
    case .carry(_, let axis): return try emitCarry(stage, place, operands, axis)
    case .join, .random: throw Self.lost(Value(row: row))
    }
  }

  /// Running folds that go on where the tile before ends.
  private mutating func emitCarry(
    _ stage: Stage, _ place: Place, _ operands: [Value], _ axis: Int
  ) throws -> [Value] {
    let row = stage.row
    let site = graph.rows[row].site
    let start = place.space[axis].positions.lowerBound
    isReusable = false
    if start == 0 { return try results(row, place, operands) }
    var before = place.space
    before[axis] = TileRange(start - 1..<start, source: TileRange.moved)
    let last = parameter(stage.results[0], before, graph.type(Value(row: row)).dtype)
    let joined = try program.add(.concatenate(axis: axis), [last] + operands, site: site)
    let folded = try program.add(graph.rows[row].op, [joined], site: site)
    let spans = place.space.indices.map {
      SliceSpan(start: $0 == axis ? 1 : 0, count: place.space[$0].count)
    }
    return [try program.add(.slice(spans), [folded], site: site)]
  }
}

// MARK: - Joining parts

extension TileBuilder {
  private mutating func join(
    _ stage: Stage, _ region: [TileRange], _ combination: TileSpace.Combination, isLast: Bool
  ) throws -> TileProgram {
    let site = graph.rows[stage.row].site
    let group = region[0].positions.lowerBound
    let count = JoinTree.members(of: group, arrays[stage.parts[0]].grid.counts[0])
    let extents = region.dropFirst().map(\.count)
    var parts: [[Value]] = []
    for member in 0..<count {
      parts.append(
        stage.parts.map { array in
          let value = program.addParameter(
            "p\(inputs.count)", TensorType(arrays[array].type.dtype, Shape([1] + extents)))
          inputs.append(.part(array: array, member))
          return value
        })
    }
    while parts.count > 1 {
      var next: [[Value]] = []
      for n in stride(from: 0, to: parts.count, by: 2) {
        next.append(
          n + 1 < parts.count
            ? try joined(parts[n], parts[n + 1], combination, site) : parts[n])
      }
      parts = next
    }
    var outputs = parts[0]
    if isLast {
      // Of an extreme and its position the position is the result, of moments the first two are.
      let results =
        if case .moments = combination { outputs.prefix(2) } else { outputs.suffix(1) }
      outputs = try zip(results, stage.results).map { result, array in
        let whole = try program.add(.reshape(Shape(extents)), [result], site: site)
        let dtype = arrays[array].type.dtype
        return program.type(whole).dtype == dtype
          ? whole : try program.add(.convert(dtype), [whole], site: site)
      }
    }
    program.outputs = outputs
    return TileProgram(graph: program, inputs: inputs, isReusable: true)
  }

  private mutating func joined(
    _ a: [Value], _ b: [Value], _ combination: TileSpace.Combination, _ site: SourceSite
  ) throws -> [Value] {
    switch combination {
    case .fold(let f): return [try program.add(.map(f), [a[0], b[0]], site: site)]
    case .position(let f):
      var isLater = try program.add(
        .map(.less), f == .maximum ? [a[0], b[0]] : [b[0], a[0]], site: site)
      if program.type(a[0]).dtype.isInexact {
        let first = try program.add(.map(.isnan), [a[0]], site: site)
        let second = try program.add(.map(.isnan), [b[0]], site: site)
        let either = try program.add(.map(.logicalOr), [isLater, second], site: site)
        let none = try program.add(.map(.logicalNot), [first], site: site)
        isLater = try program.add(.map(.logicalAnd), [either, none], site: site)
      }
      return try zip(a, b).map { try program.add(.map(.select), [isLater, $1, $0], site: site) }
    case .moments: return try program.addJoinedMoments(a, b, site: site)
    case .none, .carry: throw Self.lost(Value(row: 0))
    }
  }
}
