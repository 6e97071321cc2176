import CWeft
import WeftIR

/// An n-dimensional array: an expression that `compute()` turns into numbers.
///
/// Building never runs and never throws; mistakes travel in the expression and are thrown by
/// `compute()`. Copies share the expression.
public struct NDArray: Sendable {
  /// The expression that the array stands for.
  public let expr: Expr
  /// The kind of a host scalar, which has no width of its own in promotion; nil for arrays.
  let weakKind: WeakKind?

  /// An array of an expression.
  ///
  /// - Shape: that of the expression.
  /// - DType: that of the expression.
  /// - Throws: from `compute()`: the expression's own error.
  /// - NumPy: none.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// NDArray((a + 1).expr)  // [2 3 4]
  /// ```
  public init(_ expr: Expr) {
    self.expr = expr
    weakKind = nil
  }

  init(_ expr: Expr, weak kind: WeakKind?) {
    self.expr = expr
    weakKind = kind
  }

  /// An array of elements in memory; no copy.
  ///
  /// - Shape: that of the buffer.
  /// - DType: that of the buffer.
  /// - Throws: nothing of its own.
  /// - NumPy: `numpy.frombuffer`.
  ///
  /// ```swift
  /// let elements = try NDArray([1, 2, 3]).buffer()
  /// NDArray(elements) * 2  // [2 4 6]
  /// ```
  public init(_ buffer: Buffer) { self.init(Expr(buffer)) }
}

extension NDArray {
  /// The element type.
  public var dtype: DType { expr.type.dtype }
  /// The extents, first axis first; nil for those that only the data tell.
  public var shape: [Int?] {
    expr.type.shape.extents.map { if case .known(let n) = $0 { n } else { nil } }
  }
  /// dtype and shape.
  public var type: TensorType { expr.type }
  /// The number of axes.
  public var rank: Int { expr.type.rank }
  /// The number of elements; nil when only the data tell.
  public var count: Int? { expr.type.shape.count }
  /// The bytes of a dense array of this type; nil when only the data tell.
  public var byteCount: Int? { expr.type.byteCount }
  /// Whether the elements are in memory.
  public var isComputed: Bool { expr.buffer != nil }

  /// The array itself, or the error that it carries.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: what was wrong with the expression; runs nothing.
  /// - NumPy: none, which raises at once.
  ///
  /// ```swift
  /// let sum = ones([2]) + ones([3])
  /// try sum.checked()  // error: add: cannot broadcast float64[2] with float64[3] [broadcast]
  /// ```
  public func checked() throws(WeftError) -> NDArray {
    if let error = expr.error { throw error }
    return self
  }
}

extension NDArray: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// dtype, shape and state; never computes. `formatted()` has the elements.
  public var description: String {
    if let error = expr.error { return "NDArray(\(error))" }
    return "NDArray(\(expr.type)\(isComputed ? "" : ", not computed"))"
  }
  /// As `description`.
  public var debugDescription: String { description }
  /// No children, so that mirrors do not walk the graph.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Whether two handles stand for one expression; elements compare with `.==`.
extension NDArray: Hashable {
  /// Whether both are the same expression.
  public static func == (a: NDArray, b: NDArray) -> Bool { a.expr === b.expr }
  /// Hashes the identity of the expression.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(expr)) }
}
