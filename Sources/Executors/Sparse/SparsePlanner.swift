import WeftIR
import WeftPasses
import WeftPlans

/// One step of a plan over sparse arrays.
enum SparseStep: Sendable {
  /// Dense rows, on the executor for those.
  case dense(DenseRows)
  /// Elementwise rows that share their positions.
  case cluster(SparseCluster)
  /// One row.
  case row(Int)
  /// Pairs of entries, and the cluster that does where these do not.
  case outer(OuterProduct, SparseCluster)
}

/// Dense rows that run as one graph.
struct DenseRows: Sendable {
  let executable: any Executable
  let inputs: [Value]
  let outputs: [Value]
}

/// Cuts a graph into dense parts and sparse steps.
///
/// Rows have a phase: dense rows come one phase after the sparse ones that they use, so that each
/// phase is at most one dense part, then its sparse rows in order.
struct SparsePlanner {
  private let graph: Graph
  private let layouts: GraphLayouts
  private let executor: any Executor
  private let device: (any EntryDevice)?
  private let context: PassContext
  private let live: [Bool]
  private let uses: [Int]
  private var phases: [Int]
  /// By row, whether it is elementwise work on counters and known elements alone.
  private var counted: [Bool]
  /// Folds whose only user asks for dense elements, which gets them without entries in between.
  private var joined: Set<Int> = []
  /// By row; what repeats their operands does not run.
  private var outer: [Int: OuterProduct] = [:]
  /// By row that repeats a sparse array.
  private var guides: [Int: BroadcastGuide] = [:]
  /// By product of sparse matrices: the sparse factor of the only row that uses it.
  private var masks: [Int: Value] = [:]

  init(
    _ graph: Graph, dense: any Executor, on device: (any EntryDevice)?, _ context: PassContext
  ) {
    self.graph = graph
    executor = dense
    self.device = device
    self.context = context
    let layouts = GraphLayouts(graph)
    self.layouts = layouts
    let live = graph.liveRows()
    self.live = live
    uses = graph.useCounts()
    phases = Array(repeating: 0, count: graph.count)
    counted = Array(repeating: false, count: graph.count)
    for row in 0..<graph.count where live[row] {
      counted[row] = isCounted(row)
      let isSparse = layouts.isSparse(row)
      for operand in graph.operands(row) {
        let isLater = !isSparse && layouts.isSparse(operand.index)
        phases[row] = max(phases[row], phases[operand.index] + (isLater ? 1 : 0))
      }
      if let fold = Self.foldStored(densely: row, graph, layouts), uses[fold] == 1 {
        joined.insert(fold)
      }
      if let product = OuterProduct(row, of: graph, layouts, uses: uses) {
        outer[row] = product
        joined.formUnion(product.broadcasts)
      }
      for (row, guide) in BroadcastGuide.guides(of: row, graph, layouts, uses: uses) {
        guides[row] = guide
      }
      if let (product, mask) = maskedProduct(of: row) { masks[product] = mask }
    }
  }

  /// The product of sparse matrices of which a row uses only what another operand stores, and that operand.
  ///
  /// As with masks of dense products: what finite numbers overflow to elsewhere is not seen.
  private func maskedProduct(of row: Int) -> (product: Int, mask: Value)? {
    guard case .map(.multiply) = graph.rows[row].op, context.allowsMasks,
      layouts.layout(of: Value(row: row)) != nil
    else { return nil }
    let operands = Array(graph.operands(row))
    for (product, mask) in zip(operands, operands.reversed()) {
      guard case .contract(let contraction) = graph.op(product), uses[product.index] == 1,
        contraction.operands.count == 2, layouts.layout(of: product) != nil,
        layouts.layout(of: mask)?.fill?.boolValue == false, isMade(mask, before: product)
      else { continue }
      return (product.index, mask)
    }
    return nil
  }

  /// Whether a sparse value is there when another row runs, and not made within a cluster.
  private func isMade(_ value: Value, before other: Value) -> Bool {
    let (own, next) = (value.index, other.index)
    if case .input = graph.rows[own].op { return true }
    return (phases[own], own) < (phases[next], next) && !(isElementwise(own) && uses[own] == 1)
  }

  /// The fold whose sparse result a row makes dense; nil for other rows.
  static func foldStored(densely row: Int, _ graph: Graph, _ layouts: GraphLayouts) -> Int? {
    guard case .store(let layout) = graph.rows[row].op, layout.isDense else { return nil }
    let operand = graph.operands(row)[graph.operands(row).startIndex]
    guard case .reduce = graph.op(operand), layouts.layout(of: operand) != nil else { return nil }
    return operand.index
  }

  func executable() throws -> SparseExecutable {
    let members = clusterRows()
    let needed = neededDenseValues(members)
    var steps: [SparseStep] = []
    var peak = 0
    for phase in 0...(phases.max() ?? 0) {
      let outputs = needed.filter { phases[$0.index] == phase }
      if !outputs.isEmpty {
        let isKnown = { (value: Value) -> Bool in
          layouts.isSparse(value.index)
            || needed.contains(value) && phases[value.index] < phase
        }
        let (part, inputs) = graph.part(computing: outputs, isKnown: isKnown)
        try Self.checkCountable(part, context)
        let executable = try executor.prepare(part, context)
        peak = max(peak, executable.peakBytes)
        steps.append(.dense(DenseRows(executable: executable, inputs: inputs, outputs: outputs)))
      }
      for row in 0..<graph.count
      where live[row] && phases[row] == phase && layouts.isSparse(row) && !joined.contains(row) {
        if let product = outer[row] {
          let cluster = SparseCluster([row], of: graph, layouts, on: executor, context)
          steps.append(.outer(product, cluster))
        } else if let rows = members[row] {
          steps.append(
            .cluster(SparseCluster(rows, of: graph, layouts, on: executor, context)))
        } else if !members.values.contains(where: { $0.contains(row) }) {
          steps.append(.row(row))
        }
      }
    }
    return SparseExecutable(
      graph, layouts, steps, executor, on: device, context, guides: guides, masks: masks,
      densePeak: peak)
  }

  /// Dense rows with more elements than can be counted are some that sparse operands were to decide.
  private static func checkCountable(_ part: Graph, _ context: PassContext) throws(WeftError) {
    for row in 0..<part.count {
      let type = part.type(Value(row: row))
      guard type.shape.isKnown, type.byteCount == nil else { continue }
      throw WeftError(
        .wouldDensify, part.rows[row].op.name,
        "needs \(type) as a dense array of more than 2^63 bytes; the limit is "
          + "\(context.densifyLimit) bytes",
        site: part.rows[row].site)
    }
  }

  /// Elementwise rows by the last one of each cluster: what only one such row uses joins it.
  private func clusterRows() -> [Int: [Int]] {
    var root = Array(repeating: -1, count: graph.count)
    var clusters: [Int: [Int]] = [:]
    for row in (0..<graph.count).reversed() where live[row] && isElementwise(row) {
      if root[row] < 0 { root[row] = row }
      clusters[root[row], default: []].insert(row, at: 0)
      for operand in graph.operands(row)
      where uses[operand.index] == 1 && isElementwise(operand.index)
        && phases[operand.index] == phases[row]
      {
        root[operand.index] = root[row]
      }
      join(row, &clusters, root[row])
    }
    return clusters
  }

  /// Makes the dense conditions of a selection at its entries, with what they are compared from.
  ///
  /// What is counted is made again for each cluster; other rows join the one that has all their uses.
  private func join(_ row: Int, _ clusters: inout [Int: [Int]], _ root: Int) {
    guard case .map(.select) = graph.rows[row].op else { return }
    var joined = Set(clusters[root] ?? [])
    var seen: [Int: Int] = [:]
    var open = Array(graph.operands(row).prefix(1))
    while let value = open.popLast() {
      guard isCondition(value) else { continue }
      seen[value.index, default: 0] += 1
      guard counted[value.index] || seen[value.index] == uses[value.index],
        joined.insert(value.index).inserted
      else { continue }
      open += graph.operands(value.index)
    }
    clusters[root] = joined.sorted()
  }

  /// Whether a dense value is truth from elementwise work, or a number from counting that truth is compared from.
  private func isCondition(_ value: Value) -> Bool {
    guard layouts[value] == .dense,
      graph.operands(value.index).allSatisfy({ !layouts.isSparse($0.index) }),
      graph.type(value).dtype == .bool || counted[value.index]
    else { return false }
    switch graph.op(value) {
    case .map, .convert: return true
    default: return false
    }
  }

  private func isCounted(_ row: Int) -> Bool {
    let value = Value(row: row)
    if case .uniform = layouts[value] { return true }
    if SparseCluster.counter(value, graph) != nil { return true }
    switch graph.rows[row].op {
    case .map, .convert: return graph.operands(row).allSatisfy { counted[$0.index] }
    default: return false
    }
  }

  private func isElementwise(_ row: Int) -> Bool {
    guard layouts.layout(of: Value(row: row)) != nil, outer[row] == nil else { return false }
    switch graph.rows[row].op {
    case .map, .convert: return true
    default: return false
    }
  }

  /// The dense values that sparse rows, dense rows of later phases and the outputs ask for.
  private func neededDenseValues(_ clusters: [Int: [Int]]) -> [Value] {
    var needed: Set<Value> = []
    func need(_ value: Value) {
      if layouts.isSparse(value.index) { return }
      switch graph.op(value) {
      case .input: return
      case .constant, .iota: return
      case .broadcast: if let source = graph.operands(value.index).first { need(source) }
      default: needed.insert(value)
      }
    }
    let joined = Set(clusters.values.joined())
    for row in 0..<graph.count where live[row] {
      for operand in graph.operands(row) where !joined.contains(operand.index) {
        if joined.contains(row), SparseCluster.counter(operand, graph) != nil { continue }
        if layouts.isSparse(row) || joined.contains(row) {
          needForSparse(operand, row, &needed)
        } else if phases[operand.index] < phases[row] {
          need(operand)
        }
      }
    }
    for output in graph.outputs where !layouts.isSparse(output.index) {
      if case .input = graph.op(output) { continue }
      needed.insert(output)
    }
    return needed.sorted { ($0.row, $0.result) < ($1.row, $1.result) }
  }

  /// What a sparse row reads of a dense value: the source of a broadcast, which is read through.
  private func needForSparse(_ operand: Value, _ row: Int, _ needed: inout Set<Value>) {
    if layouts.isSparse(operand.index) { return }
    if case .uniform = layouts[operand] { return }
    // The places that a mask keeps are what counting them gives.
    if case .compress = graph.rows[row].op, case .iota = graph.op(operand) { return }
    var value = operand
    if case .broadcast = graph.op(operand), let source = graph.operands(operand.index).first {
      value = source
    }
    if case .input = graph.op(value) { return }
    if layouts.isSparse(value.index) { return }
    needed.insert(value)
  }
}
