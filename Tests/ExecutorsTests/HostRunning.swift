import Glibc
import WeftHost
import WeftIR
import WeftReference

/// Deterministic choices for tests.
struct HostRandom {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D >> 11
  }

  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }
}

/// Runs graphs on both executors.
enum HostRunning {
  static func context(threads: Int = 2, limit: Int? = nil) -> RunContext {
    RunContext(
      scheduler: HostScheduler(threadCount: threads), memory: MemoryAccount(limit: limit),
      token: CancellationToken(), counters: Counters())
  }

  static func host(
    _ graph: Graph, _ inputs: [Buffer], threads: Int = 2,
    _ compilation: PassContext.Compilation = .automatic
  ) throws -> [Buffer] {
    try executable(graph, compilation, threads: threads).run(inputs, context(threads: threads))
  }

  static func executable(
    _ graph: Graph, _ compilation: PassContext.Compilation, threads: Int = 1
  ) throws -> any Executable {
    var options = PassContext()
    options.threadCount = threads
    options.compilation = compilation
    return try HostExecutor(fallback: ReferenceExecutor()).prepare(graph, options)
  }

  static func reference(_ graph: Graph, _ inputs: [Buffer]) throws -> [Buffer] {
    try ReferenceExecutor().prepare(graph, PassContext()).run(inputs, context())
  }

  static func steps(
    _ graph: Graph, _ compilation: PassContext.Compilation = .automatic
  ) throws -> [String] {
    try executable(graph, compilation).steps
  }

  /// A buffer whose elements a closure gives.
  static func buffer(_ type: TensorType, _ element: (Int) -> Scalar) throws -> Buffer {
    let buffer = try Buffer(allocating: type, in: MemoryAccount())
    for i in 0..<buffer.count { element(i).store(to: buffer.base + i * type.dtype.itemSize) }
    return buffer
  }

  /// Small whole numbers, exact in every dtype.
  static func small(_ type: TensorType, _ random: inout HostRandom) throws -> Buffer {
    try buffer(type) { _ in
      let value = Int64(random.below(9)) - (type.dtype.kind == .unsigned ? 0 : 4)
      if type.dtype == .bool { return Scalar(value > 0) }
      if type.dtype.isComplex {
        return Scalar(Double(value), Double(random.below(5)) - 2, type.dtype)
      }
      return Scalar(value, type.dtype)
    }
  }

  static func bytes(_ a: Buffer) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: a.base, count: a.byteCount))
  }

  static func isSame(_ a: Buffer, _ b: Buffer) -> Bool {
    a.type == b.type && memcmp(a.base, b.base, a.byteCount) == 0
  }

  private static func standardTolerance(_ dtype: DType) -> Double {
    switch dtype {
    case .float64: 1e-12
    case .float32: 2e-5
    case .float16: 2e-3
    case .bfloat16: 2e-2
    default: 0
    }
  }

  /// The first difference in words, or nil: integers exactly, floats relative to the greatest.
  static func difference(_ a: Buffer, _ b: Buffer, tolerance: Double? = nil) -> String? {
    if a.type != b.type { return "\(a.type) is not \(b.type)" }
    let tolerance = tolerance ?? standardTolerance(a.type.dtype.realPart)
    var most = 1.0
    for i in 0..<a.count {
      let value = abs(a.scalar(at: i).doubleValue)
      if value.isFinite { most = max(most, value) }
    }
    for i in 0..<a.count {
      let (x, y) = (a.scalar(at: i), b.scalar(at: i))
      if x == y { continue }
      if a.type.dtype.isInexact {
        func close(_ p: Double, _ q: Double) -> Bool {
          p == q || (p.isNaN && q.isNaN) || abs(p - q) <= tolerance * most
        }
        if close(x.doubleValue, y.doubleValue), close(x.imaginary, y.imaginary) { continue }
      }
      return "element \(i) of \(a.type): \(x) is not \(y)"
    }
    return nil
  }
}

/// A graph with its inputs, made at random.
struct RandomGraph {
  var graph = Graph()
  var inputs: [Buffer] = []
  private var values: [Value] = []
  private var random: HostRandom

  static let dtypes: [DType] = [
    .bool, .int8, .int32, .int64, .uint8, .uint16, .float16, .bfloat16, .float32, .float64,
    .float64, .float32, .complex64, .complex128,
  ]

  init(seed: Int, rows: Int, extents: [Int]) throws {
    random = HostRandom(seed)
    for _ in 0..<3 {
      var shape = (0..<random.below(4)).map { _ in random.pick(extents) }
      while shape.reduce(1, *) > 60_000 { shape.removeLast() }
      try addInput(TensorType(random.pick(Self.dtypes), Shape(shape)))
    }
    for _ in 0..<rows * 10 where graph.count < rows {
      do { try addRow() } catch let error as WeftError { _ = error }
    }
    for value in values where random.chance(15) { graph.outputs.append(value) }
    graph.outputs.append(values[values.count - 1])
  }

  private mutating func addInput(_ type: TensorType) throws {
    values.append(graph.addParameter("p\(inputs.count)", type))
    inputs.append(try HostRunning.small(type, &random))
  }

  private mutating func pick() -> Value {
    // Recent values are likelier, so that graphs are deep.
    let n = values.count
    return random.chance(60) ? values[max(0, n - 1 - random.below(4))] : values[random.below(n)]
  }

  /// A value of the type: one of those there, or a conversion and broadcast.
  private mutating func matching(_ type: TensorType) throws -> Value {
    let same = values.filter { graph.type($0) == type }
    if !same.isEmpty, random.chance(70) { return random.pick(same) }
    if random.chance(50) {
      let constant = try graph.add(.constant(Scalar(Int64(random.below(4)), type.dtype)))
      return try graph.add(.broadcast(to: type.shape, axes: []), [constant])
    }
    // A vector along one axis, or an input of its own.
    if type.rank > 0, random.chance(50), let known = type.shape.known {
      let axis = random.below(type.rank)
      try addInput(TensorType(type.dtype, Shape([known[axis]])))
      let vector = values[values.count - 1]
      return try graph.add(.broadcast(to: type.shape, axes: [axis]), [vector])
    }
    try addInput(type)
    return values[values.count - 1]
  }

  private mutating func add(_ op: Op, _ operands: [Value]) throws {
    let value = try graph.add(op, operands)
    let type = graph.type(value)
    guard let count = type.shape.count, count < 60_000 else { return }
    values.append(value)
  }

  private mutating func addRow() throws {
    let x = pick()
    let type = graph.type(x)
    let known = type.shape.known ?? []
    switch random.below(27) {
    case 26: try addScatter(x, known)
    case 0...6: try addBinary(x, type)
    case 7, 8:
      let unary: [ScalarFunction] = [
        .negative, .abs, .sign, .conj, .real, .imag, .logicalNot, .isnan,
      ]
      let f = random.pick(unary)
      // The direction of a complex number is inexact, and may convert to a wider dtype.
      if f == .sign, type.dtype.isComplex { return }
      try add(.map(f), [x])
    case 9: try add(.convert(random.pick(Self.dtypes)), [x])
    case 10: try add(.permute(Array((0..<type.rank).reversed())), [x])
    case 11: try addSlice(x, known)
    case 12: try add(.reverse(AxisSet((0..<type.rank).filter { _ in random.chance(50) })), [x])
    case 13:
      let axis = random.below(type.rank + 1)
      var shape = known
      shape.insert(random.pick([1, 2, 3]), at: axis)
      try add(
        .broadcast(to: Shape(shape), axes: (0..<type.rank).map { $0 < axis ? $0 : $0 + 1 }), [x])
    case 14: try add(.reshape(Shape([known.reduce(1, *)])), [x])
    case 15: try add(.reshape(Shape([1] + known + [1])), [x])
    case 16, 17:
      let f: ScalarFunction = random.pick([.add, .add, .maximum, .minimum, .multiply])
      try add(.reduce(f, AxisSet((0..<type.rank).filter { _ in random.chance(50) })), [x])
    case 18:
      if type.rank == 0 { return }
      let types: [DType] = [.int64, .float32, .float64, .int8]
      try add(.iota(TensorType(random.pick(types), type.shape), axis: random.below(type.rank)), [])
    case 19: try addContraction(x, known)
    case 20:
      let mask = try matching(TensorType(.bool, type.shape))
      let y = try matching(type)
      try add(.map(.select), [mask, x, y])
    case 21, 22:
      if type.rank == 0 { return }
      let f: ScalarFunction = random.pick([.add, .add, .maximum, .minimum, .multiply])
      try add(.scan(f, axis: random.below(type.rank)), [x])
    case 23:
      if type.rank == 0 || type.dtype.isComplex { return }
      try add(.argReduce(random.pick([.maximum, .minimum]), axis: random.below(type.rank)), [x])
    default: try addGather(x, known)
    }
  }

  /// Takes along an axis at indices that are computed, or in memory.
  private mutating func addGather(_ x: Value, _ known: [Int]) throws {
    if known.isEmpty { return }
    let axis = random.below(known.count)
    if known[axis] == 0 { return }
    var index = pick()
    if known.count > 1 || random.chance(30) {
      let extents = (0..<random.below(3)).map { _ in random.pick([1, 2, 5, 9]) }
      try addInput(TensorType(.int32, Shape(extents)))
      index = values[values.count - 1]
    }
    let type = graph.type(index)
    if type.dtype.isComplex || type.rank + known.count > 5 { return }
    index = try graph.add(.convert(.int64), [index])
    let extent = try graph.add(.constant(Scalar(Int64(known[axis]), .int64)))
    let all = try graph.add(.broadcast(to: type.shape, axes: []), [extent])
    // Not below 0, as NumPy's remainder is.
    index = try graph.add(.map(.remainder), [index, all])
    try add(.gather(axis: axis), [x, index])
  }

  /// Puts at indices that are computed.
  private mutating func addScatter(_ x: Value, _ known: [Int]) throws {
    if known.count != 1 || known[0] == 0 { return }
    let type = graph.type(x)
    let extent = random.pick([1, 3, 40])
    try addInput(TensorType(.int32, type.shape))
    let index = try graph.add(.convert(.int64), [values[values.count - 1]])
    let limit = try graph.add(.constant(Scalar(Int64(extent), .int64)))
    let all = try graph.add(.broadcast(to: type.shape, axes: []), [limit])
    let inside = try graph.add(.map(.remainder), [index, all])
    let base = try matching(TensorType(type.dtype, Shape([extent])))
    let f: ScalarFunction = random.pick([.add, .second, .maximum, .multiply])
    try add(.scatter(axis: 0, f), [base, inside, x])
  }

  private mutating func addBinary(_ x: Value, _ type: TensorType) throws {
    let y = try matching(type)
    var functions: [ScalarFunction] = [.add, .multiply, .maximum, .minimum]
    if type.dtype != .bool { functions.append(.subtract) }
    if !type.dtype.isInexact { functions += [.less, .equal, .logicalAnd, .bitwiseXor] }
    try add(.map(random.pick(functions)), [x, y])
  }

  private mutating func addSlice(_ x: Value, _ known: [Int]) throws {
    let spans = known.map { extent in
      let start = random.below(extent + 1)
      let step = 1 + random.below(2)
      let most = extent > start ? (extent - start + step - 1) / step : 0
      return SliceSpan(start: extent == 0 ? 0 : start, step: step, count: random.below(most + 1))
    }
    try add(.slice(spans), [x])
  }

  private mutating func addContraction(_ x: Value, _ known: [Int]) throws {
    let type = graph.type(x)
    var labels = Array(0..<known.count)
    if known.count > 1, known[0] == known[1], random.chance(30) { labels[1] = 0 }
    var operands = [labels]
    var arrays = [x]
    var all = labels
    for _ in 0..<random.below(3) {
      var shape: [Int] = []
      var own: [Int] = []
      for _ in 0..<1 + random.below(2) {
        if !all.isEmpty, random.chance(60) {
          let place = random.below(labels.count == 0 ? 1 : labels.count)
          if labels.isEmpty { continue }
          own.append(labels[place])
          shape.append(known[place])
        } else {
          own.append(10 + all.count)
          shape.append(random.pick([1, 2, 5]))
        }
        all.append(own[own.count - 1])
      }
      try addInput(TensorType(type.dtype, Shape(shape)))
      operands.append(own)
      arrays.append(values[values.count - 1])
    }
    var output: [Int] = []
    for label in all where !output.contains(label) && random.chance(60) { output.append(label) }
    if random.chance(50) { output.reverse() }
    try add(.contract(Contraction(operands, to: output)), arrays)
  }
}
