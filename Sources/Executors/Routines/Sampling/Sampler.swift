import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How one number of a distribution is drawn, for parameters that it has.
struct Sampler: Sendable {
  /// What the parameters must be, in words, and whether they are.
  let requirement: String
  let accepts: @Sendable (_ parameters: SIMD4<Double>) -> Bool
  let draw: @Sendable (_ stream: inout SubStream, _ parameters: SIMD4<Double>) -> Double

  init(
    _ requirement: String, accepts: @escaping @Sendable (SIMD4<Double>) -> Bool,
    draw: @escaping @Sendable (inout SubStream, SIMD4<Double>) -> Double
  ) {
    self.requirement = requirement
    self.accepts = accepts
    self.draw = draw
  }

  /// The samplers by the names of distributions.
  static let table: [String: Sampler] = [
    "gamma": Sampler("a shape that is not negative") {
      $0[0] >= 0
    } draw: {
      gamma(&$0, $1[0])
    },
    "beta": Sampler("positive parameters") {
      $0[0] > 0 && $0[1] > 0
    } draw: {
      beta(&$0, $1[0], $1[1])
    },
    "vonmises": Sampler("a concentration that is not negative") {
      $0[1] >= 0 && !$0[0].isNaN
    } draw: {
      vonMises(&$0, $1[0], $1[1])
    },
    "poisson": Sampler("a mean from 0 to 9.2e18") {
      $0[0] >= 0 && $0[0] <= 9.2e18
    } draw: {
      poisson(&$0, $1[0])
    },
    "binomial": Sampler("a count from 0 to 2^53 and a probability") {
      $0[0] >= 0 && $0[0] <= 0x1p53 && $0[1] >= 0 && $0[1] <= 1
    } draw: {
      binomial(&$0, $1[0].rounded(.down), $1[1])
    },
    "hypergeometric": Sampler("counts from 0 to 1e9 and no more draws than there are") {
      $0[0] >= 0 && $0[1] >= 0 && $0[2] >= 0 && $0[0] <= 1e9 && $0[1] <= 1e9
        && $0[2] <= $0[0] + $0[1]
    } draw: {
      hypergeometric(&$0, good: $1[0], bad: $1[1], draws: $1[2])
    },
    "integers": Sampler("bounds within 2^53 and at least one integer between them") {
      $0[0] < $0[1] && $0[0] >= -0x1p53 && $0[1] <= 0x1p53
    } draw: {
      $1[0] + Double($0.below(UInt64($1[1] - $1[0]) - 1))
    },
    "zipf": Sampler("an exponent above 1") {
      $0[0] > 1
    } draw: {
      zipf(&$0, $1[0])
    },
    "logseries": Sampler("a probability below 1") {
      $0[0] >= 0 && $0[0] < 1
    } draw: {
      logSeries(&$0, $1[0])
    },
  ]
}

extension Routines {
  /// Draws every element from its own sub-stream, in parts on the scheduler's threads.
  static func sample(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let name = routine.options["distribution"] ?? ""
    guard let sampler = Sampler.table[name], let lane = routine.options["lane"].flatMap(Int.init),
      operands.count <= 5
    else { throw WeftError(.unsupported, name, "there is no sampler of this name") }
    let result = try Buffer(
      allocating: try routine.infer(operands.map(\.type))[0], in: context.memory)
    let philox = Philox(key: operands[0].scalar(at: 0).uintValue)
    let isCount = result.type.dtype == .int64
    try sampleParts(result.count, context) { range in
      for i in range {
        if i & 0xFFF == 0 { try context.token.check() }
        var parameters = SIMD4<Double>()
        for (n, operand) in operands.dropFirst().enumerated() {
          parameters[n] = operand.number(operand.count == 1 ? 0 : i)
        }
        guard sampler.accepts(parameters) else {
          let given = (0..<operands.count - 1).map { "\(parameters[$0])" }
          throw WeftError(
            .value, name,
            "takes \(sampler.requirement), not \(given.joined(separator: ", "))")
        }
        var stream = SubStream(philox, element: i, lane: lane)
        let value = sampler.draw(&stream, parameters)
        if isCount {
          result.base.storeBytes(
            of: Int64(clamping: value), toByteOffset: i * 8, as: Int64.self)
        } else {
          result.base.storeBytes(of: value, toByteOffset: i * 8, as: Double.self)
        }
      }
    }
    return [result]
  }

  /// Draws every row from its own sub-stream: what is left goes to the categories one by one.
  static func sampleRows(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let name = routine.options["distribution"] ?? ""
    guard let lane = routine.options["lane"].flatMap(Int.init) else {
      throw WeftError(.unsupported, name, "there is no lane")
    }
    let result = try Buffer(
      allocating: try routine.infer(operands.map(\.type))[0], in: context.memory)
    let width = operands[2].count
    if result.count == 0 { return [result] }
    let philox = Philox(key: operands[0].scalar(at: 0).uintValue)
    let weights = (0..<width).map { operands[2].number($0) }
    let isMultinomial = name == "multinomial"
    guard weights.allSatisfy({ $0 >= 0 && (isMultinomial ? $0 <= 1 : $0 <= 1e9) }) else {
      throw WeftError(.value, name, "takes weights that are not negative, nor too large")
    }
    // As NumPy: probabilities may exceed 1 by rounding, but for the last, which takes the rest.
    let total = weights.reduce(0, +)
    if isMultinomial, weights.dropLast().reduce(0, +) > 1 + 1e-12 {
      throw WeftError(.value, name, "the probabilities add up to more than 1")
    }
    try sampleParts(result.count / width, context) { range in
      for row in range {
        let draws = operands[1].number(operands[1].count == 1 ? 0 : row)
        guard draws >= 0, draws <= (isMultinomial ? 0x1p53 : total) else {
          throw WeftError(.value, name, "cannot draw \(draws) times")
        }
        var stream = SubStream(philox, element: row, lane: lane)
        var (left, weightLeft) = (draws, isMultinomial ? 1.0 : total)
        for (category, weight) in weights.enumerated() {
          var count = left
          if category < width - 1 {
            if left == 0 {
              count = 0
            } else if isMultinomial {
              let share = weightLeft > 0 ? min(weight / weightLeft, 1) : 1
              count = binomial(&stream, left, weight == 0 ? 0 : share)
            } else {
              count = hypergeometric(
                &stream, good: weight, bad: weightLeft - weight, draws: left)
            }
          }
          result.base.storeBytes(
            of: Int64(clamping: count), toByteOffset: (row * width + category) * 8,
            as: Int64.self)
          left -= count
          weightLeft -= weight
        }
      }
    }
    return [result]
  }

  /// Runs over positions, in parts on the scheduler's threads where that is worth it.
  private static func sampleParts(
    _ count: Int, _ context: RunContext, _ body: @escaping @Sendable (Range<Int>) throws -> Void
  ) throws {
    if count < 2048 { return try body(0..<count) }
    let parts = min(count / 1024, context.scheduler.threadCount * 8)
    try context.scheduler.run(parts, context.token) { part, _ in
      try body(count * part / parts..<count * (part + 1) / parts)
    }
  }
}

extension Buffer {
  fileprivate func number(_ index: Int) -> Double {
    base.load(fromByteOffset: index * 8, as: Double.self)
  }
}

extension Int64 {
  /// The nearest integer of 64 bits to a number; 0 for NaN.
  fileprivate init(clamping value: Double) {
    self = value.isNaN ? 0 : value >= 0x1p63 ? .max : value <= -0x1p63 ? .min : Int64(value)
  }
}
