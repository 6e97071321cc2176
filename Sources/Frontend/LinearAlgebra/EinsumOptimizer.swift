import WeftIR
import WeftPasses

/// In which order `einsum` contracts more than two operands.
public enum EinsumOptimizer: Hashable, Sendable {
  /// The compiler decides, together with what stands around the contraction.
  case automatic
  /// The pair that looks cheapest at each step.
  case greedy
  /// The best of all orders, for up to 20 operands; of those found for more.
  case optimal
  /// As written.
  case leftToRight
  /// The best order found in a time, while the expression is built.
  case search(seconds: Double)
  /// An order: at each step the operands at these positions of the list are taken out, and their
  /// product is appended.
  case path([[Int]])
}

/// An `einsum` whose labels are numbers and whose operands fit.
struct ResolvedEinsum {
  var parts: ContractionParts
  var output: [Int]
  /// The letters of labels that a text names.
  var letters: [Int: Unicode.Scalar]

  /// One row, or a row for each step of an order.
  ///
  /// Steps of an order that the caller gave or chose are taken as they are: no pass joins them with
  /// each other or with what stands around them.
  func contraction(_ optimizer: EinsumOptimizer, _ call: Call) throws(WeftError) -> NDArray {
    guard let steps = try steps(optimizer, call) else {
      return call.node(.contract(Contraction(parts.labels, to: output)), all: parts.arrays)
    }
    func apart(_ array: NDArray) -> NDArray {
      array.expr.buffer == nil ? call.node(.call(.assume(.none)), array) : array
    }
    var present = Array(zip(parts.arrays.map(apart), parts.labels))
    for (number, positions) in steps.enumerated() {
      let taken = positions.map { present[$0] }
      for position in positions.sorted(by: >) { present.remove(at: position) }
      var kept = output
      if number < steps.count - 1 {
        let needed = Set(present.flatMap { $0.1 }).union(output)
        kept = []
        for label in taken.flatMap({ $0.1 }) where needed.contains(label) && !kept.contains(label) {
          kept.append(label)
        }
      }
      let row = call.node(
        .contract(Contraction(taken.map { $0.1 }, to: kept)), all: taken.map { $0.0 })
      present.append((apart(row), kept))
    }
    return present[0].0
  }

  /// The steps of an order in linear form, or nil where the compiler decides.
  private func steps(_ optimizer: EinsumOptimizer, _ call: Call) throws(WeftError) -> [[Int]]? {
    let count = parts.arrays.count
    if case .path(let linear) = optimizer {
      do {
        _ = try ContractionPath(linear: linear, operandCount: count)
      } catch {
        throw call.error(.einsum, "the order \(linear) is none: \(error.message)")
      }
      return linear
    }
    guard count > 2, let options = optimizer.options, let (network, _) = network else { return nil }
    return PathCache.shared.plan(network, options).path.linear
  }

  /// The network with labels as indices, and the label of each; nil where only the data tell an
  /// extent.
  var network: (network: ContractionNetwork, labels: [Int])? {
    var numbers: [Int: Int] = [:]
    var order: [Int] = []
    for label in parts.labels.joined() where numbers[label] == nil {
      numbers[label] = order.count
      order.append(label)
    }
    let extents = order.map { parts.extents[$0] ?? 1 }
    guard extents.allSatisfy({ $0 >= 0 }) else { return nil }
    let network = ContractionNetwork(
      parts.labels.map { $0.map { numbers[$0] ?? 0 } }, to: output.map { numbers[$0] ?? 0 },
      extents: extents)
    return (network, order)
  }
}

extension EinsumOptimizer {
  /// How an order is searched; nil where there is nothing to search.
  var options: PathOptions? {
    switch self {
    case .automatic, .path: nil
    case .greedy: PathOptions(.greedy, model: .flops)
    case .optimal: PathOptions(.optimal, model: .flops)
    case .leftToRight: PathOptions(.leftToRight, model: .flops)
    case .search(let seconds): PathOptions(model: .flops, seconds: seconds.isNaN ? 0 : seconds)
    }
  }
}
