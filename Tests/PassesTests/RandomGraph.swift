import WeftIR

/// Makes random programs of elementwise functions and movements.
struct RandomGraph {
  private var random: SplitMix
  private var graph = Graph()
  private var values: [Value] = []

  init(seed: UInt64) { random = SplitMix(state: seed) }

  /// A program with a number of rows, about.
  static func make(seed: UInt64, rows: Int) -> Graph {
    var maker = RandomGraph(seed: seed)
    let dtypes: [DType] = [.float64, .float32, .int64, .uint8, .bool, .complex128]
    for n in 0..<4 {
      let dtype = maker.pick(dtypes)
      maker.values.append(
        maker.graph.addParameter(
          "x\(n)", TensorType(dtype, Shape(maker.pick([[3, 4], [4], [3, 4]])))))
    }
    for _ in 0..<rows { maker.addRow() }
    maker.graph.outputs = (0..<3).map { _ in maker.values[maker.below(maker.values.count)] }
    maker.graph.outputs.append(maker.values[maker.values.count - 1])
    return maker.graph
  }

  private mutating func below(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }
  private mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }

  private mutating func recent() -> Value {
    values[max(0, values.count - 1 - below(min(values.count, 8)))]
  }

  /// Adds a row; what inference refuses is not added.
  private mutating func addRow() {
    let a = recent()
    let type = graph.type(a)
    let extents = type.shape.known ?? []
    switch below(16) {
    case 0..<5: addMap(a, with: recent())
    case 5: addMap(a, with: a)
    case 6, 7: addMap(a, with: constant(type))
    case 8:
      guard extents.contains(where: { $0 > 1 }) else { return }
      let spans = extents.map { extent -> SliceSpan in
        let start = below(max(1, extent))
        let step = 1 + below(2)
        let most = extent == 0 ? 0 : (extent - start + step - 1) / step
        return SliceSpan(start: start, step: step, count: most == 0 ? 0 : 1 + below(most))
      }
      add(.slice(spans), [a])
    case 9: add(.permute(Array(extents.indices.reversed())), [a])
    case 10: add(.reverse(AxisSet(extents.indices.filter { _ in random.next() & 1 == 0 })), [a])
    case 11: add(.broadcast(to: Shape([2] + extents), axes: Array(1..<extents.count + 1)), [a])
    case 12:
      guard let count = type.shape.count else { return }
      add(.reshape(Shape(pick([[count], [1, count], extents + [1]]))), [a])
    case 13:
      guard !extents.isEmpty else { return }
      let f = pick([ScalarFunction.add, .maximum, .multiply, .logicalOr, .bitwiseXor])
      add(.reduce(f, [below(extents.count)]), [a])
    case 14:
      guard !extents.isEmpty else { return }
      switch below(4) {
      case 0: add(.concatenate(axis: below(extents.count)), [a, a])
      case 1: add(.scan(pick([.add, .maximum]), axis: below(extents.count)), [a])
      case 2:
        guard let fill = try? graph.add(.constant(Scalar(2 as Int64, type.dtype))) else { return }
        add(.pad(extents.map { _ in PadSpan(low: below(2), high: below(3)) }), [a, fill])
      default:
        let labels = Array(extents.indices)
        add(.contract(Contraction([labels, labels], to: Array(labels.dropFirst()))), [a, a])
      }
    default:
      add(.convert(pick([.float64, .float32, .int64, .uint8, .bool, .complex64])), [a])
    }
  }

  private mutating func constant(_ type: TensorType) -> Value {
    let number = pick([0, 1, -1, 2, 4, 0.5, -0.0, 3])
    guard let scalar = try? graph.add(.constant(Scalar(number, type.dtype))),
      type.rank > 0,
      let spread = try? graph.add(.broadcast(to: type.shape, axes: []), [scalar])
    else { return (try? graph.add(.constant(Scalar(number, type.dtype)))) ?? values[0] }
    return spread
  }

  private mutating func addMap(_ a: Value, with b: Value) {
    let f = pick(Self.functions)
    switch f.arity {
    case 1: add(.map(f), [a])
    case 2: add(.map(f), random.next() & 1 == 0 ? [a, b] : [b, a])
    default:
      guard let mask = try? graph.add(.map(.isfinite), [a]) else { return }
      add(.map(f), [mask, a, b])
    }
  }

  private mutating func add(_ op: Op, _ operands: [Value]) {
    if let value = try? graph.add(op, operands), graph.type(value).shape.count ?? 0 < 300 {
      values.append(value)
    }
  }

  private static let functions: [ScalarFunction] = [
    .add, .subtract, .multiply, .divide, .negative, .abs, .maximum, .minimum, .select, .select,
    .logicalNot, .less, .equal, .notEqual, .greaterEqual, .logicalAnd, .logicalOr, .bitwiseAnd,
    .bitwiseXor, .bitwiseInvert, .pow, .floor, .sqrt, .real, .conj, .exp, .cos, .isnan, .add,
    .multiply, .subtract, .add,
  ]
}
