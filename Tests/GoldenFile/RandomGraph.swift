import WeftIR

/// Makes random valid graphs of every op, for property tests.
public struct RandomGraph {
  /// The greatest number of ops that are tried.
  public var size = 30
  /// Whether extents that only data tell occur.
  public var hasUnknowns = true
  /// Whether calls of `routines` occur.
  public var hasRoutines = true
  /// Whether names need quotes or repeat, and dead rows and late parameters occur.
  public var isOdd = true
  /// The dtypes of parameters and constants.
  public var dtypes = DType.allCases
  /// The functions that occur.
  public var functions = FunctionTable.standard

  var random: SeededGenerator
  var graph = Graph()
  var values: [Value] = []
  /// The most elements of a value.
  let limit = 4096

  /// A maker of the graph of a seed.
  public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// Makes the graph.
  ///
  /// - Throws: what inference finds wrong: a mistake in the generator.
  public mutating func make() throws -> Graph {
    graph = Graph(name: isOdd && chance(10) ? "odd \"name\"\n\\" : "main")
    values = []
    for _ in 0..<Int.random(in: 1...4, using: &random) { addParameter() }
    for _ in 0..<Int.random(in: 0...size, using: &random) {
      if isOdd && chance(40) { addParameter() } else { try addRow() }
    }
    let outputs = Int.random(in: isOdd ? 0...3 : 1...3, using: &random)
    for _ in 0..<outputs { graph.outputs.append(pick()) }
    return graph
  }

  // MARK: - Choices

  mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

  mutating func pick() -> Value { values.randomElement(using: &random) ?? Value(row: 0) }

  mutating func pick(where holds: (TensorType) -> Bool) -> Value? {
    let start = Int.random(in: 0..<values.count, using: &random)
    return (values[start...] + values[..<start]).first { holds(graph.type($0)) }
  }

  mutating func shape() -> Shape {
    let rank = Int.random(in: 0...3, using: &random)
    return Shape((0..<rank).map { _ in extent() })
  }

  private mutating func extent() -> Extent {
    if hasUnknowns && chance(12) {
      let known = values.flatMap { graph.type($0).shape.extents }.filter {
        if case .unknown = $0 { true } else { false }
      }
      if let again = known.randomElement(using: &random), chance(2) { return again }
      return Shape.freshUnknown()
    }
    return .known(chance(15) ? 0 : Int.random(in: 1...5, using: &random))
  }

  mutating func axis(of value: Value) -> Int? {
    let rank = graph.type(value).rank
    return rank == 0 ? nil : Int.random(in: 0..<rank, using: &random)
  }

  mutating func axes(of value: Value) -> AxisSet {
    AxisSet((0..<graph.type(value).rank).filter { _ in chance(2) })
  }

  mutating func scalar(_ dtype: DType) -> Scalar {
    let special: [Double] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, -.nan, Double(nan: 77, signaling: false),
      .leastNonzeroMagnitude,
      1.1754943508222875e-38, .greatestFiniteMagnitude, 65504, 0.1, 1 / 3, 1e22,
    ]
    switch dtype.kind {
    case .bool: return Scalar(chance(2))
    case .signed, .unsigned:
      return Scalar(chance(3) ? Int64.min : Int64(bitPattern: random.next()), dtype)
    case .float, .complex:
      func part() -> Double {
        chance(2)
          ? special.randomElement(using: &random) ?? 0 : Double.random(in: -10...10, using: &random)
      }
      let (re, im) = (part(), part())
      return dtype.isComplex ? Scalar(re, im, dtype) : Scalar(re, dtype)
    }
  }

  // MARK: - Rows

  mutating func addParameter() {
    let names = ["x", "weights", "a b", "0", "return", "\u{FC}ber\"", "", "k-1.b", "x"]
    let isPlain = !isOdd || chance(2)
    let name = isPlain ? "p\(graph.parameters.count)" : names.randomElement(using: &random) ?? "x"
    let dtype = dtypes.randomElement(using: &random) ?? .float64
    values.append(
      graph.addParameter(name, TensorType(dtype, shape()), site: SourceSite(file: #fileID, line: 7))
    )
  }

  /// Adds a row unless its results are too large, and gives its first result.
  @discardableResult
  mutating func add(_ op: Op, _ operands: [Value] = []) throws -> Value? {
    let types = try TypeInference.infer(op, operands.map { graph.type($0) })
    let isLarge = types.contains { type in
      type.rank > 6 || (type.shape.known ?? []).reduce(1, { $0 * $1 }) > limit
    }
    if isLarge { return nil }
    let value = try graph.add(op, operands, site: SourceSite(file: #fileID, line: 12))
    for result in graph.types(value.index).indices {
      let number = result - graph.types(value.index).startIndex
      let value = Value(row: value.index, result: number)
      if !values.contains(value) { values.append(value) }
    }
    return value
  }

  /// Adds an op of a random kind; kinds that fit no value add nothing.
  mutating func addRow() throws {
    let x = pick()
    let type = graph.type(x)
    switch Int.random(in: 0..<26, using: &random) {
    case 0: try add(.constant(scalar(dtypes.randomElement(using: &random) ?? .float64)))
    case 1: try addIota()
    case 2: try addRandom()
    case 3...6: try addMap()
    case 7: try add(.convert(DType.allCases.randomElement(using: &random) ?? .bool), [x])
    case 8: try addReduction(x)
    case 9: try addScan(x)
    case 10: try addArgReduction(x)
    case 11, 12: try addContraction()
    case 13: try addBroadcast(x)
    case 14: try addReshape(x)
    case 15: try add(.permute((0..<type.rank).shuffled(using: &random)), [x])
    case 16: try addSlice(x)
    case 17: try addPad(x)
    case 18: try add(.reverse(axes(of: x)), [x])
    case 19: try addConcatenation(x)
    case 20: try addGather(x)
    case 21: try addScatter(x)
    case 22: if hasUnknowns { try addCompress(x) }
    case 23: if let axis = axis(of: x) { try add(.sort(axis: axis, descending: chance(2)), [x]) }
    case 24:
      var layout = Layout.dense(rank: type.rank)
      layout.order.shuffle(using: &random)
      try add(.store(layout), [x])
    default: if hasRoutines { try addCall(x) }
    }
  }
}
