import WeftIR
import WeftPasses

/// How a program says that its arrays are cut: what `rechunked` and sources say, carried on through the
/// operations after them. Neither a memory limit nor an executor has a say.
enum ProgramChunks {
  /// The pieces of each axis of an expression; one piece where nothing says more.
  static func pieces(of expr: Expr) throws(WeftError) -> [[Int]] {
    if let error = expr.error { throw error }
    guard let extents = expr.type.shape.known else {
      throw WeftError(
        .unknownExtent, "chunks", "\(expr.type) has extents that only the data tell",
        hint: "compute() the array first")
    }
    if let cuts = said(by: expr) { return ChunkGrid(extents, cuts: cuts).pieces }
    if expr.buffer != nil { return ChunkGrid(whole: extents).pieces }
    let capture = try Capture([expr])
    let graph = capture.graph
    let given = leaves(of: expr)
    var known: [Value: [[Int]]] = [:]
    for row in 0..<graph.count {
      for (result, type) in graph.types(row).enumerated() {
        guard let extents = type.shape.known else { continue }
        var pieces: [[Int]]?
        switch graph.op(Value(row: row)) {
        case .store(let layout):
          pieces = layout.chunks.map { ChunkGrid(extents, cuts: $0).pieces }
        case .input(let number, _):
          let buffer = capture.inputs[number]
          pieces = given[ObjectIdentifier(buffer)].map { ChunkGrid(extents, cuts: $0).pieces }
        default: break
        }
        known[Value(row: row, result: result)] = pieces ?? carried(graph, row, extents, known)
      }
    }
    return known[graph.outputs[0]] ?? ChunkGrid(whole: extents).pieces
  }

  /// What a node itself says.
  private static func said(by expr: Expr) -> [ChunkGrid.Cut]? {
    if let chunks = expr.storedLayout?.chunks { return chunks }
    return (expr.buffer?.residence as? SourceResidence)?.source.chunks
  }

  /// What the arrays in memory below an expression say.
  private static func leaves(of root: Expr) -> [ObjectIdentifier: [ChunkGrid.Cut]] {
    var found: [ObjectIdentifier: [ChunkGrid.Cut]] = [:]
    var seen: Set<ObjectIdentifier> = []
    var stack = [root]
    while let expr = stack.popLast() {
      guard seen.insert(ObjectIdentifier(expr)).inserted else { continue }
      switch expr.node {
      case .op(_, let operands): operands.forEach { stack.append($0) }
      case .projection(let other, _): stack.append(other)
      case .leaf(let buffer):
        if let chunks = said(by: expr) { found[ObjectIdentifier(buffer)] = chunks }
      case .poison, .released: break
      }
    }
    return found
  }

  /// The pieces of a row's result after those of its operands: an axis that it takes through
  /// unchanged is cut as the first operand that is cut there.
  private static func carried(
    _ graph: Graph, _ row: Int, _ extents: [Int], _ known: [Value: [[Int]]]
  ) -> [[Int]] {
    var pieces = extents.map { [$0] }
    let operands = Array(graph.operands(row))
    switch graph.op(Value(row: row)) {
    case .slice(let spans):
      guard let own = known[operands[0]] else { return pieces }
      for (axis, span) in spans.enumerated() where span.step == 1 {
        pieces[axis] = part(of: own[axis], span.start..<span.start + extents[axis])
      }
      return pieces
    case .concatenate(let axis):
      let all = operands.map { known[$0]?[axis] ?? [graph.type($0).shape.codes[axis]] }
      // Parts that nobody has cut are no cut.
      let parts = all.flatMap { $0 }.filter { $0 > 0 }
      if all.contains(where: { $0.count > 1 }) { pieces[axis] = parts }
      for other in extents.indices where other != axis {
        let cut = operands.compactMap { known[$0]?[other] }.first { $0.count > 1 }
        if let cut { pieces[other] = cut }
      }
      return pieces
    case .reverse(let axes):
      guard let own = known[operands[0]] else { return pieces }
      return own.indices.map { axes.contains($0) ? own[$0].reversed() : own[$0] }
    default: break
    }
    guard let space = graph.tileSpace(row) else { return pieces }
    var ofSpace: [[Int]?] = Array(repeating: nil, count: space.extents.count)
    for (uses, operand) in zip(space.operands, operands) {
      guard let own = known[operand] else { continue }
      for (place, use) in uses.enumerated() {
        if case .same(let axis) = use, ofSpace[axis] == nil, own[place].count > 1 {
          ofSpace[axis] = own[place]
        }
      }
    }
    for (place, axis) in space.output.enumerated() {
      if let cut = ofSpace[axis], cut.reduce(0, +) == extents[place] { pieces[place] = cut }
    }
    return pieces
  }

  /// The pieces of a range of an axis.
  private static func part(of pieces: [Int], _ range: Range<Int>) -> [Int] {
    var start = 0
    var parts: [Int] = []
    for piece in pieces {
      let count = (start..<start + piece).clamped(to: range).count
      if count > 0 { parts.append(count) }
      start += piece
    }
    return parts.isEmpty ? [0] : parts
  }
}

extension ChunkGrid {
  /// The extents of the pieces of each axis.
  var pieces: [[Int]] {
    counts.indices.map { axis in (0..<counts[axis]).map { range(axis, $0).count } }
  }
}
