import Synchronization

/// A node of an expression that a user builds: an op and its operands, a computed array, or an
/// error.
///
/// A node never changes what it means; computing it replaces its op and operands by the result, so
/// that inputs are let go.
public final class Expr: Sendable {
  /// What a node is.
  public enum Node: Sendable {
    /// An op not computed yet.
    case op(Op, Operands)
    /// One of the results of a node with several.
    case projection(Expr, Int)
    /// Elements in memory.
    case leaf(Buffer)
    /// What is wrong with the expression.
    case poison(Poison)
    /// A node whose parts were taken when it was let go.
    case released
  }

  /// The operands of a node; few stand inline.
  public enum Operands: Sendable {
    case none
    case one(Expr)
    case two(Expr, Expr)
    case three(Expr, Expr, Expr)
    case many([Expr])
  }

  /// An error behind a reference, so that nodes stay small.
  public final class Poison: Sendable {
    /// The first thing that went wrong.
    public let error: WeftError

    /// Boxes an error.
    public init(_ error: WeftError) { self.error = error }
  }

  /// The type of the (first) result.
  public let type: TensorType
  /// The types of the second and later results.
  public let laterTypes: [TensorType]
  /// The user's line.
  public let site: SourceSite
  /// Whether the node is an error; never changes.
  public let isPoison: Bool
  private let state: Mutex<Node>
  /// The extent of what this mask selects, as an unknown id + 1; 0 when none was asked for.
  private let selection = Atomic<Int>(0)

  /// A node that inference has typed.
  public init(
    _ op: Op, _ operands: Operands, type: TensorType, laterTypes: [TensorType] = [],
    site: SourceSite
  ) {
    self.type = type
    self.laterTypes = laterTypes
    self.site = site
    isPoison = false
    state = Mutex(.op(op, operands))
  }

  /// A node of elements in memory.
  public init(_ buffer: Buffer, site: SourceSite = .none) {
    type = buffer.type
    laterTypes = []
    self.site = site
    isPoison = false
    state = Mutex(.leaf(buffer))
  }

  /// A node for a result of another.
  public init(projecting result: Int, of expr: Expr) {
    laterTypes = []
    site = expr.site
    isPoison = expr.isPoison
    let node = expr.node
    switch node {
    case .poison:
      type = expr.type
      state = Mutex(node)
    case .leaf where result == 0:
      type = expr.type
      state = Mutex(node)
    default:
      type = result == 0 ? expr.type : expr.laterTypes[result - 1]
      state = Mutex(.projection(expr, result))
    }
  }

  /// A node of an error; its type is a guess that keeps later building going.
  public init(_ error: WeftError, type: TensorType = TensorType(.float64, .scalar)) {
    self.type = type
    laterTypes = []
    site = error.site
    isPoison = true
    state = Mutex(.poison(Poison(error)))
  }

  /// What the node is now.
  public var node: Node { state.withLock { $0 } }

  /// The error, if the node is one.
  public var error: WeftError? {
    if case .poison(let poison) = node { poison.error } else { nil }
  }

  /// The elements, if they are in memory.
  public var buffer: Buffer? {
    if case .leaf(let buffer) = node { buffer } else { nil }
  }

  /// Remembers the result and lets go of what it was made from.
  public func fulfil(with buffer: Buffer) {
    let previous = state.withLock { node in
      let old = node
      node = .leaf(buffer)
      return old
    }
    Expr.release(previous)
  }

  /// The extent of what this mask selects: one id, however often it is asked for.
  public var selectionExtent: Extent {
    let known = selection.load(ordering: .relaxed)
    if known > 0 { return .unknown(id: known - 1) }
    guard case .unknown(let id) = Shape.freshUnknown() else { return .known(0) }
    let (exchanged, original) = selection.compareExchange(
      expected: 0, desired: id + 1, ordering: .relaxed)
    return .unknown(id: exchanged ? id : original - 1)
  }

  deinit {
    let last = state.withLock { node in
      let old = node
      node = .released
      return old
    }
    Expr.release(last)
  }

  /// Lets go of a node's operands with an explicit stack: deep graphs free without recursion.
  private static func release(_ node: consuming Node) {
    var pending: [Expr] = []
    node.takeOperands(into: &pending)
    node = .released
    while var expr = pending.popLast() {
      guard isKnownUniquelyReferenced(&expr) else { continue }
      var taken = expr.state.withLock { node in
        let old = node
        node = .released
        return old
      }
      taken.takeOperands(into: &pending)
      taken = .released
    }
  }
}

extension Expr.Node {
  /// Moves references to operands out, so that letting go of the node frees no other node.
  fileprivate mutating func takeOperands(into list: inout [Expr]) {
    switch self {
    case .op(_, let operands):
      switch operands {
      case .none: break
      case .one(let a): list.append(a)
      case .two(let a, let b):
        list.append(a)
        list.append(b)
      case .three(let a, let b, let c):
        list.append(a)
        list.append(b)
        list.append(c)
      case .many(let all): list += all
      }
    case .projection(let expr, _): list.append(expr)
    case .leaf, .poison, .released: break
    }
  }
}

extension Expr.Operands {
  /// Operands from a list.
  public init(_ list: [Expr]) {
    self =
      switch list.count {
      case 0: .none
      case 1: .one(list[0])
      case 2: .two(list[0], list[1])
      case 3: .three(list[0], list[1], list[2])
      default: .many(list)
      }
  }

  /// Visits each operand in order.
  @inlinable
  public func forEach(_ visit: (Expr) -> Void) {
    switch self {
    case .none: break
    case .one(let a): visit(a)
    case .two(let a, let b):
      visit(a)
      visit(b)
    case .three(let a, let b, let c):
      visit(a)
      visit(b)
      visit(c)
    case .many(let all): all.forEach(visit)
    }
  }
}
