/// A loop nest over buffers: what a device's compiler gets.
///
/// Extents, strides and scalars are parameters, never text: one compiled kernel serves every shape
/// of equal rank. Names are canonical, so equal kernels have equal text.
public struct Kernel: Hashable, Sendable {
  /// What the caller gives.
  public enum Parameter: Hashable, Sendable {
    /// Memory with elements of a dtype.
    case buffer(DType, isWritten: Bool)
    /// An extent, a stride, an offset: `int64`.
    case index
  }

  /// The name in the text form.
  public var name: String
  /// What the caller gives, in order.
  public var parameters: [Parameter]
  /// What runs.
  public var body: [Statement]

  /// A kernel from its parts.
  public init(name: String, parameters: [Parameter], body: [Statement]) {
    self.name = name
    self.parameters = parameters
    self.body = body
  }

  /// A value with a name: defined once, or a variable.
  public struct Local: Hashable, Sendable {
    /// The number that stands for the name.
    public var id: Int
    /// The dtype of its value.
    public var dtype: DType

    /// A local from its parts.
    public init(id: Int, dtype: DType) {
      self.id = id
      self.dtype = dtype
    }
  }

  /// What an expression reads.
  public enum Operand: Hashable, Sendable {
    /// A local's value.
    case local(Local)
    /// An index parameter.
    case parameter(Int)
    /// The same element always.
    case constant(Scalar)

    /// The dtype of the value.
    public var dtype: DType {
      switch self {
      case .local(let local): local.dtype
      case .parameter: .int64
      case .constant(let scalar): scalar.dtype
      }
    }
  }

  /// What a definition computes; operands have the dtype that each case says.
  public indirect enum Expression: Hashable, Sendable {
    /// One operation that every device has.
    case primitive(Primitive, [Operand])
    /// A scalar function on operands of its operand dtype; renderers take its body from the library.
    case call(ScalarFunction, [Operand])
    /// The number in the local's dtype, rounded to nearest, or truncated to integers; undefined for
    /// floats that an integer dtype cannot hold. Half floats convert to and from float32 only.
    case convert(Operand)
    /// The number in the local's dtype as NumPy's `astype`, defined for every number; renderers take
    /// its steps from the library.
    case astype(Operand)
    /// The same bits in a dtype of the same width.
    case bitcast(Operand)
    /// The element of a buffer parameter at an index, counted in elements.
    case load(buffer: Int, at: Operand)
    /// The element of a constant table, whose bits are given, at an index inside it.
    case table([UInt64], at: Operand)
  }

  /// One step of a kernel.
  public indirect enum Statement: Hashable, Sendable {
    /// Gives an expression's value a name.
    case define(Local, Expression)
    /// Declares a variable with its first value.
    case variable(Local, Operand)
    /// Changes a variable.
    case assign(Local, Operand)
    /// Writes an element of a buffer parameter.
    case store(buffer: Int, at: Operand, Operand)
    /// Asks that an element of a buffer parameter be brought into the cache. It changes no value, and
    /// the index may lie outside the buffer.
    case prefetch(buffer: Int, at: Operand)
    /// Runs a body for each index from `lower` up to but without `upper`.
    case loop(Loop)
    /// Runs one of two bodies.
    case branch(Operand, then: [Statement], else: [Statement])
    /// Runs a body as long as a condition holds; never inside a vector loop.
    case repetition(Repetition)
  }

  /// A loop whose end only what it reads tells, such as a merge of sorted lists.
  public struct Repetition: Hashable, Sendable {
    /// What runs before each look at the condition; its locals are known in the body.
    public var head: [Statement]
    /// Whether the body runs again, a bool.
    public var condition: Operand
    /// What each round does.
    public var body: [Statement]

    /// A repetition from its parts.
    public init(_ head: [Statement], while condition: Operand, body: [Statement]) {
      self.head = head
      self.condition = condition
      self.body = body
    }
  }

  /// A counted loop.
  public struct Loop: Hashable, Sendable {
    /// How the iterations may run.
    public enum Kind: String, Hashable, Sendable {
      /// One after the other.
      case serial
      /// At once, shared out by whoever runs the kernel; only as the outermost statement.
      case parallel
      /// At once, in vectors: iterations are independent but for folds.
      case vector
      /// One after the other, or some at once: the body is definitions of places and a vector loop over
      /// the same indices each time, which copies one element. What it reads lies side by side along
      /// its own index, what it writes along this one, so that both go in whole vectors.
      case tile
    }

    /// How the iterations may run.
    public var kind: Kind
    /// The index, `int64`.
    public var index: Local
    /// The first index.
    public var lower: Operand
    /// One past the last index.
    public var upper: Operand
    /// The distance between indices, at least 1.
    public var step: Int
    /// What the iterations fold, in vector loops.
    public var folds: [Fold]
    /// What each iteration does.
    public var body: [Statement]

    /// A loop from its parts.
    public init(
      _ kind: Kind, _ index: Local, from lower: Operand, to upper: Operand, step: Int = 1,
      folds: [Fold] = [], body: [Statement]
    ) {
      self.kind = kind
      self.index = index
      self.lower = lower
      self.upper = upper
      self.step = step
      self.folds = folds
      self.body = body
    }
  }

  /// Values of a vector loop's iterations folded into a variable.
  ///
  /// Iteration k goes to lane k modulo `lanes`, whose first value is the identity; then lane j and
  /// lane j + half combine until one is left, which combines with the variable's value as second
  /// operand. The order depends on the number of iterations only.
  public struct Fold: Hashable, Sendable {
    /// The variable that holds the result after the loop.
    public var variable: Local
    /// The function; commutative.
    public var function: ScalarFunction
    /// The value of each iteration; of the variable's dtype.
    public var value: Operand
    /// What lanes start with.
    public var identity: Scalar
    /// The number of lanes, a power of two.
    public var lanes: Int

    /// A fold from its parts.
    public init(
      _ variable: Local, _ function: ScalarFunction, _ value: Operand, identity: Scalar, lanes: Int
    ) {
      self.variable = variable
      self.function = function
      self.value = value
      self.identity = identity
      self.lanes = lanes
    }
  }
}
