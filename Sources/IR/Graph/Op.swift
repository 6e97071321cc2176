/// What one row of a graph does: few structural ops over many scalar functions.
///
/// Shapes and dtypes are explicit: operands of `map` have one shape and the dtypes the function
/// takes; broadcasting and conversion are ops of their own.
public enum Op: Hashable, Sendable {
  /// Parameter `n` of the graph, with its type.
  case input(Int, TensorType)
  /// One element, as a 0-d array.
  case constant(Scalar)
  /// Counts 0, 1, 2, ... along an axis of a shape.
  case iota(TensorType, axis: Int)
  /// Counter-based random bits, `uint64`; the operand is the key, `uint64[]`.
  ///
  /// Element i (its flat C-order index) depends on key, lane and i alone.
  case random(RandomStream)
  /// Elementwise application; operands have one shape.
  case map(ScalarFunction)
  /// Elementwise conversion to a dtype, as NumPy's `astype`.
  case convert(DType)
  /// Folds the axes of a set with an associative function; the axes disappear.
  ///
  /// Folding no elements gives the function's identity, and is an error where it has none.
  case reduce(ScalarFunction, AxisSet)
  /// Running folds along an axis, each element included.
  case scan(ScalarFunction, axis: Int)
  /// The first index (`int64`) along an axis at which `minimum` or `maximum` is attained; the axis
  /// disappears. NaN wins, as in NumPy.
  case argReduce(ScalarFunction, axis: Int)
  /// A sum of products over index labels: dot, matmul, einsum, outer, trace, diagonal.
  case contract(Contraction)
  /// Repeats an array along new axes and axes of extent 1; `axes[i]` is where operand axis i goes.
  case broadcast(to: Shape, axes: [Int])
  /// The same elements in C order under another shape of equal count.
  case reshape(Shape)
  /// Result axis i is operand axis `axes[i]`.
  case permute([Int])
  /// For each axis a start, a positive step and a count.
  case slice([SliceSpan])
  /// Puts fill elements before, between and after; operands are the array and the 0-d fill.
  case pad([PadSpan])
  /// Reverses the order along the axes of a set.
  case reverse(AxisSet)
  /// Joins operands along an axis.
  case concatenate(axis: Int)
  /// Takes along an axis: operands are the array and integer indices of any rank, whose axes
  /// replace the axis. Indices from 0 to extent - 1; another is an error at run time.
  case gather(axis: Int)
  /// Combines updates into an array at indices along an axis: operands are the array, integer
  /// indices (1-d) and updates (the axis has the indices' extent). Indices repeat in order:
  /// with `second` the last one wins.
  case scatter(axis: Int, ScalarFunction)
  /// Keeps the positions along an axis at which a mask (bool, 1-d) is true.
  case compress(axis: Int, extent: Extent)
  /// Sorts along an axis, stable, NaN last; two results: sorted keys and `int64` positions.
  case sort(axis: Int, descending: Bool)
  /// The same value in another storage.
  case store(Layout)
  /// What is no loop nest, called by name.
  case call(Routine)
}

/// A position in the family of random streams that a key opens.
public struct RandomStream: Hashable, Sendable {
  /// The shape of the result.
  public var shape: Shape
  /// Which of the key's independent streams.
  public var lane: Int

  /// A stream from its parts.
  public init(shape: Shape, lane: Int) {
    self.shape = shape
    self.lane = lane
  }
}

/// A set of axes, each below 64.
public struct AxisSet: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// Bit i stands for axis i.
  public var bits: UInt64

  /// A set from its bits.
  public init(bits: UInt64) { self.bits = bits }
  /// A set of axes; those outside 0..<64 are left out, since no array has them.
  public init(_ axes: some Sequence<Int>) { bits = axes.reduce(0) { $0 | 1 << $1 } }
  /// A set of axes.
  public init(arrayLiteral axes: Int...) { self.init(axes) }

  /// Whether the set holds an axis.
  @inlinable public func contains(_ axis: Int) -> Bool { bits >> UInt64(axis) & 1 != 0 }
  /// The axes in ascending order.
  public var axes: [Int] { (0..<64).filter { contains($0) } }
  /// The number of axes.
  public var count: Int { bits.nonzeroBitCount }
  /// Whether the set is empty.
  public var isEmpty: Bool { bits == 0 }
}

/// Which elements of an axis a slice takes: `start, start + step, ...`, `count` of them.
public struct SliceSpan: Hashable, Sendable {
  /// The first element.
  public var start: Int
  /// The distance between elements; at least 1.
  public var step: Int
  /// The number of elements; nil is all of an axis whose extent is unknown.
  public var count: Int?

  /// A span from its parts.
  public init(start: Int, step: Int = 1, count: Int?) {
    self.start = start
    self.step = step
    self.count = count
  }
}

/// How many fill elements an axis gets before, after, and between each two elements.
public struct PadSpan: Hashable, Sendable {
  /// Elements before the first; not negative.
  public var low: Int
  /// Elements after the last; not negative.
  public var high: Int
  /// Elements between neighbours; not negative.
  public var interior: Int

  /// A span from its parts.
  public init(low: Int, high: Int, interior: Int = 0) {
    self.low = low
    self.high = high
    self.interior = interior
  }
}

/// Index labels of a contraction: `contract %a[i, k], %b[k, j] -> [i, j]`.
///
/// Labels are numbers; equal labels are one index. What the output does not hold is summed. A label
/// may repeat in an operand (diagonal) and stand in many operands; each of the output's labels
/// stands in an operand and once in the output.
public struct Contraction: Hashable, Sendable {
  /// The labels of each operand's axes.
  public var operands: [[Int]]
  /// The labels of the result's axes.
  public var output: [Int]

  /// A contraction; labels are renumbered in order of appearance so that equal ones compare equal.
  public init(_ operands: [[Int]], to output: [Int]) {
    var number: [Int: Int] = [:]
    func canonical(_ label: Int) -> Int {
      if let known = number[label] { return known }
      let next = number.count
      number[label] = next
      return next
    }
    self.operands = operands.map { $0.map(canonical) }
    self.output = output.map(canonical)
  }

  /// The number of distinct labels.
  public var labelCount: Int { (operands.joined().max() ?? -1) + 1 }
}

extension Op {
  /// The scalar function inside, if there is one.
  public var function: ScalarFunction? {
    switch self {
    case .map(let f), .reduce(let f, _), .scan(let f, _), .argReduce(let f, _),
      .scatter(_, let f):
      f
    case .input, .constant, .iota, .random, .convert, .contract, .broadcast, .reshape, .permute,
      .slice, .pad, .reverse, .concatenate, .gather, .compress, .sort, .store, .call:
      nil
    }
  }

  /// The word that the text form begins a row with.
  public var name: String {
    switch self {
    case .input: "input"
    case .constant: "constant"
    case .iota: "iota"
    case .random: "random"
    case .map(let f): f.name
    case .convert: "convert"
    case .reduce: "reduce"
    case .scan: "scan"
    case .argReduce: "argreduce"
    case .contract: "contract"
    case .broadcast: "broadcast"
    case .reshape: "reshape"
    case .permute: "permute"
    case .slice: "slice"
    case .pad: "pad"
    case .reverse: "reverse"
    case .concatenate: "concatenate"
    case .gather: "gather"
    case .scatter: "scatter"
    case .compress: "compress"
    case .sort: "sort"
    case .store: "store"
    case .call(let routine): routine.name
    }
  }

  /// Whether equal rows of this op may be one row.
  public var isMergeable: Bool {
    switch self {
    case .random, .input: false
    case .call(let routine): routine.isPure
    default: true
    }
  }

  /// Whether inference makes up names for extents that only the data tell.
  var makesExtents: Bool {
    switch self {
    case .concatenate, .call: true
    default: false
    }
  }
}
