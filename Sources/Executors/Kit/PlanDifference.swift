import WeftIR

/// What tells a graph that is to be prepared from the nearest one that was.
enum PlanDifference: Int, Comparable {
  case executor, exactness, memoryLimit, compilation, passes, streams, options
  case facts, constants, shape, rank, dtype, arguments
  case structure

  static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  /// The difference in words, for `explain()` and traces.
  var text: String {
    switch self {
    case .executor: "executor differs from the nearest"
    case .exactness: "exactness differs from the nearest"
    case .memoryLimit: "memory limit differs from the nearest"
    case .compilation: "compilation differs from the nearest"
    case .passes: "passes differ from the nearest"
    case .streams: "what takes the results differs from the nearest"
    case .options: "several options differ from the nearest"
    case .facts: "what is known of the arrays differs from the nearest"
    case .constants: "constants differ from the nearest"
    case .shape: "shape differs from the nearest"
    case .rank: "rank differs from the nearest"
    case .dtype: "dtype differs from the nearest"
    case .arguments: "arguments of ops differ from the nearest"
    case .structure: "new structure"
    }
  }

  /// How two keys differ; nil when they do not.
  init?(_ a: ExecutableCache.Key, _ b: ExecutableCache.Key) {
    if a.graph != b.graph {
      self = Self(a.graph, b.graph)
    } else if let difference = Self(a.options, b.options) {
      self = difference
    } else {
      return nil
    }
  }

  private init?(_ a: PlanOptions, _ b: PlanOptions) {
    if a == b { return nil }
    var differences: [PlanDifference] = []
    if a.executor != b.executor { differences.append(.executor) }
    if a.exactness != b.exactness { differences.append(.exactness) }
    if a.memoryLimit != b.memoryLimit { differences.append(.memoryLimit) }
    if a.compilation != b.compilation { differences.append(.compilation) }
    if a.streams != b.streams { differences.append(.streams) }
    self = differences.count > 1 ? .options : differences.first ?? .passes
  }

  /// How two graphs differ that are not equal.
  private init(_ a: Graph, _ b: Graph) {
    self = .structure
    guard a.count == b.count, a.outputs == b.outputs else { return }
    var worst = PlanDifference.facts
    for row in 0..<a.count {
      guard a.operands(row) == b.operands(row), a.rows[row].op.hasKind(of: b.rows[row].op),
        a.types(row).count == b.types(row).count
      else { return }
      var ofTypes: PlanDifference?
      for (type, other) in zip(a.types(row), b.types(row)) where type != other {
        let difference: PlanDifference =
          type.dtype != other.dtype ? .dtype : type.rank != other.rank ? .rank : .shape
        ofTypes = max(ofTypes ?? difference, difference)
      }
      if let ofTypes {
        worst = max(worst, ofTypes)
      } else if a.rows[row].op != b.rows[row].op {
        if case .constant = a.rows[row].op {
          worst = max(worst, .constants)
        } else {
          worst = .arguments
        }
      }
    }
    self = worst
  }
}

extension Op {
  /// Whether two ops do the same but for extents, positions and elements.
  fileprivate func hasKind(of other: Op) -> Bool {
    switch (self, other) {
    case (.map(let f), .map(let g)): f == g
    case (.reduce(let f, let axes), .reduce(let g, let others)): f == g && axes == others
    case (.contract, _), (.call, _), (.permute, _), (.scan, _), (.argReduce, _): self == other
    default: name == other.name
    }
  }
}

extension ExecutableCache {
  /// What tells a graph that is not in the cache from the nearest one that is; nil for one that is.
  func difference(of key: Key) -> PlanDifference? {
    let known = keys(ofRows: key.graph.count)
    var nearest = PlanDifference.structure
    for other in known {
      guard let difference = PlanDifference(key, other) else { return nil }
      nearest = min(nearest, difference)
    }
    return nearest
  }
}
