/// One result of one row.
public struct Value: Hashable, Sendable {
  /// The row's index.
  public var row: Int32
  /// Which of the row's results.
  public var result: Int32

  /// A result of a row.
  public init(row: Int, result: Int = 0) {
    self.row = Int32(truncatingIfNeeded: row)
    self.result = Int32(truncatingIfNeeded: result)
  }

  /// The row's index.
  @inlinable public var index: Int { Int(row) }
}

/// A program: rows in an array, operands before users, equal rows stored once.
///
/// ```swift
/// import Weft
/// import WeftIR
///
/// var graph = Graph()
/// let x = graph.addParameter("x", TensorType(.float64, Shape([3])))
/// let root = try graph.add(.map(.sqrt), [x])
/// graph.outputs = [try graph.add(.reduce(.add, AxisSet([0])), [root])]
/// graph
/// // graph @main(%x: float64[3]) {
/// //   %0 = sqrt %x : float64[3]
/// //   %1 = reduce add %0 axes [0] : float64[]
/// //   return %1
/// // }
/// ```
public struct Graph: Sendable {
  /// What the outside gives.
  public struct Parameter: Hashable, Sendable {
    /// The name in the text form, without `%`.
    public var name: String
    /// dtype and shape.
    public var type: TensorType
    /// What is known of the elements of every array that the graph will be given.
    public var facts: Facts
    /// How every array that the graph will be given is stored; nil for dense ones.
    public var layout: Layout?
    /// About how many entries a sparse one stores: a power of two or 0; nil where nobody knows.
    public var stored: Int?

    /// A parameter from its parts.
    public init(
      name: String, type: TensorType, facts: Facts = .none, layout: Layout? = nil,
      stored: Int? = nil
    ) {
      self.name = name
      self.type = type
      self.facts = facts
      self.layout = layout
      self.stored = stored.map(Self.rounded)
    }

    /// The power of two next to a count by ratio: plans serve arrays with about as many entries.
    static func rounded(_ count: Int) -> Int {
      if count <= 0 { return 0 }
      let below = 1 << (Int.bitWidth - 1 - count.leadingZeroBitCount)
      // sqrt(2) as a ratio of small numbers.
      return below < 1 << 61 && count > below / 70 * 99 + below % 70 * 99 / 70 ? 2 * below : below
    }
  }

  /// One op with its operands and the place in the user's code.
  public struct Row: Sendable {
    /// What the row does.
    public let op: Op
    /// The user's line.
    public let site: SourceSite
    let operandStart: Int32
    let operandCount: Int32
    let typeStart: Int32
    let typeCount: Int32
  }

  /// The name in the text form.
  public var name: String
  /// The parameters in order; `input(n)` is the nth.
  public private(set) var parameters: [Parameter] = []
  /// The rows, operands before users.
  public private(set) var rows: [Row] = []
  /// The results.
  public var outputs: [Value] = []

  private var operandPool: [Value] = []
  private var typePool: [TensorType] = []
  private var index = RowIndex()

  /// A graph without rows.
  public init(name: String = "main") { self.name = name }

  /// The number of rows.
  public var count: Int { rows.count }

  /// The operands of a row.
  public func operands(_ row: Int) -> ArraySlice<Value> {
    let start = Int(rows[row].operandStart)
    return operandPool[start..<start + Int(rows[row].operandCount)]
  }

  /// The types of a row's results.
  public func types(_ row: Int) -> ArraySlice<TensorType> {
    let start = Int(rows[row].typeStart)
    return typePool[start..<start + Int(rows[row].typeCount)]
  }

  /// The type of a value.
  public func type(_ value: Value) -> TensorType {
    typePool[Int(rows[value.index].typeStart) + Int(value.result)]
  }

  /// The op of the row that makes a value.
  public func op(_ value: Value) -> Op { rows[value.index].op }

  // MARK: - Building

  /// Adds a parameter and gives its value.
  ///
  /// Parameters that come before all other rows stand in the head of the text form.
  public mutating func addParameter(
    _ name: String, _ type: TensorType, facts: Facts = .none, layout: Layout? = nil,
    stored: Int? = nil, site: SourceSite = .none
  ) -> Value {
    let n = parameters.count
    parameters.append(
      Parameter(name: name, type: type, facts: facts, layout: layout, stored: stored))
    return append(.input(n, type), [], [type], site)
  }

  /// The value of a row with this op and these operands: an existing equal row or a new one.
  ///
  /// - Throws: what inference finds wrong, with the site.
  @discardableResult
  public mutating func add(
    _ op: Op, _ operands: [Value] = [], site: SourceSite = .none
  ) throws(WeftError) -> Value {
    let hash = op.isMergeable ? RowIndex.hash(op, operands) : 0
    if op.isMergeable, let known = find(op, operands, hash) { return Value(row: known) }
    let operandTypes = operands.map { type($0) }
    let types: [TensorType]
    do {
      types = try TypeInference.infer(op, operandTypes)
    } catch {
      throw error.located(at: site)
    }
    let value = append(op, operands, types, site)
    if op.isMergeable { index.insert(value.index, hash: hash) }
    return value
  }

  /// As `add`, for types that inference has given before.
  public mutating func add(
    _ op: Op, _ operands: [Value], types: [TensorType], site: SourceSite
  ) -> Value {
    guard let first = types.first else { return append(op, operands, types, site) }
    return add(op, operands, type: first, laterTypes: types.dropFirst(), site: site)
  }

  /// As `add` for known types, without an array for the usual one.
  mutating func add(
    _ op: Op, _ operands: [Value], type: TensorType, laterTypes: some Collection<TensorType>,
    site: SourceSite
  ) -> Value {
    let isMergeable = op.isMergeable
    let hash = isMergeable ? RowIndex.hash(op, operands) : 0
    if isMergeable, let known = find(op, operands, hash) { return Value(row: known) }
    typePool.append(type)
    typePool += laterTypes
    let value = append(op, operands, typeCount: 1 + laterTypes.count, site)
    if isMergeable { index.insert(value.index, hash: hash) }
    return value
  }

  /// The graph for arrays of which more is known: facts by the parameter's number.
  public func knowing(_ facts: [Int: Facts]) -> Graph {
    var graph = self
    for (parameter, facts) in facts { graph.parameters[parameter].facts = facts }
    return graph
  }

  /// Whether an array of the program is stored sparsely: one that it is given, or one that it asks
  /// for.
  public var isSparse: Bool {
    parameters.contains { $0.layout.map { !$0.isDense } ?? false }
      || rows.contains { if case .store(let layout) = $0.op { !layout.isDense } else { false } }
  }

  /// The graph for the same arrays stored densely.
  public var givenDense: Graph {
    var graph = self
    for n in parameters.indices {
      graph.parameters[n].layout = nil
      graph.parameters[n].stored = nil
    }
    return graph
  }

  private func find(_ op: Op, _ operands: [Value], _ hash: Int) -> Int? {
    index.first(hash: hash) { row in
      Int(rows[row].operandCount) == operands.count && rows[row].op == op
        && self.operands(row).elementsEqual(operands)
    }
  }

  private mutating func append(
    _ op: Op, _ operands: [Value], _ types: [TensorType], _ site: SourceSite
  ) -> Value {
    typePool += types
    return append(op, operands, typeCount: types.count, site)
  }

  /// Appends a row whose types are the last in the pool.
  private mutating func append(
    _ op: Op, _ operands: [Value], typeCount: Int, _ site: SourceSite
  ) -> Value {
    let row = Row(
      op: op, site: site, operandStart: Int32(operandPool.count),
      operandCount: Int32(operands.count), typeStart: Int32(typePool.count - typeCount),
      typeCount: Int32(typeCount))
    operandPool += operands
    rows.append(row)
    return Value(row: rows.count - 1)
  }
}

extension Graph {
  /// Which rows the outputs need.
  public func liveRows() -> [Bool] {
    var live = Array(repeating: false, count: count)
    for output in outputs { live[output.index] = true }
    for row in stride(from: count - 1, through: 0, by: -1) where live[row] {
      for operand in operands(row) { live[operand.index] = true }
    }
    return live
  }

  /// How often each row's results are used by live rows and outputs.
  public func useCounts() -> [Int] {
    let live = liveRows()
    var uses = Array(repeating: 0, count: count)
    for row in 0..<count where live[row] {
      for operand in operands(row) { uses[operand.index] += 1 }
    }
    for output in outputs { uses[output.index] += 1 }
    return uses
  }

  /// Whether a row or an output uses a value.
  public func uses(_ value: Value) -> Bool {
    outputs.contains(value) || (value.index..<count).contains { operands($0).contains(value) }
  }

  /// A new graph made from the live rows in order; parameters and outputs keep their places.
  ///
  /// `transform` gets the new graph, the old row's index and its operands in the new graph, and
  /// gives the values that stand for the row's results; nil copies the row. `inputs` learns of the
  /// rows that are parameters.
  ///
  /// ```swift
  /// import Weft
  /// import WeftIR
  ///
  /// let graph = try exp(ones([2])).graph()
  /// let other = try graph.rebuilt { new, row, operands in
  ///   graph.rows[row].op == .map(.exp) ? [try new.add(.map(.exp2), operands)] : nil
  /// }
  /// other
  /// // graph @main() {
  /// //   %0 = constant 1.0 : float64[]
  /// //   %1 = broadcast %0 to [2] : float64[2]
  /// //   %2 = exp2 %1 : float64[2]
  /// //   return %2
  /// // }
  /// ```
  public func rebuilt(
    _ transform: (inout Graph, Int, [Value]) throws -> [Value]?,
    inputs: (Int, Value) -> Void = { _, _ in }
  ) throws -> Graph {
    var graph = Graph(name: name)
    graph.reserve(rows: count, operands: operandPool.count, types: typePool.count)
    let live = liveRows()
    var renamed: [Value] = []
    renamed.reserveCapacity(typePool.count)
    var offset = Array(repeating: 0, count: count)
    var parameterRow = Array(repeating: -1, count: parameters.count)
    for row in 0..<count {
      if case .input(let n, _) = rows[row].op { parameterRow[n] = row }
    }
    for (n, parameter) in parameters.enumerated() {
      let site = parameterRow[n] >= 0 ? rows[parameterRow[n]].site : .none
      _ = graph.addParameter(
        parameter.name, parameter.type, facts: parameter.facts, layout: parameter.layout,
        stored: parameter.stored, site: site)
    }
    var operands: [Value] = []
    for row in 0..<count where live[row] {
      offset[row] = renamed.count
      if case .input(let n, _) = rows[row].op {
        renamed.append(Value(row: n))
        inputs(row, Value(row: n))
        continue
      }
      operands.removeAll(keepingCapacity: true)
      for operand in self.operands(row) {
        operands.append(renamed[offset[operand.index] + Int(operand.result)])
      }
      if let replacement = try transform(&graph, row, operands) {
        renamed += replacement
      } else {
        let copy = try graph.addCopy(of: row, from: self, operands)
        for result in 0..<types(row).count {
          renamed.append(Value(row: copy.index, result: result))
        }
      }
    }
    graph.outputs = outputs.map { renamed[offset[$0.index] + Int($0.result)] }
    return graph
  }

  /// Adds another graph's row with new operands; what inference made up for the row stays.
  public mutating func addCopy(
    of row: Int, from other: Graph, _ operands: [Value]
  ) throws(WeftError) -> Value {
    let op = other.rows[row].op
    let types = operands.map { type($0) }
    let oldTypes = Array(other.types(row))
    let isSame = zip(types, other.operands(row)).allSatisfy { $0 == other.type($1) }
    if isSame && types.count == other.operands(row).count {
      return add(op, operands, types: oldTypes, site: other.rows[row].site)
    }
    do {
      let inferred = try TypeInference.infer(op, types, keeping: oldTypes)
      return add(op, operands, types: inferred, site: other.rows[row].site)
    } catch {
      throw error.located(at: other.rows[row].site)
    }
  }

  /// Makes room for rows.
  mutating func reserve(rows count: Int, operands: Int? = nil, types: Int? = nil) {
    rows.reserveCapacity(count)
    operandPool.reserveCapacity(operands ?? 2 * count)
    typePool.reserveCapacity(types ?? count)
    index.reserve(count)
  }
}
