import WeftIR

/// The numbered places where runs of a plan keep arrays: parameters first, then results of rows.
public struct SlotTable: Sendable {
  /// What each slot holds.
  public private(set) var types: [TensorType] = []
  /// The slot whose memory an alias shares, or itself.
  public private(set) var owner: [Int] = []
  /// The first slot of each row, or -1; results of a row have slots one after the other.
  private var slotOfRow: [Int32]

  /// The slots of a graph's parameters.
  public init(_ graph: Graph) {
    slotOfRow = Array(repeating: -1, count: graph.count)
    for parameter in graph.parameters { _ = add(parameter.type) }
    for row in 0..<graph.count {
      if case .input(let n, _) = graph.rows[row].op { slotOfRow[row] = Int32(n) }
    }
  }

  /// A slot that belongs to no row.
  public mutating func add(_ type: TensorType) -> Int {
    types.append(type)
    owner.append(types.count - 1)
    return types.count - 1
  }

  /// The slot of a value; the first question gives one to each result of its row.
  public mutating func slot(of value: Value, in graph: Graph) -> Int {
    if slotOfRow[value.index] < 0 {
      slotOfRow[value.index] = Int32(types.count)
      for type in graph.types(value.index) { _ = add(type) }
    }
    return Int(slotOfRow[value.index]) + Int(value.result)
  }

  /// Whether a row's results have slots.
  public func has(_ row: Int) -> Bool { slotOfRow[row] >= 0 }

  /// Lets a slot share the memory of another.
  public mutating func alias(_ slot: Int, of other: Int) { owner[slot] = owner[other] }

  /// The bytes of a slot's elements.
  public func bytes(_ slot: Int) -> Int { types[slot].byteCount ?? 0 }
  /// The bytes of some slots' elements together.
  public func bytes(of slots: [Int]) -> Int { slots.reduce(0) { $0 + bytes($1) } }
}

/// Until when the slots of a plan are needed. Aliases count as their owner.
public struct Lifetimes: Sendable {
  private let owner: [Int]
  /// The last step that needs the memory of each owner, or -1.
  public let lastUse: [Int]
  /// Owners whose memory outlives the plan: inputs and outputs.
  public let isPinned: [Bool]
  /// The slots that share an owner's memory, where it dies; without the owner.
  public let aliases: [Int: [Int]]

  /// Those of slots that steps use; `uses` are the slots of each step.
  public init(_ slots: SlotTable, inputs: Int, outputs: [Int], uses: [[Int]]) {
    owner = slots.owner
    var lastUse = Array(repeating: -1, count: owner.count)
    for (step, used) in uses.enumerated() {
      for slot in used { lastUse[owner[slot]] = step }
    }
    var isPinned = Array(repeating: false, count: owner.count)
    for slot in 0..<inputs { isPinned[slot] = true }
    for slot in outputs { isPinned[owner[slot]] = true }
    var aliases: [Int: [Int]] = [:]
    for slot in owner.indices where owner[slot] != slot && !isPinned[owner[slot]] {
      aliases[owner[slot], default: []].append(slot)
    }
    (self.lastUse, self.isPinned, self.aliases) = (lastUse, isPinned, aliases)
  }

  /// The owners among the slots that a step uses which nobody needs after it, in order.
  public func dying(at step: Int, of used: [Int]) -> [Int] {
    Set(used.map { owner[$0] }).sorted().filter { lastUse[$0] == step && !isPinned[$0] }
  }
}
