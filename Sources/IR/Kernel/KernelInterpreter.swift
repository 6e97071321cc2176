/// Runs kernels and their functions one element at a time: what they mean.
///
/// Parallel and vector loops run in order, with the order of folds that `Kernel.Fold` states. A
/// kernel that reads or writes outside its buffers stops the process.
public struct KernelInterpreter {
  /// What a kernel runs on.
  public enum Argument {
    /// The elements of a buffer parameter.
    case buffer(UnsafeMutableRawBufferPointer)
    /// The value of an index parameter.
    case index(Int64)
  }

  /// The values of locals by number.
  private var values: [Scalar?]
  private let arguments: [Argument]

  /// Runs a kernel on arguments, one for each parameter.
  public static func run(_ kernel: Kernel, _ arguments: [Argument]) {
    precondition(arguments.count == kernel.parameters.count, "an argument for each parameter")
    var interpreter = KernelInterpreter(values: [], arguments: arguments)
    interpreter.run(kernel.body)
  }

  /// The value of a function for operands of its parameters' dtypes.
  public static func evaluate(_ function: KernelFunction, _ operands: [Scalar]) -> Scalar {
    var interpreter = KernelInterpreter(values: [], arguments: [])
    for (parameter, operand) in zip(function.parameters, operands) {
      precondition(parameter.dtype == operand.dtype, "an operand of the parameter's dtype")
      interpreter.set(parameter, operand)
    }
    interpreter.run(function.body)
    return interpreter.value(function.result)
  }

  /// The value that a kernel's call of a scalar function gives: that of the library's body, or
  /// where it has none, the function's meaning.
  public static func call(_ f: ScalarFunction, _ operands: [Scalar]) -> Scalar {
    let dtype = operands[f == .select ? 1 : 0].dtype
    if let body = KernelLibrary.function(f, dtype) { return evaluate(body, operands) }
    return f.evaluate(
      operands[0], operands.count > 1 ? operands[1] : operands[0],
      operands.count > 2 ? operands[2] : operands[0])
  }

  // MARK: - Statements

  private mutating func run(_ statements: [Kernel.Statement]) {
    for statement in statements { run(statement) }
  }

  private mutating func run(_ statement: Kernel.Statement) {
    switch statement {
    case .define(let local, let expression):
      set(local, value(expression, local.dtype))
    case .variable(let local, let operand), .assign(let local, let operand):
      set(local, value(operand))
    case .store(let buffer, let index, let operand):
      let element = value(operand)
      element.store(to: address(buffer, value(index), element.dtype))
    case .prefetch: break
    case .loop(let loop):
      run(loop)
    case .branch(let condition, let then, let other):
      run(value(condition).boolValue ? then : other)
    case .repetition(let loop):
      while true {
        run(loop.head)
        if !value(loop.condition).boolValue { break }
        run(loop.body)
      }
    }
  }

  private mutating func run(_ loop: Kernel.Loop) {
    var lanes = loop.folds.map { [Scalar](repeating: $0.identity, count: $0.lanes) }
    let upper = value(loop.upper).intValue
    var iteration = 0
    var index = value(loop.lower).intValue
    while index < upper {
      set(loop.index, Scalar(index, .int64))
      run(loop.body)
      for (number, fold) in loop.folds.enumerated() {
        let lane = iteration % fold.lanes
        lanes[number][lane] = Self.call(fold.function, [lanes[number][lane], value(fold.value)])
      }
      iteration += 1
      index += Int64(loop.step)
    }
    for (fold, var lane) in zip(loop.folds, lanes) {
      while lane.count > 1 {
        let half = lane.count / 2
        lane = (0..<half).map { Self.call(fold.function, [lane[$0], lane[$0 + half]]) }
      }
      set(fold.variable, Self.call(fold.function, [value(.local(fold.variable)), lane[0]]))
    }
  }

  // MARK: - Expressions

  private mutating func set(_ local: Kernel.Local, _ value: Scalar) {
    precondition(local.dtype == value.dtype, "%\(local.id) is \(local.dtype), not \(value.dtype)")
    if local.id >= values.count {
      values += [Scalar?](repeating: nil, count: local.id + 1 - values.count)
    }
    values[local.id] = value
  }

  private func value(_ operand: Kernel.Operand) -> Scalar {
    switch operand {
    case .constant(let scalar): return scalar
    case .local(let local):
      guard let value = values[local.id] else { preconditionFailure("%\(local.id) has no value") }
      return value
    case .parameter(let number):
      guard case .index(let value) = arguments[number] else {
        preconditionFailure("parameter \(number) is no index")
      }
      return Scalar(value, .int64)
    }
  }

  private func value(_ expression: Kernel.Expression, _ dtype: DType) -> Scalar {
    switch expression {
    case .primitive(let primitive, let operands):
      return primitive.evaluate(operands.map(value))
    case .call(let f, let operands):
      return Self.call(f, operands.map(value))
    case .convert(let operand), .astype(let operand):
      return value(operand).converted(to: dtype)
    case .bitcast(let operand):
      let scalar = value(operand)
      precondition(scalar.dtype.itemSize == dtype.itemSize, "bits of one width")
      return scalar.reinterpreted(as: dtype)
    case .load(let buffer, let index):
      return Scalar(dtype, loading: address(buffer, value(index), dtype))
    case .table(let bits, let index):
      return Scalar(bits: bits[Int(value(index).intValue)], dtype)
    }
  }

  /// Where an element of a buffer is.
  private func address(
    _ buffer: Int, _ index: Scalar, _ dtype: DType
  ) -> UnsafeMutableRawPointer {
    guard case .buffer(let memory) = arguments[buffer], let base = memory.baseAddress else {
      preconditionFailure("parameter \(buffer) is no buffer with elements")
    }
    let offset = Int(index.intValue) * dtype.itemSize
    precondition(
      offset >= 0 && offset + dtype.itemSize <= memory.count, "element \(index) of a buffer")
    return base + offset
  }
}

extension Scalar {
  /// The element of a dtype whose storage holds the low bits of a number.
  public init(bits: UInt64, _ dtype: DType) {
    self = withUnsafeBytes(of: bits) { bytes in
      // Bytes of a little-endian number begin with those of its truncation.
      Scalar(dtype, loading: bytes.baseAddress.unsafelyUnwrapped)
    }
  }

  /// The bits in storage, from the lowest.
  public var storageBits: UInt64 {
    var bits: (UInt64, UInt64) = (0, 0)
    withUnsafeMutableBytes(of: &bits) { bytes in
      store(to: bytes.baseAddress.unsafelyUnwrapped)
    }
    return bits.0
  }

  /// The same bits in a dtype of the same width.
  func reinterpreted(as dtype: DType) -> Scalar { Scalar(bits: storageBits, dtype) }
}
