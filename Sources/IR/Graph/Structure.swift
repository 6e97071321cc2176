/// What expressions are without their data: a walk over their nodes that tells which nodes and
/// which arrays are the same.
///
/// Expressions of one structure capture equal graphs, so that what was made ready for one serves
/// the other, given the arrays in the order in which the walk meets them. Shapes are known
/// throughout: only captures without unknown extents have a structure.
public struct Structure: Sendable {
  /// What the walk meets next.
  enum Step: Sendable {
    /// A node that it has met, by number in order of first meeting.
    case again(Int32)
    /// An array in memory, by the number of its parameter.
    case leaf(Int32, TensorType)
    /// A node of an op with so many operands.
    case op(Op, Int32)
    /// One of the results of the node that comes next.
    case projection(Int32)
  }

  private var steps: ContiguousArray<Step> = []
  private var nodes = 0
  private var parameters = 0

  /// The number of steps.
  public var count: Int { steps.count }

  mutating func append(_ step: Step) {
    steps.append(step)
    switch step {
    case .again: break
    case .leaf(let parameter, _):
      nodes += 1
      parameters = max(parameters, Int(parameter) + 1)
    case .op, .projection: nodes += 1
    }
  }

  /// A word that expressions of one structure share, and others hardly ever.
  ///
  /// It is kept in the nodes; where operands were computed meanwhile it may differ although the
  /// structures are equal, which only makes `arrays(of:)` be asked less often.
  public static func word(of outputs: [Expr]) -> UInt32 {
    var word: UInt32 = 0
    for output in outputs { word = word.mixed(with: output.word) }
    return word
  }

  /// The arrays of expressions in the order of parameters, or nil when they have another structure.
  public func arrays(of outputs: [Expr]) -> [Buffer]? {
    var match = StructureMatch(nodes: nodes, parameters: parameters)
    return steps.withUnsafeBufferPointer { match.run($0, outputs) }
  }
}

/// The state of a walk along a structure.
///
/// Nodes on the stack are held, since another task may compute their users meanwhile; those that
/// the walk has left existed before it, so that no later node of it has the address of one.
private struct StructureMatch {
  private var stack: ContiguousArray<Expr> = []
  private var buffers: [Buffer] = []
  private var nodes: Identities
  private var parameters: Identities

  init(nodes: Int, parameters: Int) {
    self.nodes = Identities(nodes)
    self.parameters = Identities(parameters)
    stack.reserveCapacity(min(nodes + 1, 64))
    buffers.reserveCapacity(parameters)
  }

  mutating func run(_ steps: UnsafeBufferPointer<Structure.Step>, _ outputs: [Expr]) -> [Buffer]? {
    var position = 0
    for output in outputs {
      stack.append(output)
      while let expr = stack.popLast() {
        guard position < steps.count, follow(steps[position], expr) else { return nil }
        position += 1
      }
    }
    return position == steps.count ? buffers : nil
  }

  @inline(__always)
  private mutating func follow(_ step: Structure.Step, _ expr: Expr) -> Bool {
    let (number, isNew) = nodes.insert(expr)
    if case .again(let expected) = step { return !isNew && number == Int(expected) }
    guard isNew else { return false }
    switch step {
    case .again: return false
    case .leaf(let parameter, let type):
      guard let buffer = expr.buffer, buffer.type == type, expr.type == type, buffer.layout == nil
      else { return false }
      let (number, isNew) = parameters.insert(buffer)
      if isNew { buffers.append(buffer) }
      return number == Int(parameter)
    case .op(let op, let count):
      guard let operands = expr.operands(of: op), operands.count == Int(count) else { return false }
      operands.forEach { stack.append($0) }
      return true
    case .projection(let result):
      guard case .projection(let source, Int(result)) = expr.node else { return false }
      stack.append(source)
      return true
    }
  }
}

/// Numbers objects in order of first appearance: few by looking through them, many by a table.
private struct Identities {
  private static let few = 24
  private var list: ContiguousArray<ObjectIdentifier> = []
  private var table = NodeTable()
  private let isFew: Bool

  init(_ count: Int) {
    isFew = count <= Self.few
    if isFew { list.reserveCapacity(count) }
  }

  @inline(__always)
  mutating func insert(_ object: AnyObject) -> (number: Int, isNew: Bool) {
    guard isFew else { return table.insert(object) }
    let key = ObjectIdentifier(object)
    for number in list.indices where list[number] == key { return (number, false) }
    list.append(key)
    return (list.count - 1, true)
  }
}

extension UInt32 {
  /// A word of this one and the next in an order.
  @inline(__always)
  func mixed(with next: UInt32) -> UInt32 {
    let product = (self ^ next) &* 0x9E37_79B1
    return product ^ product >> 15 &+ self << 5
  }
}

extension TensorType {
  /// A word that equal types share.
  var word: UInt32 { shape.word.mixed(with: UInt32(dtype.rawValue)) }
}

extension Shape {
  /// A word that equal shapes share.
  var word: UInt32 { encoded.word }
}

extension [Int] {
  fileprivate var word: UInt32 {
    var word = UInt32(truncatingIfNeeded: count)
    for element in self {
      word = word.mixed(with: UInt32(truncatingIfNeeded: element ^ element >> 32))
    }
    return word
  }
}

extension Op {
  /// A word that equal ops share.
  var word: UInt32 {
    switch self {
    case .map(let f): return f.word
    case .constant(let scalar): return scalar.word
    case .convert(let dtype): return (3 as UInt32).mixed(with: UInt32(dtype.rawValue))
    case .broadcast(let shape, let axes): return shape.word.mixed(with: axes.word)
    case .reshape(let shape): return shape.word.mixed(with: 5)
    case .permute(let axes): return axes.word.mixed(with: 7)
    case .reduce(let f, let axes):
      return f.word.mixed(with: UInt32(truncatingIfNeeded: axes.bits))
    case .slice(let spans):
      var word: UInt32 = 9
      for span in spans {
        word = word.mixed(with: UInt32(truncatingIfNeeded: span.start))
        word = word.mixed(with: UInt32(truncatingIfNeeded: span.count ?? -1) ^ 11)
      }
      return word
    case .input, .iota, .random, .scan, .argReduce, .contract, .pad, .reverse, .concatenate,
      .gather, .scatter, .compress, .sort, .store, .call:
      return UInt32(truncatingIfNeeded: hashValue)
    }
  }
}
