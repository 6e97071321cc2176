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
    /// An array in memory, by the number of its parameter, and how it is stored.
    case leaf(Int32, Graph.Parameter)
    /// A node of an op with so many operands.
    case op(Op, Int32)
    /// One of the results of the node that comes next.
    case projection(Int32)
  }

  /// A step without references, so that following many of them counts none.
  fileprivate enum Code {
    case again(Int32)
    case leaf(Int32, Unmanaged<Meaning>)
    case op(Unmanaged<Meaning>, Int32)
    case projection(Int32)
  }

  /// The op that a node must have, or the type of an array and how it is stored.
  fileprivate final class Meaning: Sendable {
    let op: Op
    let type: TensorType
    let layout: Layout?
    let stored: Int?

    init(_ op: Op) {
      self.op = op
      (type, layout, stored) = (TensorType(.bool, .scalar), nil, nil)
    }

    init(_ array: Graph.Parameter) {
      op = .reverse([])
      (type, layout, stored) = (array.type, array.layout, array.stored)
    }

    func isOp(of expr: Expr) -> Bool { op.isSame(as: expr.op) }

    func isArray(of expr: Expr, _ buffer: Buffer) -> Bool {
      guard type == buffer.type, type == expr.type else { return false }
      guard let elements = buffer.sparse else { return layout == nil }
      return layout == elements.layout && stored == Graph.Parameter.rounded(elements.count)
    }

    func isSame(as other: Meaning) -> Bool {
      op.isSame(as: other.op) && type == other.type && layout == other.layout
        && stored == other.stored
    }
  }

  // `meanings` keeps what the codes point at.
  private nonisolated(unsafe) var codes: ContiguousArray<Code> = []
  private var meanings: ContiguousArray<Meaning> = []
  private var nodes = 0
  private var parameters = 0

  /// The number of steps.
  public var count: Int { codes.count }

  mutating func append(_ step: Step) {
    switch step {
    case .again(let number):
      codes.append(.again(number))
      return
    case .leaf(let parameter, let array):
      codes.append(.leaf(parameter, kept(Meaning(array))))
      parameters = max(parameters, Int(parameter) + 1)
    case .op(let op, let count): codes.append(.op(kept(Meaning(op)), count))
    case .projection(let result): codes.append(.projection(result))
    }
    nodes += 1
  }

  /// A meaning that is kept: one of the latest where it will do again, since loops write the same ops
  /// many times.
  private mutating func kept(_ meaning: Meaning) -> Unmanaged<Meaning> {
    if let same = meanings.suffix(8).first(where: { $0.isSame(as: meaning) }) {
      return .passUnretained(same)
    }
    meanings.append(meaning)
    return .passUnretained(meaning)
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
    withExtendedLifetime(meanings) {
      codes.withUnsafeBufferPointer { codes in
        // Each step takes a node from the stack, so that it never holds more than there are steps.
        withUnsafeTemporaryAllocation(of: Unmanaged<Expr>.self, capacity: codes.count + 1) {
          stack in
          withUnsafeTemporaryAllocation(of: UInt.self, capacity: 2 * Identities.few) { keys in
            // The counts of allocations that are not empty have addresses.
            let (stack, keys) = (
              stack.baseAddress.unsafelyUnwrapped, keys.baseAddress.unsafelyUnwrapped
            )
            var isMatch = false
            let arrays = [Buffer](unsafeUninitializedCapacity: parameters) { arrays, count in
              var match = StructureMatch(
                stack, arrays, nodes: Identities(nodes, keys),
                parameters: Identities(parameters, keys + Identities.few))
              isMatch = match.run(codes, outputs)
              count = match.arrayCount
            }
            return isMatch ? arrays : nil
          }
        }
      }
    }
  }
}

/// The state of a walk along a structure.
///
/// Nodes on the stack are held, since another task may compute their users meanwhile; those that
/// the walk has left existed before it, so that no later node of it has the address of one.
private struct StructureMatch {
  private let stack: UnsafeMutablePointer<Unmanaged<Expr>>
  private let arrays: UnsafeMutableBufferPointer<Buffer>
  private var depth = 0
  private var nodes: Identities
  private var parameters: Identities
  /// The arrays so far.
  private(set) var arrayCount = 0

  init(
    _ stack: UnsafeMutablePointer<Unmanaged<Expr>>, _ arrays: UnsafeMutableBufferPointer<Buffer>,
    nodes: Identities, parameters: Identities
  ) {
    self.stack = stack
    self.arrays = arrays
    self.nodes = nodes
    self.parameters = parameters
  }

  mutating func run(_ steps: UnsafeBufferPointer<Structure.Code>, _ outputs: [Expr]) -> Bool {
    var position = 0
    for output in outputs {
      stack.initialize(to: .passRetained(output))
      depth = 1
      while depth > 0 {
        depth -= 1
        let expr = stack[depth].takeRetainedValue()
        guard position < steps.count, follow(steps[position], expr) else {
          for place in 0..<depth { stack[place].release() }
          return false
        }
        position += 1
      }
    }
    return position == steps.count
  }

  @inline(__always)
  private mutating func follow(_ step: Structure.Code, _ expr: Expr) -> Bool {
    let (number, isNew) = nodes.insert(expr)
    if case .again(let expected) = step { return !isNew && number == Int(expected) }
    guard isNew else { return false }
    switch step {
    case .again: return false
    case .leaf(let parameter, let meaning):
      guard let buffer = expr.uncountedBuffer,
        buffer._withUnsafeGuaranteedRef({ buffer in
          meaning._withUnsafeGuaranteedRef { $0.isArray(of: expr, buffer) }
        })
      else { return false }
      let (number, isNew) = parameters.insert(buffer.toOpaque())
      guard number == Int(parameter) else { return false }
      if isNew {
        arrays.initializeElement(at: arrayCount, to: buffer.takeUnretainedValue())
        arrayCount += 1
      }
      return true
    case .op(let meaning, let count):
      guard meaning._withUnsafeGuaranteedRef({ $0.isOp(of: expr) }),
        expr.holdOperands(Int(count), at: stack + depth)
      else { return false }
      depth += Int(count)
      return true
    case .projection(let result):
      guard case .projection(let source, Int(result)) = expr.node else { return false }
      (stack + depth).initialize(to: .passRetained(source))
      depth += 1
      return true
    }
  }
}

/// Numbers objects in order of first appearance: few by looking through them, many by a table.
private struct Identities {
  static let few = 24
  private let list: UnsafeMutablePointer<UInt>
  private(set) var count = 0
  private var table = NodeTable()
  private let isFew: Bool

  /// Room for so many objects; `list` has places for a few.
  init(_ capacity: Int, _ list: UnsafeMutablePointer<UInt>) {
    self.list = list
    isFew = capacity <= Self.few
    if !isFew { table.reserve(capacity) }
  }

  @inline(__always)
  mutating func insert(_ object: AnyObject) -> (number: Int, isNew: Bool) {
    insert(Unmanaged.passUnretained(object).toOpaque())
  }

  @inline(__always)
  mutating func insert(_ address: UnsafeMutableRawPointer) -> (number: Int, isNew: Bool) {
    let key = UInt(bitPattern: address)
    guard isFew else {
      let found = table.insert(key)
      count = table.count
      return found
    }
    for number in 0..<count where list[number] == key { return (number, false) }
    // A walk that meets more nodes than the structure has ends at the next step.
    if count == Self.few { return (count, true) }
    (list + count).initialize(to: key)
    count += 1
    return (count - 1, true)
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
  /// As `==`, which copies both ops: here walks compare many, and the frequent ones are not copied.
  func isSame(as other: Op) -> Bool {
    switch self {
    case .map(let own):
      if case .map(let theirs) = other { return own == theirs }
      return false
    case .slice(let own):
      if case .slice(let theirs) = other { return own == theirs }
      return false
    case .reshape(let own):
      if case .reshape(let theirs) = other { return own == theirs }
      return false
    case .permute(let own):
      if case .permute(let theirs) = other { return own == theirs }
      return false
    case .contract(let own):
      if case .contract(let theirs) = other { return own == theirs }
      return false
    default: return self == other
    }
  }

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
