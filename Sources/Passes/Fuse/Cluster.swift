import WeftIR

/// One kernel: nodes over one iteration shape, results stored whole or folded.
public struct Cluster: Sendable {
  /// What one step of the kernel gives for each position of the iteration shape.
  public enum Node: Sendable {
    /// An element of a materialised value; the view has the iteration shape.
    case load(Value, StridedView)
    /// The same element everywhere.
    case constant(Scalar)
    /// The view's position itself (offset plus strides times indices), in a dtype.
    case iota(DType, StridedView)
    /// Random bits for the view's position; the first is the node of the key.
    case random(key: Int, lane: Int, StridedView)
    /// A function of nodes whose values (not the mask of `select`) have a dtype.
    case map(ScalarFunction, DType, Int, Int, Int)
    /// A node in another dtype.
    case convert(Int)
  }

  /// A node whose elements are stored as a value.
  public struct Output: Sendable {
    /// What is stored.
    public var value: Value
    /// The node that gives it.
    public var node: Int
    /// The user's row.
    public var row: Int { value.index }

    /// An output from its parts.
    public init(value: Value, node: Int) {
      self.value = value
      self.node = node
    }
  }

  /// A node whose elements are folded into a value.
  public struct Reduction: Sendable {
    /// The result, without the reduced axes.
    public var value: Value
    /// The node that is folded.
    public var node: Int
    /// The function that folds.
    public var function: ScalarFunction
    /// The dtype of the result.
    public var dtype: DType

    /// A reduction from its parts.
    public init(value: Value, node: Int, function: ScalarFunction, dtype: DType) {
      self.value = value
      self.node = node
      self.function = function
      self.dtype = dtype
    }
  }

  /// The extents that all nodes have.
  public var shape: [Int]
  /// The steps, operands before users.
  public var nodes: [Node] = []
  /// The dtype of each node.
  public var dtypes: [DType] = []
  /// What is stored whole.
  public var outputs: [Output] = []
  /// What is folded, all over the same axes.
  public var reductions: [Reduction] = []
  /// The axes that the reductions fold.
  public var reducedAxes: AxisSet = []

  /// A cluster without nodes.
  public init(shape: [Int]) { self.shape = shape }

  /// Adds a node and gives its number.
  public mutating func add(_ node: Node, _ dtype: DType) -> Int {
    nodes.append(node)
    dtypes.append(dtype)
    return nodes.count - 1
  }

  /// The distinct values that the nodes load.
  public var loads: Set<Value> {
    var values: Set<Value> = []
    for case .load(let value, _) in nodes { values.insert(value) }
    return values
  }

  /// The number of nodes that compute something.
  public var instructionCount: Int {
    nodes.reduce(0) { count, node in
      switch node {
      case .map, .convert, .random, .iota: count + 1
      case .load, .constant: count
      }
    }
  }
}
