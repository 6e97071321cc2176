import WeftIR

/// NumPy expressions as text: Python's expression syntax over the functions of this library.
///
/// Names are the variables, then NumPy's functions with or without `np.`, `linalg.`, `fft.` and
/// `random.`, constants and dtypes. Statements are separated by `;` or lines; assignments to elements
/// change the variable alone. Nothing runs but what a condition, an unpacking or an argument needs.
///
/// ```swift
/// let x: NDArray = [[1, 2], [3, 4]]
/// let result = try Script.evaluate("y = x @ x; y - y.mean(axis=0)", variables: ["x": x])
/// try result.formatted()
/// // [[-4. -6.]
/// //  [ 4.  6.]]
/// try Script.evaluate("x + [1, 2, 3]", variables: ["x": x]).formatted()
/// // error: add: cannot broadcast int64[2, 2] with int64[3] [broadcast]
/// ```
public enum Script {
  /// Whether programs may read and write files by `load`, `save` and the like; not unless set.
  @TaskLocal public static var allowsFiles = false

  /// The value of a script's last statement.
  ///
  /// - Throws: `ScriptError`: mistakes in the text, and in the expressions as soon as shapes and
  ///   dtypes show them, with the guilty part. Values are told by `compute()` of the result.
  public static func evaluate(
    _ source: String, variables: [String: NDArray] = [:]
  ) throws(ScriptError) -> ScriptResult {
    try evaluate(utf8: Array(source.utf8), variables: variables)
  }

  /// The value of the last statement of a script given as bytes, which may not be UTF-8.
  ///
  /// - Throws: as for a text, and `syntax` for what is no UTF-8.
  public static func evaluate(
    utf8 bytes: [UInt8], variables: [String: NDArray] = [:]
  ) throws(ScriptError) -> ScriptResult {
    try evaluate(utf8: bytes, scope: variables.mapValues { .array($0.strong) })
  }

  /// As `evaluate`, with values of any kind in scope.
  package static func evaluate(
    utf8 bytes: [UInt8], scope: [String: ScriptValue]
  ) throws(ScriptError) -> ScriptResult {
    let program: ScriptProgram
    do {
      program = try ScriptParser.parse(utf8: bytes)
    } catch {
      throw ScriptError(
        WeftError(.syntax, "syntax", error.message, hint: error.hint), range: error.range,
        source: String(decoding: bytes, as: UTF8.self))
    }
    var evaluator = ScriptEvaluator(table: .standard, variables: scope)
    do {
      let value = try evaluator.run(program)
      return ScriptResult(
        value: value, scope: evaluator.variables, source: program.source,
        ranges: evaluator.ranges)
    } catch {
      throw ScriptError(error.error, range: error.range, source: program.source)
    }
  }
}

/// What a script gave: arrays not yet computed, or host values.
public struct ScriptResult: Sendable {
  /// The value as the evaluator has it.
  package let value: ScriptValue
  let scope: [String: ScriptValue]
  /// The text of the script.
  public let source: String
  private let ranges: [Int: Range<Int>]

  init(
    value: ScriptValue, scope: [String: ScriptValue], source: String, ranges: [Int: Range<Int>]
  ) {
    self.value = value
    self.scope = scope
    self.source = source
    self.ranges = ranges
  }

  /// The arrays of the value in order: one for an array or number, several for a tuple.
  ///
  /// Values that are no arrays, such as dtypes and texts, are left out.
  public var arrays: [NDArray] {
    var found: [NDArray] = []
    func visit(_ value: ScriptValue) {
      switch value {
      case .array(let array): found.append(array.strong)
      case .bool, .integer, .real, .complex:
        if let array = try? value.asArray("script", .none) { found.append(array.strong) }
      case .tuple(let sequence), .list(let sequence): sequence.items.forEach(visit)
      case .record(let record): record.fields.forEach { visit($0.value) }
      default: break
      }
    }
    visit(value)
    return found
  }

  /// The array, where the value is one array or number.
  public var array: NDArray? {
    switch value {
    case .array, .bool, .integer, .real, .complex: arrays.first
    default: nil
    }
  }

  /// The arrays in scope after the last statement, those given included.
  public var variables: [String: NDArray] {
    scope.compactMapValues { if case .array(let array) = $0 { array } else { nil } }
  }

  /// Computes the arrays together and gives them in order.
  ///
  /// - Throws: `ScriptError`: run-time errors with the guilty part of the text.
  @discardableResult
  public func compute(on executor: ExecutorName? = nil) throws(ScriptError) -> [NDArray] {
    do {
      return try Weft.compute(arrays, on: executor)
    } catch {
      throw located(error)
    }
  }

  /// An error of the script's arrays with the part of the text that it comes from.
  package func located(_ error: WeftError) -> ScriptError {
    ScriptError(
      error, range: ScriptSite.anchor(of: error.site).flatMap { ranges[$0] }, source: source)
  }
}
