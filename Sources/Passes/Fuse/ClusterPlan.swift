import WeftIR

/// The steps that compute a graph, in order, with rows joined to kernels where that saves memory
/// traffic.
public struct ClusterPlan: Sendable {
  /// A value read through views.
  public struct Reading: Sendable {
    /// The materialised value.
    public var value: Value
    /// Which of its elements, in which order.
    public var view: StridedView
  }

  /// What runs at once.
  public enum Step: Sendable {
    /// One kernel.
    case cluster(Cluster)
    /// Kernels that write disjoint boxes of the same values, in any order or at once.
    case pieces([Cluster])
    /// A contraction, or another reader of views, with its operands.
    case contract(row: Int, operands: [Reading])
    /// Any other row; its operands are dense values.
    case row(Int)
    /// A row whose elements are those of a materialised value, under another shape.
    case alias(row: Int, of: Value)
  }

  /// The most instructions of a cluster.
  public static let instructionLimit = 256
  /// The most arrays that a cluster reads and writes.
  public static let arrayLimit = 24
  /// The most kernels that one step of pieces has.
  public static let pieceLimit = 16

  /// The most sentences of `notes`.
  public static let noteLimit = 100

  /// The steps, producers before users.
  public let steps: [Step]
  /// Why rows are stored or computed again.
  public let decisions: FuseDecisions

  /// Plans a graph whose shapes are known, but for results that only outputs hold.
  ///
  /// `isNative` tells which maps, conversions and reductions a kernel may hold; others become
  /// `row` steps. Of the native rows, `isVersatile` tells which a kernel may hold that uses its
  /// folds or is one of several pieces (`options`); others stay in plain kernels.
  public init(
    _ graph: Graph, options: FuseOptions = FuseOptions(), isNative: (Int) -> Bool = { _ in true },
    isVersatile: (Int) -> Bool = { _ in true }
  ) {
    var reading = GraphReading(graph, options, isNative: isNative, isVersatile: isVersatile)
    reading.markDense()
    var assignment = ClusterAssignment(reading, options)
    assignment.run()
    decisions = FuseDecisions(list: assignment.decisions)
    steps = ClusterAssembly(reading, assignment).steps()
  }

  /// As `FuseDecisions.notes(of:)`.
  public func notes(of graph: Graph) -> [String] { decisions.notes(of: graph) }

  /// The number of steps that are kernels; the pieces of a value count as one.
  public var kernelCount: Int {
    steps.reduce(0) { count, step in
      switch step {
      case .cluster, .pieces: count + 1
      case .contract, .row, .alias: count
      }
    }
  }

  /// The number of values stored that are no outputs of the graph.
  public func intermediateCount(of graph: Graph) -> Int {
    var outputs = Set(graph.outputs)
    for case .alias(let row, let source) in steps where outputs.contains(Value(row: row)) {
      outputs.insert(source)
    }
    var count = 0
    for step in steps {
      switch step {
      case .cluster(let cluster):
        count += cluster.stored.count { !outputs.contains($0) }
      case .pieces(let clusters):
        count += Set(clusters.flatMap(\.stored)).count { !outputs.contains($0) }
      case .contract(let row, _): count += outputs.contains(Value(row: row)) ? 0 : 1
      case .row(let row):
        for result in graph.types(row).indices {
          let value = Value(row: row, result: result - graph.types(row).startIndex)
          count += outputs.contains(value) ? 0 : 1
        }
      case .alias: break
      }
    }
    return count
  }
}

/// What the fuser decided, told when somebody asks.
public struct FuseDecisions: Sendable {
  let list: [FuseDecision]

  /// No decisions.
  public static let none = FuseDecisions(list: [])

  /// Why rows are stored or computed again, one sentence each, with the text form's names.
  ///
  /// Of the rows that outputs need, those nearest to the outputs come first; at most
  /// `ClusterPlan.noteLimit` are told.
  public func notes(of graph: Graph) -> [String] {
    if list.isEmpty { return [] }
    let names = graph.valueNames()
    return list.map { $0.text { names[$0] } }
  }
}
