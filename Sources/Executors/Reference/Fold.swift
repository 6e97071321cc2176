import WeftIR

/// How elements are folded into one: where it starts, a step, the end.
protocol Fold {
  associatedtype Item
  associatedtype State
  /// The fold of no elements.
  var initial: State { get }
  func load(_ p: UnsafeRawPointer) -> Item
  func step(_ state: inout State, _ item: Item)
  /// The fold of one element.
  func first(_ item: Item) -> State
  func store(_ state: State, _ p: UnsafeMutableRawPointer)
}

extension Fold {
  @inline(__always)
  func first(_ item: Item) -> State {
    var state = initial
    step(&state, item)
    return state
  }
}

/// A sum in the wide type, compensated.
struct SumFold<E: Element>: Fold {
  /// Reductions start at 0, so that a sum of -0.0 is 0.0 as in NumPy; scans at -0.0, so that the
  /// first element stays.
  var start = E.Wide.zero

  var initial: CompensatedSum<E.Wide> { CompensatedSum(start) }
  @inline(__always) func load(_ p: UnsafeRawPointer) -> E { p.element(0) }

  @inline(__always)
  func step(_ state: inout CompensatedSum<E.Wide>, _ item: E) { state.add(item.wide) }

  @inline(__always)
  func store(_ state: CompensatedSum<E.Wide>, _ p: UnsafeMutableRawPointer) {
    p.storeBytes(of: E(narrowing: state.value), as: E.self)
  }
}

/// A sum in the wide type, each element added in turn: NumPy's bits where there are few.
struct ShortSumFold<E: Element>: Fold {
  var initial: E.Wide { .zero }
  @inline(__always) func load(_ p: UnsafeRawPointer) -> E { p.element(0) }
  @inline(__always) func step(_ state: inout E.Wide, _ item: E) { state = state.plus(item.wide) }

  @inline(__always)
  func store(_ state: E.Wide, _ p: UnsafeMutableRawPointer) {
    p.storeBytes(of: E(narrowing: state), as: E.self)
  }
}

/// A product in the wide type.
struct ProductFold<E: Element>: Fold {
  var initial: E.Wide { .one }
  /// The element itself: one times a complex infinity has a part that is NaN.
  func first(_ item: E) -> E.Wide { item.wide }
  @inline(__always) func load(_ p: UnsafeRawPointer) -> E { p.element(0) }
  @inline(__always) func step(_ state: inout E.Wide, _ item: E) { state = state.times(item.wide) }

  @inline(__always)
  func store(_ state: E.Wide, _ p: UnsafeMutableRawPointer) {
    p.storeBytes(of: E(narrowing: state), as: E.self)
  }
}

/// The least or greatest element; NaN if any is.
struct ExtremeFold<E: Element>: Fold {
  let isMaximum: Bool

  var initial: E { isMaximum ? E.lowest : E.highest }
  @inline(__always) func load(_ p: UnsafeRawPointer) -> E { p.element(0) }

  @inline(__always)
  func step(_ state: inout E, _ item: E) {
    state = isMaximum ? E.greater(state, item) : E.lesser(state, item)
  }

  @inline(__always)
  func store(_ state: E, _ p: UnsafeMutableRawPointer) { p.storeBytes(of: state, as: E.self) }
}

/// Any function, through its meaning; begins with the first element.
struct FunctionFold: Fold {
  let f: ScalarFunction
  let dtype: DType

  var initial: Scalar? { nil }
  func load(_ p: UnsafeRawPointer) -> Scalar { Scalar(dtype, loading: p) }

  func step(_ state: inout Scalar?, _ item: Scalar) {
    guard let known = state else {
      state = item
      return
    }
    state = f.evaluate(known, item, item)
  }

  /// Functions without identity do not fold empty axes: inference sees to that.
  func store(_ state: Scalar?, _ p: UnsafeMutableRawPointer) {
    (state ?? Scalar(Int64(f.identity ?? 0), dtype)).store(to: p)
  }
}

/// Something to do with the fold of a function over a dtype.
protocol FoldVisitor {
  func visit<F: Fold>(_ fold: F) throws
}

/// Chooses the fold on stored elements where a function has one.
struct FoldChoice<V: FoldVisitor>: ElementVisitor {
  let f: ScalarFunction
  let dtype: DType
  let isScan: Bool
  /// Whether fewer than 8 elements are folded, which NumPy adds in turn.
  var isShort = false
  let visitor: V

  func visit<E: Element>(_ type: E.Type) throws {
    if f === ScalarFunction.add {
      if isShort { return try visitor.visit(ShortSumFold<E>()) }
      try visitor.visit(SumFold<E>(start: isScan ? E.Wide.neutralZero : E.Wide.zero))
    } else if f === ScalarFunction.multiply {
      try visitor.visit(ProductFold<E>())
    } else if f === ScalarFunction.maximum || f === ScalarFunction.minimum {
      try visitor.visit(ExtremeFold<E>(isMaximum: f === ScalarFunction.maximum))
    } else {
      try visitor.visit(FunctionFold(f: f, dtype: dtype))
    }
  }
}
