import Testing
import WeftIR

@testable import WeftPasses

@Suite("Facts of random programs")
struct FactsPropertyTests {
  @Test("what is claimed of a value holds for its elements", arguments: 0..<12)
  func sound(part: Int) throws {
    var claims = 0
    for seed in 0..<60 {
      var maker = MatrixProgram(seed: UInt64(part * 1000 + seed))
      let graph = maker.make(rows: 24)
      let inputs = try maker.inputs(of: graph)
      var whole = graph
      whole.outputs = (0..<graph.count).map { Value(row: $0) }
      let values = try evaluate(whole, inputs)
      let facts = GraphFacts(graph)
      for row in 0..<graph.count {
        let found = facts[Value(row: row)]
        claims += found == .none ? 0 : 1
        let wrong = found.contradiction(by: values[row])
        #expect(wrong == nil, "row \(row): \(found): \(wrong ?? "")\n\(graph.text())")
      }
    }
    #expect(claims > 300)
  }
}

/// Makes random programs of square matrices whose parameters have structure.
struct MatrixProgram {
  private var random: SplitMix
  private var graph = Graph()
  private var values: [Value] = []
  private let order: Int

  init(seed: UInt64) {
    random = SplitMix(state: seed)
    order = 4 + Int(seed % 3)
  }

  private mutating func below(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }
  private mutating func pick() -> Value {
    values[max(0, values.count - 1 - below(min(values.count, 9)))]
  }

  mutating func make(rows: Int) -> Graph {
    let known: [Facts] = [
      .none, .lowerTriangular, .upperTriangular, .diagonal, .symmetric, .spd, .identity,
      .banded(lower: 1, upper: 0), .blockDiagonal([1, order - 1]),
      Facts([.finite], upper: 0), Facts([.finite], lower: 1, upper: 1), .zero, .finite,
    ]
    for n in 0..<4 {
      values.append(
        graph.addParameter(
          "x\(n)", TensorType(.float64, Shape([order, order])), facts: known[below(known.count)]))
    }
    for _ in 0..<rows { addRow() }
    graph.outputs = [values[values.count - 1]]
    return graph
  }

  private mutating func add(_ op: Op, _ operands: [Value]) -> Value? {
    guard let value = try? graph.add(op, operands) else { return nil }
    return value
  }

  private mutating func addRow() {
    let (a, b) = (pick(), pick())
    let shape = Shape([order, order])
    let zero = add(.constant(Scalar(0.0, .float64)), [])
    var value: Value?
    switch below(16) {
    case 0: value = add(.permute([1, 0]), [a])
    case 1: value = add(.map(.add), [a, b])
    case 2: value = add(.map(.multiply), [a, b])
    case 3: value = add(.map([.negative, .abs, .subtract, .maximum][below(2)]), [a])
    case 4: value = add(.map(.subtract), [a, b])
    case 5, 6:
      let left = below(2) == 0 ? [0, 1] : [1, 0]
      let right = below(2) == 0 ? [1, 2] : [2, 1]
      value = add(.contract(Contraction([left, right], to: [0, 2])), [a, below(2) == 0 ? b : a])
    case 7:
      let vector = add(.contract(Contraction([[0, 0]], to: [0])), [a])
      value = vector.flatMap {
        add(.contract(Contraction([[below(2)], [0, 1]], to: [0, 1])), [$0, b])
      }
    case 8, 9:
      let counts = [0, 1].map { add(.iota(TensorType(.int64, shape), axis: $0), []) }
      let offset = add(.constant(Scalar(Int64(below(5) - 2), .int64)), []).flatMap {
        add(.broadcast(to: shape, axes: []), [$0])
      }
      let functions: [ScalarFunction] = [
        .less, .lessEqual, .greater, .greaterEqual, .equal, .notEqual,
      ]
      guard let row = counts[0], let column = counts[1], let offset, let zero,
        let shifted = add(.map(.add), [row, offset]),
        let mask = add(
          .map(functions[below(6)]), below(2) == 0 ? [column, shifted] : [shifted, column]),
        let zeros = add(.broadcast(to: shape, axes: []), [zero])
      else { return }
      value =
        below(4) == 0
        ? add(.convert(.float64), [mask])
        : add(.map(.select), below(2) == 0 ? [mask, a, zeros] : [mask, zeros, a])
    case 10:
      guard let zero else { return }
      let (top, left, cut) = (below(2), below(2), 1 + below(2))
      let spans = [top, left].map { _ in SliceSpan(start: 0, count: order - cut) }
      value = add(.slice(spans), [a]).flatMap {
        add(
          .pad([PadSpan(low: top, high: cut - top), PadSpan(low: left, high: cut - left)]),
          [$0, zero])
      }
    case 11:
      guard let zero else { return }
      let first = 1 + below(order - 1)
      func part(_ a: Value, _ rows: Int, _ columns: Int) -> Value? {
        try? graph.add(
          .slice([SliceSpan(start: 0, count: rows), SliceSpan(start: 0, count: columns)]), [a])
      }
      func zeros(_ rows: Int, _ columns: Int) -> Value? {
        try? graph.add(.broadcast(to: Shape([rows, columns]), axes: []), [zero])
      }
      guard let p = part(a, first, first), let q = part(b, order - first, order - first),
        let right = zeros(first, order - first), let left = zeros(order - first, first),
        let top = add(.concatenate(axis: 1), [p, right]),
        let bottom = add(.concatenate(axis: 1), [left, q])
      else { return }
      value = add(.concatenate(axis: 0), [top, bottom])
    case 12:
      let diagonal = add(.contract(Contraction([[0, 0]], to: [0])), [a])
      guard let diagonal, let zero,
        let padded = add(
          .pad([PadSpan(low: 0, high: 0, interior: order)]), [diagonal, zero])
      else { return }
      value = add(.reshape(shape), [padded])
    case 13:
      guard let scalar = add(.constant(Scalar(Double(below(3)), .float64)), []) else { return }
      value = add(.broadcast(to: shape, axes: []), [scalar])
    case 14:
      let start = (0..<2).map { _ in below(2) }
      value = add(
        .slice(start.map { SliceSpan(start: $0, count: order - 1) }), [a]
      ).flatMap { slice in
        zero.flatMap {
          add(.pad([PadSpan(low: 0, high: 1), PadSpan(low: 0, high: 1)]), [slice, $0])
        }
      }
    default: value = add(.reverse([0]), [a])
    }
    if let value, graph.type(value) == TensorType(.float64, shape) { values.append(value) }
  }

  /// Small integers with the structure that the parameters claim.
  mutating func inputs(of graph: Graph) throws -> [Buffer] {
    let memory = MemoryAccount()
    var buffers: [Buffer] = []
    for parameter in graph.parameters {
      let facts = parameter.facts
      var a = (0..<order).map { _ in (0..<order).map { _ in Double(below(7)) - 3 } }
      if facts.contains(.positiveDefinite) {
        let b = a
        for i in 0..<order {
          for j in 0..<order {
            a[i][j] = (0..<order).reduce(i == j ? 1 : 0) { $0 + b[i][$1] * b[j][$1] }
          }
        }
      } else if facts.contains(.symmetric) {
        for i in 0..<order { for j in 0..<i { a[j][i] = a[i][j] } }
      }
      var starts: [Int] = []
      for (n, extent) in facts.blocks.enumerated() {
        starts += Array(repeating: n, count: extent)
      }
      for i in 0..<order {
        for j in 0..<order {
          if i - j > facts.lower || j - i > facts.upper || facts.contains(.zero) { a[i][j] = 0 }
          if !starts.isEmpty, starts[i] != starts[j] { a[i][j] = 0 }
          if facts.contains(.identity) { a[i][j] = i == j ? 1 : 0 }
        }
      }
      let buffer = try Buffer(allocating: parameter.type, in: memory)
      for i in 0..<order {
        for j in 0..<order {
          Scalar(a[i][j], .float64).store(to: buffer.base + (i * order + j) * 8)
        }
      }
      buffers.append(buffer)
    }
    return buffers
  }
}

extension Facts {
  /// A claim that elements do not keep, in words.
  func contradiction(by buffer: Buffer) -> String? {
    let codes = buffer.type.shape.codes
    func element(_ index: Int) -> Double { buffer.scalar(at: index).doubleValue }
    if contains(.finite), !(0..<buffer.count).allSatisfy({ element($0).isFinite }) {
      return "not finite"
    }
    if contains(.positive), !(0..<buffer.count).allSatisfy({ element($0) > 0 }) {
      return "not positive"
    }
    if contains(.zero), !(0..<buffer.count).allSatisfy({ element($0) == 0 }) { return "not zero" }
    guard codes.count == 2 else { return nil }
    let (rows, columns) = (codes[0], codes[1])
    var starts: [Int] = []
    for (n, extent) in blocks.enumerated() { starts += Array(repeating: n, count: extent) }
    for i in 0..<rows {
      for j in 0..<columns {
        let value = element(i * columns + j)
        if value != 0, i - j > lower || j - i > upper { return "(\(i), \(j)) is outside the band" }
        if value != 0, !starts.isEmpty, starts[i] != starts[j] {
          return "(\(i), \(j)) is outside the blocks"
        }
        if contains(.identity), value != (i == j ? 1 : 0) { return "no identity" }
        if contains(.constant), value != element(0) { return "not constant" }
        if contains(.symmetric), rows == columns {
          let other = element(j * columns + i)
          if abs(value - other) > 1e-12 * max(1, abs(value)) { return "not symmetric" }
        }
      }
    }
    if contains(.positiveSemidefinite) {
      // Of x^T a x for a few x.
      for k in 1..<8 {
        let x = (0..<rows).map { Double(($0 * 7 + k * 5) % 9) - 4 }
        var (form, size) = (0.0, 0.0)
        for i in 0..<rows {
          for j in 0..<columns {
            form += x[i] * element(i * columns + j) * x[j]
            size += abs(x[i] * element(i * columns + j) * x[j])
          }
        }
        if form < -1e-10 * max(1, size) { return "negative for some x" }
      }
    }
    return nil
  }
}
