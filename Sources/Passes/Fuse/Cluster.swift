import WeftIR

/// One kernel: nodes over one iteration shape, results stored whole or folded.
///
/// The axes of the shape are the kept ones and, where something is folded, the reduced ones. A
/// fold may be used again (`Node.folded`): the cluster then runs in stages. See `Note: stages`.
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
    /// The result of a reduction (its number), the same all along the reduced axes.
    case folded(Int)
    /// An element of a materialised value, or of a count that is in no memory, at the view's place
    /// plus an index times a stride.
    case gather(Value, StridedView, Taking)
    /// The running fold of the cluster's scan; of complex numbers taken apart of one part.
    case scanned(Int)
  }

  /// Where along one axis of a value an element is taken.
  public struct Taking: Sendable {
    /// The node of the index, `int64`; outside of the extent it is an error of the run.
    public var index: Int
    /// The distance between neighbours along the axis.
    public var stride: Int
    /// The extent of the axis.
    public var extent: Int
    /// The row that takes, for messages.
    public var row: Int
    /// Whether the value is a count: the place itself is the element.
    public var isCount: Bool

    /// A place from its parts.
    public init(index: Int, stride: Int, extent: Int, row: Int, isCount: Bool = false) {
      self.isCount = isCount
      self.index = index
      self.stride = stride
      self.extent = extent
      self.row = row
    }
  }

  /// A running fold along one axis.
  public struct Scan: Sendable {
    /// The node that is folded, or both parts of complex numbers; they do not depend on the scan.
    public var nodes: [Int]
    /// The function that folds.
    public var function: ScalarFunction
    /// The axis along which it runs.
    public var axis: Int

    /// The node that is folded, or the first part of it.
    public var node: Int { nodes[0] }

    /// A scan from its parts.
    public init(node: Int, function: ScalarFunction, axis: Int) {
      nodes = [node]
      self.function = function
      self.axis = axis
    }
  }

  /// Elements that are combined, in order, with those of an array of one axis at indices.
  public struct Scatter: Sendable {
    /// The result.
    public var value: Value
    /// The node of the indices, `int64`; outside of the extent it is an error of the run.
    public var index: Int
    /// The node of the elements, of the result's dtype.
    public var node: Int
    /// What combines the old element with the new one.
    public var function: ScalarFunction
    /// What the result is before: this array, or `scalar` everywhere.
    public var base: Value
    /// How the base is read; its shape is the result's.
    public var view: StridedView
    /// The element of a base that is the same everywhere.
    public var scalar: Scalar?
    /// The dtype of the result.
    public var dtype: DType

    /// The extent of the result.
    public var extent: Int { view.shape[0] }
  }

  /// A node whose elements are stored as a value.
  public struct Output: Sendable {
    /// What is stored.
    public var value: Value
    /// The node that gives it.
    public var node: Int
    /// Where its elements go in the value's memory, over the cluster's shape.
    public var view: StridedView
    /// Whether one element is stored for each position of the kept axes.
    ///
    /// The node is then the same along the reduced axes, where the view's strides are 0.
    public var isFolded: Bool
    /// The user's row.
    public var row: Int { value.index }

    /// An output from its parts.
    public init(value: Value, node: Int, view: StridedView, isFolded: Bool = false) {
      self.value = value
      self.node = node
      self.view = view
      self.isFolded = isFolded
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
    /// Whether the result goes to memory, dense in the order of the kept axes.
    ///
    /// What is not stored is used by `Node.folded` of the same cluster.
    public var isStored: Bool
    /// Whether the result is the first index at which the function's value is attained, not the
    /// value; NaN is attained before any number. One axis is then reduced.
    public var isPosition: Bool
    /// Of a fold of complex numbers' parts which part it is, 0 or 1; it goes to that place of each
    /// element of the result.
    public var part: Int?

    /// A reduction from its parts.
    public init(
      value: Value, node: Int, function: ScalarFunction, dtype: DType, isStored: Bool = true,
      isPosition: Bool = false
    ) {
      self.isPosition = isPosition
      self.value = value
      self.node = node
      self.function = function
      self.dtype = dtype
      self.isStored = isStored
    }
  }

  /// The graph's rows that the kernel computes, in order, for whoever asks where it comes from.
  public var rows: [Int] = []
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
  /// What runs along an axis; there are then no reductions.
  public var scan: Scan?
  /// What is put at indices; there are then no outputs, no reductions and no scan.
  public var scatter: Scatter?
  /// The axes that the reductions fold.
  ///
  /// Never empty where an output is folded, even if no reduction is left in the cluster.
  public var reducedAxes: AxisSet = []

  /// Whether views count parts of complex numbers, which lie side by side.
  var isInParts = false

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
    if let scatter, scatter.scalar == nil { values.insert(scatter.base) }
    for node in nodes {
      switch node {
      case .load(let value, _): values.insert(value)
      case .gather(let value, _, let taking): if !taking.isCount { values.insert(value) }
      case .constant, .iota, .random, .map, .convert, .folded, .scanned: break
      }
    }
    return values
  }

  /// The number of nodes that compute something.
  public var instructionCount: Int {
    nodes.reduce(0) { count, node in
      switch node {
      case .map, .convert, .random, .iota, .gather, .scanned: count + 1
      case .load, .constant, .folded: count
      }
    }
  }

  /// The distinct values that are written to memory.
  public var stored: [Value] {
    outputs.map(\.value) + reductions.filter(\.isStored).map(\.value)
      + [scatter].compactMap { $0?.value }
  }

  /// Whether a fold is used again, so that rows are visited more than once.
  public var isStaged: Bool {
    nodes.contains { if case .folded = $0 { true } else { false } }
  }

  /// Whether elements are taken at indices.
  public var gathers: Bool {
    nodes.contains { if case .gather = $0 { true } else { false } }
  }
}

// Note: stages
//
// The stage of a node is 0 for loads, constants, counts and random bits, the greatest of its
// operands' for functions, and one more than that of the folded node for `folded`. Nodes stand in
// an order in which operands come first: `reductions[i].node` is less than each `folded(i)`.
// A position of the kept axes is independent of all others: a kernel takes one (or a few) and runs
// stage after stage over the reduced axes. What a later stage needs of an earlier one is computed
// again or kept, as the kernel likes. In a staged cluster the reduced axes are the innermost ones.
//
// A node is uniform when it is a constant, a `folded`, a load or count whose strides are 0 along
// all reduced axes, or a function of uniform nodes: it is needed once for each kept position.
// Outputs with `isFolded` are uniform. The operand of a reduction may be uniform as well: it is
// folded as often as the reduced axes have positions.
