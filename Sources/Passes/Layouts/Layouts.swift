import WeftIR

extension Pass {
  /// Decides how values are stored where arrays are sparse: see `GraphLayouts`.
  ///
  /// Needs: all rewriting done. Leaves: rows of which each takes its operands as they are stored; an
  /// operand that a row cannot take sparse goes through a `store` row. Throws `would-densify` where
  /// such an array has more bytes than the limit.
  public static let layouts = Pass(
    "layouts", "decide how values are stored, within the limit for dense ones", isNeeded: true
  ) { graph, context in
    guard graph.isSparse else { return }
    let layouts = GraphLayouts(graph)
    let live = graph.liveRows()
    let densifying = Set(layouts.densifying.filter { live[$0] })
    for row in densifying.sorted() { try checkLimit(row, of: graph, layouts, context) }
    for row in 0..<graph.count where live[row] {
      if let value = layouts.spread(row) { try checkSpread(value, of: graph, context) }
      let whole = layouts.storedWhole(row)
      if !whole.isEmpty { try checkLimit(row, of: graph, layouts, context, places: whole) }
    }
    if !densifying.isEmpty {
      graph = try graph.rebuilt { new, row, operands in
        guard densifying.contains(row) else { return nil }
        let site = graph.rows[row].site
        var dense = operands
        for (place, operand) in graph.operands(row).enumerated()
        where layouts[operand].isSparse {
          dense[place] = try new.add(
            .store(.dense(rank: graph.type(operand).rank)), [operands[place]], site: site)
        }
        let copy = try new.addCopy(of: row, from: graph, dense)
        return graph.types(row).indices.map {
          Value(row: copy.index, result: $0 - graph.types(row).startIndex)
        }
      }
    }
    note(graph, context)
  }

  /// The layouts of results, before rules find that some repeat one element: none for dense ones.
  static func resultLayouts(_ graph: Graph) -> [Layout?] {
    guard graph.isSparse else { return graph.outputs.map { _ in nil } }
    let layouts = GraphLayouts(graph)
    return graph.outputs.map { layouts.layout(of: $0) }
  }

  /// Stores results that were to be sparse and repeat one element as arrays of which nothing but the fill is there.
  static func storeUniform(_ graph: inout Graph, _ written: [Layout?]) throws {
    guard written.contains(where: { $0 != nil }) else { return }
    let layouts = GraphLayouts(graph)
    for (place, output) in graph.outputs.enumerated() {
      let type = graph.type(output)
      guard let layout = written[place], case .uniform(let element) = layouts[output],
        let count = type.shape.wideCount, count > 0
      else { continue }
      let filled =
        layout.fill?.converted(to: type.dtype) == element
        ? layout : .coordinates(rank: type.rank, fill: element)
      graph.outputs[place] = try graph.add(
        .store(filled), [output], site: graph.rows[output.index].site)
    }
  }

  /// The most rows whose storage is told.
  private static let mostNoted = 50

  private static func note(_ graph: Graph, _ context: PassContext) {
    context.report.note { [graph] in
      let layouts = GraphLayouts(graph)
      let names = graph.valueNames()
      let sparse = (0..<graph.count).filter { layouts.tells($0) }
      let lines = sparse.prefix(mostNoted).map { row in
        let (value, type) = (Value(row: row), graph.type(Value(row: row)))
        let name = "layout \(names[row]) \(graph.rows[row].op.name)"
        guard let layout = layouts.layout(of: value) else {
          return "\(name): dense, of which " + share(layouts.likelyShare(row), type)
        }
        return "\(name): \(layout), " + share(layouts.density(of: value), type)
      }
      let rest = sparse.count > mostNoted ? ["layout of \(sparse.count - mostNoted) more"] : []
      return (lines + rest).joined(separator: "\n")
    }
  }

  /// An estimate in words.
  private static func share(_ share: Double, _ type: TensorType) -> String {
    let stored = share * type.shape.codes.reduce(1) { $0 * Double($1) }
    let percent = (share * 10_000).rounded() / 100
    return
      "about \(Int(exactly: stored.rounded()).map { "\($0)" } ?? "\(stored)") stored, \(percent) %"
  }

  /// Throws `would-densify` where what a row makes of all elements of a sparse array has more bytes than the limit.
  private static func checkSpread(
    _ value: Value, of graph: Graph, _ context: PassContext
  ) throws(WeftError) {
    let type = graph.type(value)
    if let bytes = type.byteCount, bytes <= context.densifyLimit { return }
    let size = type.byteCount.map { "\($0)" } ?? "more than 2^63"
    throw WeftError(
      .wouldDensify, graph.rows[value.index].op.name,
      "gives \(type), a dense array of \(size) bytes; the limit is \(context.densifyLimit) bytes",
      site: graph.rows[value.index].site, hint: "raise WEFT_DENSIFY_LIMIT")
  }

  /// Throws `would-densify` where a sparse operand of a row has more bytes, dense, than the limit; of places that are
  /// given one that repeats an element, too.
  static func checkLimit(
    _ row: Int, of graph: Graph, _ layouts: GraphLayouts, _ context: PassContext,
    places: [Int]? = nil
  ) throws(WeftError) {
    for (place, operand) in graph.operands(row).enumerated() {
      guard layouts[operand] != .dense, places?.contains(place) ?? layouts[operand].isSparse
      else { continue }
      let type = graph.type(operand)
      if let bytes = type.byteCount, bytes <= context.densifyLimit { continue }
      let size = type.byteCount.map { "\($0)" } ?? "more than 2^63"
      throw WeftError(
        .wouldDensify, graph.rows[row].op.name,
        "needs \(type)" + (layouts.layout(of: operand).map { ", stored as \($0)," } ?? "")
          + " as a dense array of \(size) bytes; "
          + "the limit is \(context.densifyLimit) bytes",
        site: graph.rows[row].site,
        hint: "raise WEFT_DENSIFY_LIMIT, or call asDense() where it is meant")
    }
  }
}
