import Synchronization
import WeftIR

/// A Swift function of elements, made a function of arrays.
///
/// It runs when the result is computed, on several threads: it must not depend on order. Equal calls
/// may run once.
///
/// - NumPy: `numpy.frompyfunc` and `numpy.vectorize`; the types of operands and result are those of
///   the Swift function.
///
/// ```swift
/// let collatz = ElementwiseFunction("collatz") { (n: Int) in n % 2 == 0 ? n / 2 : 3 * n + 1 }
/// collatz(arange(6))  // [ 0  4  1 10  2 16]
/// ```
public struct ElementwiseFunction: Sendable {
  /// The name, for errors and dumps.
  public let name: String
  private let operands: [DType]
  private let routine: Routine

  /// A function of one element.
  public init<A: ArrayElement, R: ArrayElement>(
    _ name: String = "function", _ body: @escaping @Sendable (A) throws -> R
  ) {
    self.init(name, [A.dtype], R.dtype) { sources, result, range in
      let (a, r) = (Elements<A>(sources[0]), Elements<R>(result))
      for i in range { r.start[i] = try body(a.start[i]) }
    }
  }

  /// A function of two elements.
  public init<A: ArrayElement, B: ArrayElement, R: ArrayElement>(
    _ name: String = "function", _ body: @escaping @Sendable (A, B) throws -> R
  ) {
    self.init(name, [A.dtype, B.dtype], R.dtype) { sources, result, range in
      let (a, b, r) = (
        Elements<A>(sources[0]), Elements<B>(sources[1]), Elements<R>(result)
      )
      for i in range { r.start[i] = try body(a.start[i], b.start[i]) }
    }
  }

  /// A function of three elements.
  public init<A: ArrayElement, B: ArrayElement, C: ArrayElement, R: ArrayElement>(
    _ name: String = "function", _ body: @escaping @Sendable (A, B, C) throws -> R
  ) {
    self.init(name, [A.dtype, B.dtype, C.dtype], R.dtype) { sources, result, range in
      let (a, b, c, r) = (
        Elements<A>(sources[0]), Elements<B>(sources[1]), Elements<C>(sources[2]),
        Elements<R>(result)
      )
      for i in range { r.start[i] = try body(a.start[i], b.start[i], c.start[i]) }
    }
  }

  private init(
    _ name: String, _ operands: [DType], _ result: DType,
    _ loop: @escaping @Sendable ([Buffer], Buffer, Range<Int>) throws -> Void
  ) {
    self.name = name
    self.operands = operands
    let serial = serials.add(1, ordering: .relaxed).oldValue
    routine = Routine(
      "\(name).\(serial)", arity: operands.count,
      body: { routine, sources, context in
        let target = try Buffer(
          allocating: try routine.infer(sources.map(\.type))[0], in: context.memory)
        // Functions of unknown cost: parts are small enough to share the work among threads.
        let parts = min(target.count, context.scheduler.threadCount * 16)
        try context.scheduler.run(parts, context.token) { part, _ in
          let range = target.count * part / parts..<target.count * (part + 1) / parts
          do {
            try loop(sources, target, range)
          } catch let error as WeftError {
            throw error
          } catch {
            throw WeftError(.value, name, "\(error)")
          }
        }
        return [target]
      },
      infer: { types in [TensorType(result, types[0].shape)] })
  }

  /// The function of the elements of arrays.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: that of the Swift function's result; operands convert to its parameters'.
  /// - Throws: from `compute()`: `argument` for another number of operands; `dtype` where an operand
  ///   does not convert within its kind; `broadcast`; what the function throws, as `value`.
  /// - NumPy: calling what `numpy.vectorize` gives.
  ///
  /// ```swift
  /// let longer = ElementwiseFunction { (a: Double, b: Double) in a * a > b * b ? a : b }
  /// longer([1, -5], [2, 3])  // [ 2. -5.]
  /// ```
  public func callAsFunction(
    _ arrays: NDArray..., file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call(name, file, line)
    return call.build(arrays) { () throws(WeftError) in
      guard arrays.count == operands.count else {
        throw call.error(.argument, "has \(operands.count) operands, not \(arrays.count)")
      }
      let shape = try call.broadcastShape(arrays)
      var converted: [NDArray] = []
      for (array, dtype) in zip(arrays, operands) {
        let isWeak = array.weakKind != nil && array.dtype.kind <= dtype.kind
        guard isWeak || array.dtype.canConvert(to: dtype, casting: .sameKind) else {
          throw call.error(
            .dtype, "\(array.expr.type) does not convert to \(dtype) within its kind",
            hint: "convert it with asType")
        }
        converted.append(call.broadcast(call.convert(array, to: dtype), to: shape))
      }
      return call.node(.call(routine), all: converted)
    }
  }
}

/// The elements of a buffer as values of a type with the dtype's storage.
private struct Elements<Element: ArrayElement> {
  let start: UnsafeMutablePointer<Element>
  init(_ buffer: Buffer) { start = buffer.base.assumingMemoryBound(to: Element.self) }
}

/// Functions differ by their numbers: two closures cannot be compared.
private let serials = Atomic<Int>(0)
