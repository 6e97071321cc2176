import WeftIR
import WeftPasses

/// Which axes of a graph's values are cut alike, and how.
///
/// Axes that a row takes through unchanged are one class, so that tiles of operands and results
/// meet and nothing is cut anew between rows.
struct AxisClasses {
  private let graph: Graph
  /// How values are stored, where some are sparse.
  private let layouts: GraphLayouts?
  /// The number of each value's first axis.
  private var first: [Value: Int] = [:]
  private var parent: [Int] = []
  private var extents: [Int] = []
  /// The cut of a class, by its root; whole where there is none.
  private(set) var cuts: [Int: ChunkGrid.Cut] = [:]
  /// Classes that are cut finer than the program says, as chunks would be too large.
  private var reduced: Set<Int> = []
  /// Classes that the program cuts.
  private var asked: Set<Int> = []
  /// Classes that some row needs whole.
  private var avoided: Set<Int> = []

  init(_ graph: Graph, _ spaces: [TileSpace?], _ live: [Bool]) {
    self.graph = graph
    layouts = graph.isSparse ? GraphLayouts(graph) : nil
    for row in 0..<graph.count where live[row] {
      for (result, type) in graph.types(row).enumerated() {
        first[Value(row: row, result: result)] = parent.count
        for code in type.shape.codes {
          parent.append(parent.count)
          extents.append(max(0, code))
        }
      }
    }
    for row in 0..<graph.count where live[row] { link(row, spaces[row]) }
    for row in 0..<graph.count where live[row] { avoid(row, spaces[row]) }
  }

  private mutating func link(_ row: Int, _ space: TileSpace?) {
    guard let space else { return }
    var ofSpace: [Int?] = Array(repeating: nil, count: space.extents.count)
    func join(_ axis: Int, _ other: Int) {
      if let known = ofSpace[axis] { union(known, other) } else { ofSpace[axis] = other }
    }
    for result in 0..<graph.types(row).count {
      for (place, axis) in space.output.enumerated() {
        join(axis, id(Value(row: row, result: result), place))
      }
    }
    for (uses, operand) in zip(space.operands, graph.operands(row)) {
      for (place, use) in uses.enumerated() {
        switch use {
        case .same(let axis): join(axis, id(operand, place))
        case .moved(let axis):
          // Axes of one kind with other extents, such as borders of a grid.
          if case .reshape = graph.rows[row].op { continue }
          join(axis, id(operand, place))
        case .whole: break
        }
      }
    }
  }

  private mutating func avoid(_ row: Int, _ space: TileSpace?) {
    guard let space else {
      for operand in graph.operands(row) {
        for axis in 0..<graph.type(operand).rank { avoided.insert(root(id(operand, axis))) }
      }
      return
    }
    for axis in space.whole {
      if let place = space.output.firstIndex(of: axis) {
        avoided.insert(root(id(Value(row: row), place)))
      }
    }
    if case .carry(_, let axis) = space.combination {
      avoided.insert(root(id(Value(row: row), axis)))
    }
    for (uses, operand) in zip(space.operands, graph.operands(row)) {
      for (place, use) in uses.enumerated()
      where use == .whole && graph.type(operand).shape.codes[place] > 1 {
        avoided.insert(root(id(operand, place)))
      }
    }
  }

  private func id(_ value: Value, _ axis: Int) -> Int { (first[value] ?? 0) + axis }

  private func root(_ id: Int) -> Int {
    var id = id
    while parent[id] != id { id = parent[id] }
    return id
  }

  private mutating func union(_ a: Int, _ b: Int) {
    let (a, b) = (root(a), root(b))
    if a == b { return }
    parent[b] = a
    extents[a] = max(extents[a], extents[b])
  }

  // MARK: - Cutting

  /// Cuts as the program says: `store` rows with chunks.
  mutating func followProgram(_ live: [Bool]) {
    for row in 0..<graph.count where live[row] {
      guard case .store(let layout) = graph.rows[row].op, let chunks = layout.chunks else {
        continue
      }
      for (axis, cut) in chunks.enumerated() {
        let root = self.root(id(Value(row: row), axis))
        if cuts[root] == nil { cuts[root] = cut }
        asked.insert(root)
      }
    }
  }

  /// Cuts what the program leaves open.
  mutating func choose(_ chunking: Chunking, chunkBytes: Int, _ live: [Bool]) {
    switch chunking {
    case .automatic, .bytes: chooseByBytes(chunkBytes, live)
    case .extent(let size):
      for root in roots where cuts[root] == nil {
        cuts[root] = .uniform(max(size, Self.least(extents[root])))
      }
    case .seeded(let seed):
      var state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1
      for root in roots where cuts[root] == nil {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        let least = Self.least(extents[root])
        cuts[root] = .uniform(least + Int(state >> 33) % max(1, extents[root] - least + 1))
      }
    }
  }

  private var roots: [Int] { parent.indices.filter { parent[$0] == $0 } }

  private static func least(_ extent: Int) -> Int {
    max(1, (extent + Chunking.mostPieces - 1) / Chunking.mostPieces)
  }

  /// Cuts the value with the greatest chunks along its outermost axis that may be cut, until none
  /// is greater than what is asked for.
  private mutating func chooseByBytes(_ most: Int, _ live: [Bool]) {
    let values = first.keys.filter { graph.type($0).shape.isKnown }
      .sorted { ($0.row, $0.result) < ($1.row, $1.result) }
    var isDone: Set<Value> = []
    while true {
      var greatest: (value: Value, bytes: Double)?
      for value in values where !isDone.contains(value) {
        let bytes = chunkBytes(value)
        if bytes > Double(most), bytes > greatest?.bytes ?? 0 { greatest = (value, bytes) }
      }
      guard let greatest else { return }
      if !cutOnce(greatest.value, by: greatest.bytes / Double(most)) {
        isDone.insert(greatest.value)
      }
    }
  }

  private func chunkBytes(_ value: Value) -> Double {
    let type = graph.type(value)
    var itemBytes = Double(type.dtype.itemSize)
    if let layouts, layouts.layout(of: value) != nil {
      itemBytes = min(itemBytes, layouts.density(of: value) * (itemBytes + 8))
    }
    return type.shape.codes.indices.reduce(itemBytes) {
      $0 * Double(chunkExtent(value, $1))
    }
  }

  /// The greatest extent of a chunk along an axis.
  private func chunkExtent(_ value: Value, _ axis: Int) -> Int {
    let extent = graph.type(value).shape.codes[axis]
    switch cuts[root(id(value, axis))] {
    case nil: return extent
    case .uniform(let size): return min(size, extent)
    case .pieces(let pieces): return pieces.max() ?? extent
    }
  }

  private mutating func cutOnce(_ value: Value, by factor: Double) -> Bool {
    let axes = graph.type(value).shape.codes.indices.filter { chunkExtent(value, $0) > 1 }
    func mayCut(_ axis: Int) -> Bool {
      if case .pieces = cuts[root(id(value, axis))] { false } else { true }
    }
    let open = axes.filter(mayCut)
    guard let axis = open.first(where: { !avoided.contains(root(id(value, $0))) }) ?? open.first
    else { return false }
    let extent = chunkExtent(value, axis)
    let number = root(id(value, axis))
    if asked.contains(number) { reduced.insert(number) }
    cuts[number] = .uniform(max(1, Int(Double(extent) / factor)))
    return true
  }

  // MARK: - Grids

  /// Whether an axis is cut finer than the program says.
  func isReduced(_ value: Value, _ axis: Int) -> Bool { reduced.contains(root(id(value, axis))) }

  /// How an axis of a value is cut.
  func cut(_ value: Value, _ axis: Int) -> ChunkGrid.Cut {
    let extent = graph.type(value).shape.codes[axis]
    switch cuts[root(id(value, axis))] {
    case nil: return .uniform(max(1, extent))
    case .uniform(let size): return .uniform(max(1, min(size, extent)))
    case .pieces(let pieces):
      // Of another member's extent: pieces of the greatest of them.
      return pieces.reduce(0, +) == extent
        ? .pieces(pieces) : .uniform(max(1, min(pieces.max() ?? extent, max(1, extent))))
    }
  }

  /// Whether nothing is cut.
  var isWhole: Bool {
    first.allSatisfy { value, _ in
      graph.type(value).shape.codes.indices.allSatisfy {
        chunkExtent(value, $0) >= graph.type(value).shape.codes[$0]
      }
    }
  }

  /// The class of each axis of a row's space; nil for one that no value has.
  func classes(_ row: Int, _ space: TileSpace) -> [Int?] {
    space.extents.indices.map { axis in
      if let place = space.output.firstIndex(of: axis) { return root(id(Value(row: row), place)) }
      for (uses, operand) in zip(space.operands, graph.operands(row)) {
        if let place = uses.firstIndex(of: .same(axis)) { return root(id(operand, place)) }
      }
      return nil
    }
  }

  /// The grid of a row's space.
  func grid(_ row: Int, _ space: TileSpace) -> ChunkGrid {
    let cuts = space.extents.indices.map { axis -> ChunkGrid.Cut in
      if space.whole.contains(axis) { return .uniform(max(1, space.extents[axis])) }
      if let place = space.output.firstIndex(of: axis) { return cut(Value(row: row), place) }
      for (uses, operand) in zip(space.operands, graph.operands(row)) {
        if let place = uses.firstIndex(of: .same(axis)) { return cut(operand, place) }
      }
      return .uniform(max(1, space.extents[axis]))
    }
    return ChunkGrid(space.extents, cuts: cuts)
  }
}
