import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
    /// No operand.
    case none
    /// One operand.
    case one(Expr)
    /// Two operands.
    case two(Expr, Expr)
    /// Three operands.
    case three(Expr, Expr, Expr)
    /// More operands.
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
  private let phase: Atomic<Phase>
  private let storedWord: Atomic<UInt32>
  /// The op of a node that was built as one, also once it is computed; of others nothing.
  ///
  /// It never changes, so that walks compare ops without holding their nodes.
  let op: Op
  /// Read and written by whoever moved `phase` to `busy`; only read once it is `settled`.
  private nonisolated(unsafe) var current: State
  /// The elements of a node that has them, which `current` keeps; of a node that is let go the next such
  /// node. Guarded as `current`; nothing is counted.
  private nonisolated(unsafe) var link: UnsafeMutableRawPointer?
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
    phase = Atomic(.open)
    var word = op.word
    operands.forEach { word = word.mixed(with: $0.word) }
    storedWord = Atomic(word)
    self.op = op
    current = .op(operands)
  }

  /// A node of elements in memory.
  public init(_ buffer: Buffer, site: SourceSite = .none) {
    type = buffer.type
    laterTypes = []
    self.site = site
    isPoison = false
    phase = Atomic(.settled)
    storedWord = Atomic(buffer.type.word)
    op = .reverse([])
    current = .leaf(buffer)
    link = Unmanaged.passUnretained(buffer).toOpaque()
  }

  /// A node for a result of another.
  public init(projecting result: Int, of expr: Expr) {
    laterTypes = []
    site = expr.site
    isPoison = expr.isPoison
    storedWord = Atomic(expr.word &+ UInt32(truncatingIfNeeded: result))
    op = .reverse([])
    switch expr.node {
    case .poison(let poison):
      type = expr.type
      phase = Atomic(.settled)
      current = .poison(poison)
    case .leaf(let buffer) where result == 0:
      type = expr.type
      phase = Atomic(.settled)
      current = .leaf(buffer)
      link = Unmanaged.passUnretained(buffer).toOpaque()
    default:
      type = result == 0 ? expr.type : expr.laterTypes[result - 1]
      phase = Atomic(.open)
      current = .projection(expr, result)
    }
  }

  /// A node that stands for an argument of a function while it is traced.
  ///
  /// Only `Capture(_:parameters:)` gives it a meaning.
  public convenience init(parameter number: Int, _ type: TensorType) {
    self.init(.input(number, type), .none, type: type, site: .none)
  }

  /// A node of an error; its type is a guess that keeps later building going.
  public init(_ error: WeftError, type: TensorType = TensorType(.float64, .scalar)) {
    self.type = type
    laterTypes = []
    site = error.site
    isPoison = true
    phase = Atomic(.settled)
    storedWord = Atomic(0)
    op = .reverse([])
    current = .poison(Poison(error))
  }

  /// What a node is besides its op.
  private enum State {
    case op(Operands)
    case projection(Expr, Int)
    case leaf(Buffer)
    case poison(Poison)
    case released
  }

  /// Who may touch `current`.
  private enum Phase: UInt8, AtomicRepresentable {
    /// Whoever moves it to `busy`.
    case open
    /// One thread, for as long as it takes to copy a node.
    case busy
    /// Everybody reads and nobody writes: elements and errors stay what they are.
    case settled
  }

  /// What the node is now.
  public var node: Node {
    guard hold() else { return node(of: current) }
    let now = current
    phase.store(.open, ordering: .releasing)
    return node(of: now)
  }

  private func node(of state: State) -> Node {
    switch state {
    case .op(let operands): .op(op, operands)
    case .projection(let expr, let result): .projection(expr, result)
    case .leaf(let buffer): .leaf(buffer)
    case .poison(let poison): .poison(poison)
    case .released: .released
    }
  }

  /// Moves an open node to `busy`; false when it is settled.
  ///
  /// One word a node instead of a lock; it is held for some nanoseconds, and waiting yields.
  @inline(__always)
  private func hold() -> Bool {
    while true {
      let (exchanged, found) = phase.compareExchange(
        expected: .open, desired: .busy, successOrdering: .acquiring,
        failureOrdering: .acquiring)
      if exchanged { return true }
      if found == .settled { return false }
      sched_yield()
    }
  }

  /// A word of the structure below the node; see `Structure`.
  var word: UInt32 { storedWord.load(ordering: .relaxed) }

  /// Puts the operands of a node that is not computed at a place, held; false, and nothing, where the node is no
  /// op's with so many.
  @inline(__always)
  func holdOperands(_ count: Int, at place: UnsafeMutablePointer<Unmanaged<Expr>>) -> Bool {
    guard hold() else { return false }
    defer { phase.store(.open, ordering: .releasing) }
    guard case .op(let operands) = current, operands.count == count else { return false }
    switch operands {
    case .none: break
    case .one(let a): place.initialize(to: .passRetained(a))
    case .two(let a, let b):
      place.initialize(to: .passRetained(a))
      (place + 1).initialize(to: .passRetained(b))
    case .three(let a, let b, let c):
      place.initialize(to: .passRetained(a))
      (place + 1).initialize(to: .passRetained(b))
      (place + 2).initialize(to: .passRetained(c))
    case .many(let all):
      for number in all.indices { (place + number).initialize(to: .passRetained(all[number])) }
    }
    return true
  }

  /// The error, if the node is one.
  public var error: WeftError? {
    if case .poison(let poison) = node { poison.error } else { nil }
  }

  /// The elements, if they are in memory.
  public var buffer: Buffer? { uncountedBuffer?.takeUnretainedValue() }

  /// The elements, if they are in memory, for as long as the node is held.
  @inline(__always)
  var uncountedBuffer: Unmanaged<Buffer>? {
    // What is not settled has none, and need not be held to know it.
    guard phase.load(ordering: .acquiring) == .settled, let link else { return nil }
    return Unmanaged.fromOpaque(link)
  }

  /// Remembers the result and lets go of what it was made from; the first result stays.
  public func fulfil(with buffer: Buffer) {
    guard hold() else { return }
    var pending = Pending()
    link = Unmanaged.passUnretained(buffer).toOpaque()
    take(to: &pending, leaving: .leaf(buffer))
    storedWord.store(buffer.type.word, ordering: .relaxed)
    phase.store(.settled, ordering: .releasing)
    Expr.release(&pending)
  }

  /// The layout of a node that stores its operand in one, also once it is computed; of others nil.
  public var storedLayout: Layout? {
    if case .store(let layout) = op { layout } else { nil }
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
    // Nobody else has the node; only what is open has operands.
    guard phase.load(ordering: .acquiring) == .open else { return }
    var pending = Pending()
    take(to: &pending, leaving: .released)
    Expr.release(&pending)
  }

  /// Nodes that nobody else has, chained through themselves: deep graphs are let go without recursion and
  /// without memory.
  private struct Pending {
    private var first: Unmanaged<Expr>?

    /// Takes a reference: the last one puts its node in the chain.
    @inline(__always)
    mutating func add(_ reference: consuming Expr) {
      // A node with one reference is nobody else's, so that it need not be held; the load sees what
      // its last holder wrote.
      guard isKnownUniquelyReferenced(&reference),
        reference.phase.load(ordering: .acquiring) == .open
      else { return }
      reference.link = first?.toOpaque()
      first = .passRetained(reference)
    }

    mutating func next() -> Expr? {
      guard let expr = first?.takeRetainedValue() else { return nil }
      first = expr.link.map { Unmanaged.fromOpaque($0) }
      return expr
    }
  }

  /// Lets go of nodes and what they alone hold.
  private static func release(_ pending: inout Pending) {
    while let expr = pending.next() {
      expr.take(to: &pending, leaving: .released)
      expr.link = nil
      expr.phase.store(.settled, ordering: .relaxed)
    }
  }

  /// Moves references to operands to a chain, so that letting go of the node frees no other node.
  @inline(__always)
  private func take(to pending: inout Pending, leaving next: State) {
    var taken = next
    swap(&taken, &current)
    switch consume taken {
    case .op(let operands):
      switch consume operands {
      case .none: break
      case .one(let a): pending.add(consume a)
      case .two(let a, let b):
        pending.add(consume a)
        pending.add(consume b)
      case .three(let a, let b, let c):
        pending.add(consume a)
        pending.add(consume b)
        pending.add(consume c)
      case .many(let all):
        var rest = consume all
        while let last = rest.popLast() { pending.add(consume last) }
      }
    case .projection(let expr, _): pending.add(consume expr)
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

  /// The number of operands.
  var count: Int {
    switch self {
    case .none: 0
    case .one: 1
    case .two: 2
    case .three: 3
    case .many(let all): all.count
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
