extension Graph {
  /// The graph as text that parses back to an equal graph, one row a line.
  ///
  /// The text is the same in every process: unknown extents are numbered in order of appearance.
  /// - Parameters:
  ///   - sites: Whether rows end with the user's line as a comment.
  ///   - maxRows: The most rows to show; a comment tells how many are left out between the first
  ///     and the last ones. Such a text does not parse back. Nil shows all.
  public func text(sites: Bool = true, maxRows: Int? = nil) -> String {
    var whole: [UInt8] = []
    write(sites: sites, maxRows: maxRows) { whole += $0 }
    return String(decoding: whole, as: UTF8.self)
  }

  /// Gives the text in pieces of UTF-8, so that long ones need no room as a whole.
  public func write<Failure: Error>(
    sites: Bool = true, maxRows: Int? = nil, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var printer = GraphPrinter(self, sites: sites)
    try printer.write(maxRows: maxRows, to: sink)
  }

  /// The text of some rows, one a line.
  public func text(rows range: Range<Int>) -> String {
    var printer = GraphPrinter(self, sites: true)
    for row in range.clamped(to: 0..<count) { printer.appendRow(row) }
    return printer.buffer.text
  }
}

extension Graph: CustomStringConvertible {
  /// The text form, without the middle rows when there are more than a thousand.
  public var description: String { text(maxRows: 1000) }
}

/// Writes the text form of a graph.
struct GraphPrinter {
  let graph: Graph
  let sites: Bool
  var buffer = TextBuffer()
  private let names: GraphNames
  private var siteTexts: [SourceSite: String] = [:]
  /// How values are stored, where any is sparse.
  private let layouts: GraphLayouts?

  init(_ graph: Graph, sites: Bool) {
    self.graph = graph
    self.sites = sites
    names = GraphNames(graph)
    layouts = sites && graph.isSparse ? GraphLayouts(graph) : nil
  }

  /// Pieces are handed on when they are about this long, in bytes.
  private static let pieceSize = 1 << 16

  mutating func write<Failure: Error>(
    maxRows: Int?, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    buffer.reserve(Self.pieceSize + 4096)
    appendHead()
    let body = names.headCount..<graph.count
    let shown = min(max(maxRows ?? body.count, 0), body.count)
    let leftOut = body.count - shown
    let firstLeftOut = leftOut == 0 ? body.upperBound : body.lowerBound + (shown + 1) / 2
    for row in body.lowerBound..<firstLeftOut { try show(row, sink) }
    if leftOut > 0 {
      buffer.append("  // ... ")
      buffer.append(leftOut)
      buffer.append(" of ")
      buffer.append(body.count)
      buffer.append(" rows left out ...\n")
      for row in firstLeftOut + leftOut..<body.upperBound { try show(row, sink) }
    }
    buffer.append("  return")
    if !graph.outputs.isEmpty { buffer.append(" ") }
    let names = names
    buffer.appendList(graph.outputs) { names.append($1, to: &$0) }
    buffer.append("\n}\n")
    try sink(buffer.bytes)
  }

  private mutating func show<Failure: Error>(
    _ row: Int, _ sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    appendRow(row)
    if buffer.count > Self.pieceSize {
      try sink(buffer.bytes)
      buffer.removeAll()
    }
  }

  private mutating func appendHead() {
    buffer.append("graph @")
    buffer.append(name: graph.name)
    buffer.append("(")
    let (graph, names) = (graph, names)
    buffer.appendList(0..<names.headCount) { buffer, row in
      names.append(Value(row: row), to: &buffer)
      buffer.append(": ")
      names.append(graph.parameters[row].type, to: &buffer)
      if let layout = graph.parameters[row].layout {
        buffer.append(" in ")
        buffer.append(text: layout.description)
        if let stored = graph.parameters[row].stored {
          buffer.append(" storing ")
          buffer.append(stored)
        }
      }
      names.append(options: graph.parameters[row].facts.options, to: &buffer)
    }
    buffer.append(") {\n")
  }

  /// Appends a row as a line.
  mutating func appendRow(_ row: Int) {
    buffer.append("  ")
    for result in graph.types(row).indices {
      if result > graph.types(row).startIndex { buffer.append(", ") }
      names.append(
        Value(row: row, result: result - graph.types(row).startIndex), to: &buffer)
    }
    buffer.append(" = ")
    names.append(graph.rows[row].op, graph.operands(row), to: &buffer)
    buffer.append(" : ")
    var isFirst = true
    for type in graph.types(row) {
      if !isFirst { buffer.append(", ") }
      isFirst = false
      names.append(type, to: &buffer)
    }
    let layout = layouts?.layout(of: Value(row: row))
    if sites { appendSite(graph.rows[row].site, layout) }
    buffer.append("\n")
  }

  private mutating func appendSite(_ site: SourceSite, _ layout: Layout?) {
    if let layout {
      buffer.append("  // in ")
      buffer.append(text: layout.description)
    }
    if site == .none { return }
    let text: String
    if let known = siteTexts[site] {
      text = known
    } else {
      text = site.description
      siteTexts[site] = text
    }
    if text.isEmpty { return }
    buffer.append(layout == nil ? "  // " : ", ")
    buffer.append(text: text)
  }
}
