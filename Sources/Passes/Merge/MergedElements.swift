import WeftIR

/// Elementwise rows over vectors of elements at the same positions.
public struct MergedElements: Hashable, Sendable {
  /// A value from outside.
  public struct Operand: Hashable, Sendable {
    /// The value, in the graph.
    public var value: Value
    /// Its dtype.
    public var dtype: DType
    /// Whether it is one element, always the same.
    public var isUniform: Bool

    /// An operand from its parts.
    public init(_ value: Value, _ dtype: DType, isUniform: Bool) {
      self.value = value
      self.dtype = dtype
      self.isUniform = isUniform
    }
  }

  /// The values from outside.
  public var operands: [Operand]

  /// Rows over values.
  public init(_ operands: [Operand]) { self.operands = operands }

  /// What a buffer parameter of the kernel is.
  public enum Binding: Hashable, Sendable {
    /// The elements of an operand, or the only one.
    case elements(operand: Int)
    /// What the result does not store.
    case fill
    /// Gets the result's elements.
    case result
    /// Gets how many of them differ from the fill.
    case differing
  }

  /// A kernel that computes elements, of which an index parameter tells the number, and its buffer parameters.
  public struct Computing: Sendable {
    /// The kernel, of one unit.
    public var kernel: Kernel
    /// Its buffer parameters, in order.
    public var bindings: [Binding]
  }

  /// The kernel that computes; nil where kernels do not have some function or dtype.
  ///
  /// - Parameters:
  ///   - rows: The elementwise rows; the last is the result.
  ///   - graph: Where they are.
  public func computing(_ rows: [Int], of graph: Graph) -> Computing? {
    let body = MergedBody(graph, rows)
    guard body.isWritable, let root = rows.last else { return nil }
    let dtype = graph.type(Value(row: root)).dtype
    let builder = KernelBuilder()
    let bindings =
      operands.indices.map { Binding.elements(operand: $0) } + [.fill, .result, .differing]
    let types = operands.map(\.dtype) + [dtype, dtype, .int64]
    let writable = types.count - 2
    let parameters =
      types.enumerated().map {
        Kernel.Parameter.buffer($0.element, isWritten: $0.offset >= writable)
      }
      + [.index]
    let zero = builder.constant(Scalar(0 as Int64, .int64))
    var isWritten = false
    builder.loop(.parallel, from: zero, to: builder.constant(Scalar(1 as Int64, .int64))) { unit in
      let count = builder.term(.parameter(types.count))
      let fill = builder.load(operands.count, dtype, at: unit)
      var uniform: [Int: KernelTerm] = [:]
      for (n, operand) in operands.enumerated() where operand.isUniform {
        uniform[n] = builder.load(n, operand.dtype, at: unit)
      }
      // As wide as elements are, so that vectors are not narrower for it.
      let counter: DType = dtype.itemSize == 8 ? .int64 : .int32
      let differing = builder.variable(builder.constant(Scalar(0 as Int64, counter)))
      builder.foldingLoop(from: zero, to: count) { place in
        var inputs: [Value: KernelTerm] = [:]
        for (n, operand) in operands.enumerated() {
          inputs[operand.value] = uniform[n] ?? builder.load(n, operand.dtype, at: place)
        }
        guard let result = body.term(inputs, builder) else { return [] }
        isWritten = true
        builder.store(result, to: operands.count + 1, at: place)
        let one = body.differs(result, fill).select(
          builder.constant(Scalar(1 as Int64, counter)),
          builder.constant(Scalar(0 as Int64, counter)))
        return [
          Kernel.Fold(
            differing.local, .add, one.operand, identity: Scalar(0 as Int64, counter),
            lanes: 64 / counter.itemSize)
        ]
      }
      builder.store(
        differing.value.converted(to: .int64), to: operands.count + 2, at: unit)
    }
    guard isWritten else { return nil }
    return Computing(
      kernel: Kernel(name: "merged_elements", parameters: parameters, body: builder.statements)
        .canonical(), bindings: bindings)
  }
}

/// What elementwise rows compute for one element, written into a kernel.
struct MergedBody {
  private let graph: Graph
  private let rows: [Int]

  /// The rows in order; the last is the result.
  init(_ graph: Graph, _ rows: [Int]) {
    self.graph = graph
    self.rows = rows
  }

  /// Whether kernels have all functions and dtypes.
  var isWritable: Bool {
    rows.allSatisfy { row in
      let types = graph.operands(row).map { graph.type($0).dtype }
      if (types + [graph.type(Value(row: row)).dtype]).contains(where: \.isComplex) { return false }
      switch graph.rows[row].op {
      case .map(let f):
        return KernelLibrary.function(f, Self.computing(types[f == .select ? 1 : 0])) != nil
      case .convert: return true
      default: return false
      }
    }
  }

  /// The result for terms of the values from outside.
  func term(_ inputs: [Value: KernelTerm], _ builder: KernelBuilder) -> KernelTerm? {
    var terms = inputs
    for row in rows {
      let dtype = graph.type(Value(row: row)).dtype
      let operands = graph.operands(row).compactMap { terms[$0] }
      switch graph.rows[row].op {
      case .map(let f):
        let wide = operands.map { $0.converted(to: Self.computing($0.dtype)) }
        terms[Value(row: row)] =
          builder.call(f, Self.computing(dtype), wide).converted(to: dtype)
      case .convert:
        guard let operand = operands.first else { return nil }
        terms[Value(row: row)] =
          operand.dtype == dtype ? operand : builder.define(dtype, .astype(operand.operand))
      default: return nil
      }
    }
    return rows.last.flatMap { terms[Value(row: $0)] }
  }

  /// Whether an element is stored: its bits are not the fill's, and it is not NaN beside a fill that is.
  func differs(_ element: KernelTerm, _ fill: KernelTerm) -> KernelTerm {
    let dtype = element.dtype
    if dtype == .bool { return element .!= fill }
    let bits: DType
    switch dtype.itemSize {
    case 1: bits = .uint8
    case 2: bits = .uint16
    case 4: bits = .uint32
    default: bits = .uint64
    }
    let differs = element.bitcast(to: bits) .!= fill.bitcast(to: bits)
    guard dtype.isFloat else { return differs }
    let (x, y) = (
      element.converted(to: Self.computing(dtype)), fill.converted(to: Self.computing(dtype))
    )
    return differs & ((x .== x) | (y .== y))
  }

  /// The dtype in which kernels compute elements.
  private static func computing(_ dtype: DType) -> DType { ClusterLowering.computing(dtype) }
}
