import WeftIR
import WeftPasses

/// An order in which `einsum` contracts its operands, and what it costs.
public struct EinsumPath: Sendable, CustomStringConvertible {
  /// The steps: the operands at these positions of the list are taken out, their product is appended.
  public let path: [[Int]]
  /// The floating-point operations of all steps: products of extents, twice where an index is summed.
  public let flops: Double
  /// The same for one step over all operands.
  public let naiveFlops: Double
  /// The elements of the largest value that a step makes.
  public let largestIntermediate: Double
  /// Whether no order has fewer operations.
  public let isOptimal: Bool
  /// A table of the steps, as `numpy.einsum_path` prints it.
  public let description: String
}

/// The order in which `einsum` would contract operands, with a report: `print(try einsumPath(...))`.
///
/// Nothing is computed. `.automatic` gives the order that takes the fewest operations, exact for up to
/// ten operands.
///
/// - Throws: `einsum` as `einsum` would; `unknown-extent` when only the data tell an extent;
///   `too-large` when no order without slices has values of at most `memoryLimit` elements.
/// - NumPy: `numpy.einsum_path`, whose list begins with a word; that counts one operation more.
///   See `einsum(_:_:)`.
public func einsumPath(
  _ subscripts: String, _ operands: NDArray..., optimize: EinsumOptimizer = .automatic,
  memoryLimit: Double? = nil, file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> EinsumPath {
  try einsumPath(
    subscripts, operands, optimize: optimize, memoryLimit: memoryLimit, file: file, line: line)
}

/// As `einsumPath(_:_:optimize:memoryLimit:)` with the operands in a list.
/// See `einsum(_:_:)`.
public func einsumPath(
  _ subscripts: String, _ operands: [NDArray], optimize: EinsumOptimizer = .automatic,
  memoryLimit: Double? = nil, file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> EinsumPath {
  let call = Call("einsumPath", file, line)
  try call.requireSound(operands)
  let expression = try EinsumParser(subscripts, call: call).parse()
  return try expression.resolve(operands, call).report(optimize, memoryLimit, call)
}

/// As `einsumPath(_:_:optimize:memoryLimit:)` with axes named by integers and ellipses.
/// See `einsum(operands:output:)`.
public func einsumPath(
  operands: [(NDArray, [EinsumLabel])], output: [EinsumLabel]? = nil,
  optimize: EinsumOptimizer = .automatic, memoryLimit: Double? = nil,
  file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> EinsumPath {
  let call = Call("einsumPath", file, line)
  try call.requireSound(operands.map(\.0))
  let expression = EinsumExpression(operands.map(\.1), output)
  return try expression.resolve(operands.map(\.0), call).report(optimize, memoryLimit, call)
}

extension Call {
  /// The first error of operands, if one has any.
  fileprivate func requireSound(_ operands: [NDArray]) throws(WeftError) {
    for operand in operands {
      if let error = operand.expr.error { throw error }
    }
  }
}

extension ResolvedEinsum {
  /// The order of an optimizer with what it costs.
  func report(
    _ optimizer: EinsumOptimizer, _ memoryLimit: Double?, _ call: Call
  ) throws(WeftError) -> EinsumPath {
    guard let (network, labels) = network else {
      throw call.error(
        .unknownExtent, "an operand has an extent that only the data tell",
        hint: "compute() the array first")
    }
    let count = network.operands.count
    var linear: [[Int]]
    var isOptimal = false
    if case .path(let given) = optimizer {
      do {
        _ = try ContractionPath(linear: given, operandCount: count)
      } catch {
        throw call.error(.einsum, "the order \(given) is none: \(error.message)")
      }
      linear = given
    } else {
      var options = optimizer.options ?? PathOptions(model: .flops)
      options.memoryLimit = memoryLimit
      options.allowsSlicing = false
      let plan = PathCache.shared.plan(network, options)
      if let least = plan.leastFeasibleSize {
        throw call.error(
          .tooLarge,
          "no order was found whose values have at most \(memoryLimit ?? 0) elements; \(least) would do"
        )
      }
      linear = plan.path.linear
      isOptimal = plan.isOptimal
    }
    let names = symbols(labels)
    return EinsumPathTable(network, linear, names).report(isOptimal: isOptimal)
  }

  /// A letter for each index: that of the text, or one that the text does not use.
  private func symbols(_ labels: [Int]) -> [Character] {
    var used = Set(letters.values)
    var next: UInt32 = 97
    return labels.map { label in
      if let letter = letters[label] { return Character(letter) }
      while true {
        let candidate = Unicode.Scalar(next)
        // a to z, A to Z, then letters past Latin-1's signs.
        next = next == 122 ? 65 : next == 90 ? 192 : next == 0xD7FF ? 0xE000 : next + 1
        if let candidate, used.insert(candidate).inserted { return Character(candidate) }
      }
    }
  }
}

/// The table of `numpy.einsum_path`: each step with its scaling and what remains.
private struct EinsumPathTable {
  private let network: ContractionNetwork
  private let linear: [[Int]]
  private let names: [Character]

  init(_ network: ContractionNetwork, _ linear: [[Int]], _ names: [Character]) {
    self.network = network
    self.linear = linear
    self.names = names
  }

  func report(isOptimal: Bool) -> EinsumPath {
    var present = network.operands
    var rows: [String] = []
    var flops = 0.0
    var largest = 0.0
    var scaling = 0
    for (number, positions) in linear.enumerated() {
      let taken = positions.map { present[$0] }
      for position in positions.sorted(by: >) { present.remove(at: position) }
      let union = Set(taken.joined())
      let needed = Set(present.joined()).union(network.output)
      var kept: [Int] = []
      for index in taken.joined() where needed.contains(index) && !kept.contains(index) {
        kept.append(index)
      }
      if number == linear.count - 1 { kept = network.output }
      flops += Self.flops(
        product(union), isSummed: kept.count < union.count, operands: taken.count)
      largest = max(largest, product(Set(kept)))
      scaling = max(scaling, union.count)
      present.append(kept)
      let current = taken.map(text).joined(separator: ",") + "->" + text(kept)
      let remaining = present.map(text).joined(separator: ",") + "->" + text(network.output)
      rows.append(
        Self.padded(String(union.count), 4) + Self.padded(current, 28)
          + Self.padded(remaining, 41))
    }
    let all = Set(network.operands.joined())
    let naive = Self.flops(
      product(all), isSummed: network.output.count < all.count, operands: network.operands.count)
    let line = String(repeating: "-", count: 74)
    let text = [
      "  Complete contraction:  " + network.operands.map(text).joined(separator: ",") + "->"
        + text(network.output),
      "         Naive scaling:  \(all.count)",
      "     Optimized scaling:  \(scaling)",
      "      Naive FLOP count:  \(Self.scientific(naive))",
      "  Optimized FLOP count:  \(Self.scientific(flops))",
      "   Theoretical speedup:  \(Self.fixed(flops > 0 ? naive / flops : 1))",
      "  Largest intermediate:  \(Self.scientific(largest)) elements",
      line, "scaling" + Self.padded("current", 25) + Self.padded("remaining", 41), line,
    ]
    return EinsumPath(
      path: linear, flops: flops, naiveFlops: naive, largestIntermediate: largest,
      isOptimal: isOptimal, description: (text + rows).joined(separator: "\n"))
  }

  /// Multiplications of a step's factors and additions where something is summed.
  private static func flops(_ product: Double, isSummed: Bool, operands: Int) -> Double {
    product * Double(max(1, operands - 1) + (isSummed ? 1 : 0))
  }

  private func product(_ indices: Set<Int>) -> Double {
    indices.reduce(1.0) { $0 * Double(network.extents[$1]) }
  }

  private func text(_ indices: [Int]) -> String { String(indices.map { names[$0] }) }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  /// Three digits behind the point, or a power of ten for more than twelve before it.
  private static func fixed(_ value: Double) -> String {
    guard value < 1e12 else { return scientific(value) }
    let thousandths = Int((value * 1000).rounded(.toNearestOrEven))
    let rest = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  /// Four digits and a power of ten: `1.080e+03`.
  private static func scientific(_ value: Double) -> String {
    guard value > 0, value < .infinity else { return value == 0 ? "0.000e+00" : "inf" }
    var exponent = 0
    var mantissa = value
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    var thousandths = Int((mantissa * 1000).rounded())
    if thousandths == 10_000 { (thousandths, exponent) = (1000, exponent + 1) }
    let digits = String(thousandths)
    let power = String(exponent.magnitude)
    return digits.prefix(1) + "." + digits.dropFirst() + (exponent < 0 ? "e-" : "e+")
      + (power.count < 2 ? "0" : "") + power
  }
}
