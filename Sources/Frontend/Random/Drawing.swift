import WeftIR

/// What a parameter of a distribution must be.
enum ParameterRange: Sendable {
  case any, positive, notNegative
  case probability
  /// Above 0, at most 1.
  case positiveProbability

  var words: String {
    switch self {
    case .any: "a number"
    case .positive: "positive"
    case .notNegative: "not negative"
    case .probability: "from 0 to 1"
    case .positiveProbability: "above 0 and at most 1"
    }
  }

  func contains(_ x: Double) -> Bool {
    switch self {
    case .any: true
    case .positive: x > 0
    case .notNegative: x >= 0
    case .probability: x >= 0 && x <= 1
    case .positiveProbability: x > 0 && x <= 1
    }
  }
}

/// A draw of one distribution: its shape, key and parameters, with the words that formulas need.
struct Drawing {
  let call: Call
  let shape: Shape
  let key: NDArray

  init(_ call: Call, _ shape: [Int], _ key: some RandomKey) throws(WeftError) {
    self.call = call
    self.shape = try call.shape(shape)
    self.key = key.keyArray
  }

  // MARK: - Parameters

  /// A parameter as float64, which broadcasts to the shape and lies in a range.
  ///
  /// - Throws: `broadcast`; `dtype` for complex numbers; `value` where it is known to lie outside.
  ///   One that is not known gives NaN where it does.
  func parameter(
    _ name: String, _ a: NDArray, _ range: ParameterRange = .any
  ) throws(WeftError) -> NDArray {
    guard !a.dtype.isComplex else {
      throw call.error(.dtype, "\(name) is \(a.expr.type), expected real numbers")
    }
    guard a.expr.type.shape.broadcasted(with: shape) == shape else {
      throw call.error(
        .broadcast, "\(name) is \(a.expr.type), which does not broadcast to \(shape)")
    }
    let number = call.convert(a, to: .float64)
    if case .any = range { return number }
    if let known = ConstantReader.scalars(a, atMost: ConstantReader.few) {
      if let wrong = known.first(where: { !range.contains($0.doubleValue) }) {
        throw call.error(.value, "\(name) is \(wrong.doubleValue), expected \(range.words)")
      }
      return number
    }
    return call.select(isInside(number, range), number, call.number(.nan, .float64))
  }

  private func isInside(_ a: NDArray, _ range: ParameterRange) -> NDArray {
    let (zero, one) = (call.number(0, .float64), call.number(1, .float64))
    let isBelow = call.apply(.lessEqual, a, one)
    switch range {
    case .any, .positive: return call.apply(.greater, a, zero)
    case .notNegative: return call.apply(.greaterEqual, a, zero)
    case .probability:
      return call.apply(.logicalAnd, call.apply(.greaterEqual, a, zero), isBelow)
    case .positiveProbability:
      return call.apply(.logicalAnd, call.apply(.greater, a, zero), isBelow)
    }
  }

  // MARK: - Sources

  /// Uniform numbers in [0, 1).
  func unit(_ lane: random.Lane) throws(WeftError) -> NDArray { try call.unit(shape, lane, key) }

  /// Uniform numbers in (0, 1]: their logarithms are finite.
  func positiveUnit(_ lane: random.Lane) throws(WeftError) -> NDArray {
    add(try unit(lane), number(0x1p-53))
  }

  /// Uniform numbers in (0, 1), the middles of 2^53 equal parts.
  func openUnit(_ lane: random.Lane) throws(WeftError) -> NDArray {
    add(try unit(lane), number(0x1p-54))
  }

  /// Numbers of the normal distribution with mean 0 and variance 1.
  func normal() throws(WeftError) -> NDArray { try call.standardNormal(shape, key) }

  /// Numbers by rejection, each from the sub-stream of its own index.
  func sample(
    _ name: String, _ lane: random.Lane, _ parameters: [NDArray], dtype: DType = .float64
  ) throws(WeftError) -> NDArray {
    guard key.rank == 0, key.dtype.isInteger else {
      throw call.error(.dtype, "the key is \(key.expr.type), expected one integer")
    }
    let whole = parameters.map { a in
      a.count == 1 ? call.reshape(a, []) : call.broadcast(a, to: shape)
    }
    let routine = Routine.sample(name, lane: lane.rawValue, shape: shape.codes, dtype: dtype)
    return call.node(.call(routine), all: [call.convert(key, to: .uint64)] + whole)
  }

  // MARK: - Arithmetic

  func number(_ value: Double) -> NDArray { call.number(value, .float64) }
  func add(_ a: NDArray, _ b: NDArray) -> NDArray { call.apply(.add, a, b) }
  func subtract(_ a: NDArray, _ b: NDArray) -> NDArray { call.apply(.subtract, a, b) }
  func multiply(_ a: NDArray, _ b: NDArray) -> NDArray { call.apply(.multiply, a, b) }
  func divide(_ a: NDArray, _ b: NDArray) -> NDArray { call.apply(.divide, a, b) }
  func negative(_ a: NDArray) -> NDArray { call.apply(.negative, a) }
  func log(_ a: NDArray) -> NDArray { call.apply(.log, a) }
  func sqrt(_ a: NDArray) -> NDArray { call.apply(.sqrt, a) }
  func pow(_ a: NDArray, _ b: NDArray) -> NDArray { call.apply(.pow, a, b) }

  /// `location + scale * sample`.
  func moved(_ sample: NDArray, _ location: NDArray, _ scale: NDArray) -> NDArray {
    add(location, multiply(scale, sample))
  }

  /// The result in the shape of the draw.
  func whole(_ a: NDArray) -> NDArray { call.broadcast(a, to: shape) }
}

extension random {
  /// Runs the body of a distribution.
  static func draw(
    _ name: String, _ shape: [Int], _ key: some RandomKey, _ operands: [NDArray],
    _ file: StaticString, _ line: UInt,
    _ body: (Drawing) throws(WeftError) -> NDArray
  ) -> NDArray {
    let call = Call("random.\(name)", file, line)
    return call.build([key.keyArray] + operands) { () throws(WeftError) in
      let drawing = try Drawing(call, shape, key)
      return drawing.whole(try body(drawing))
    }
  }
}
