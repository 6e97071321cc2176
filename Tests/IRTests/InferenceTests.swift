import Testing
import WeftIR

@Suite("Type inference")
struct InferenceTests {
  /// Parameters that the rows below may use.
  private static let head = """
    graph @m(%x: float64[3, 4], %v: float64[4], %i: int64[2], %b: bool[4], %s: float64[], \
    %k: uint64[], %c: complex64[3], %e: float64[0], %u: float64[?0], %n: int32[4]) {
      %0 =
    """

  /// A row without its types, and the code of the error that it gives.
  private static let wrong: [(String, ErrorCode)] = [
    ("add %x, %v", .shapeMismatch), ("add %v, %n", .dtype), ("sin %n", .dtype),
    ("sin %v, %v", .argument), ("maximum %v", .argument), ("floor %c", .dtype),
    ("bitwise_and %v, %v", .dtype), ("select %v, %v, %v", .dtype), ("select %b, %v, %n", .dtype),
    ("reduce add %x axes [2]", .axis), ("reduce subtract %x axes [0]", .argument),
    ("reduce minimum %e axes [0]", .emptyReduction), ("reduce sin %x axes [0]", .argument),
    ("reduce bitwise_and %v axes [0]", .dtype), ("scan add %x axis 2", .axis),
    ("scan add %s axis 0", .axis),
    ("argreduce add %x axis 0", .argument), ("argreduce maximum %e axis 0", .emptyReduction),
    ("contract %x[i, j], %v[i] -> [j]", .shapeMismatch), ("contract %x[i] -> [i]", .einsum),
    ("contract %v[i] -> [i, i]", .einsum), ("contract %v[i] -> [j]", .einsum),
    ("contract %v[i], %n[i] -> []", .dtype), ("contract -> []", .argument),
    ("broadcast %v to [3]", .broadcast), ("broadcast %x to [4]", .broadcast),
    ("broadcast %v to [4, 3] axes [1]", .broadcast),
    ("broadcast %v to [4] axes [0, 0]", .broadcast),
    ("broadcast %v to [4] axes [1]", .broadcast), ("reshape %x to [5]", .reshape),
    ("permute %x axes [0, 0]", .axis), ("permute %x axes [0]", .axis),
    ("slice %v [0:5]", .index), ("slice %v [0:3, 0:1]", .index), ("slice %v [5:5]", .index),
    ("pad %v, %s [(1, 1), (1, 1)]", .argument), ("pad %v, %k [(1, 1)]", .dtype),
    ("pad %u, %s [(1, 0)]", .unknownExtent), ("reverse %v axes [1]", .axis),
    ("pad %v, %s [(9223372036854775807, 1)]", .tooLarge),
    ("pad %v, %s [(0, 0, 9223372036854775807)]", .tooLarge),
    ("concatenate %v, %n axis 0", .concatenate), ("concatenate %x, %v axis 0", .concatenate),
    ("concatenate axis 0", .concatenate), ("concatenate %s axis 0", .axis),
    ("gather %x, %v axis 0", .dtype), ("gather %s, %i axis 0", .axis),
    ("gather %x axis 0", .argument),
    ("scatter add %x, %i, %x axis 0", .shapeMismatch), ("scatter add %x, %i, %v axis 0", .argument),
    ("scatter less %v, %i, %e axis 0", .shapeMismatch), ("compress %x, %b axis 0", .index),
    ("compress %x, %v axis 1", .index), ("sort %s axis 0", .axis),
    ("store %v {dense, dense}", .shapeMismatch), ("random %v lane 0 : uint64[3]", .dtype),
    ("iota axis 1 : int64[3]", .axis), ("iota axis 0 : bool[3]", .dtype),
    ("random %k lane 0 : float64[3]", .syntax), ("log %x : float64[3]", .syntax),
    ("sine %x", .name), ("sin %y", .name), ("iota axis 0", .syntax),
    ("constant 300 : int8[]", .syntax),
    ("constant 1.5 : int64[]", .syntax), ("constant true : float64[]", .syntax),
    ("constant nan : int64[]", .syntax), ("constant 1 : complex64[]", .syntax),
    ("reduce add %x axes [64]", .axis), ("reduce add %x axes [0, 0]", .axis),
    ("store %v {sparse}", .name), ("sort %v axis 0 upwards", .syntax), ("sin %v %v", .syntax),
  ]

  @Test("each mistake gives the error with its code, at its line")
  func errors() {
    for (row, code) in Self.wrong {
      let text = Self.head + " \(row)\n  return\n}"
      let error = #expect(throws: WeftError.self, "\(row)") { try Graph(parsing: text) }
      #expect(error?.code == code, "\(row): \(error.map { "\($0)" } ?? "")")
      #expect(error?.message.hasPrefix("2:") == true, "\(row)")
    }
  }

  @Test("types follow from operands")
  func types() throws {
    let right: [(String, String)] = [
      ("add %v, %u", "float64[4]"), ("add %u, %u", "float64[?0]"), ("less %v, %v", "bool[4]"),
      ("abs %c", "float32[3]"), ("select %b, %v, %v", "float64[4]"),
      ("complex %v, %v", "complex128[4]"), ("convert %c to int8", "int8[3]"),
      ("reduce add %x axes [0, 1]", "float64[]"), ("reduce add %x axes []", "float64[3, 4]"),
      ("reduce add %e axes [0]", "float64[]"), ("argreduce minimum %x axis 1", "int64[3]"),
      ("contract %x[i, j], %x[k, j] -> [k, i]", "float64[3, 3]"),
      ("contract %v[i], %u[i] -> [i]", "float64[4]"), ("contract %s[], %v[i] -> [i]", "float64[4]"),
      ("broadcast %v to [2, 4]", "float64[2, 4]"),
      ("broadcast %v to [4, 9] axes [0]", "float64[4, 9]"),
      ("broadcast %u to [2, ?0]", "float64[2, ?0]"), ("reshape %x to [12]", "float64[12]"),
      ("permute %x axes [1, 0]", "float64[4, 3]"), ("slice %x [0:3:2, :]", "float64[2, 4]"),
      ("slice %v [4:4]", "float64[0]"), ("slice %u [:]", "float64[?0]"),
      ("slice %x [1:2, 0:4:3]", "float64[1, 2]"), ("pad %v, %s [(1, 2, 3)]", "float64[16]"),
      ("pad %e, %s [(1, 2, 3)]", "float64[3]"), ("concatenate %v, %v axis 0", "float64[8]"),
      ("concatenate %u, %v axis 0", "float64[?1]"), ("concatenate %u axis 0", "float64[?0]"),
      ("gather %x, %i axis 0", "float64[2, 4]"), ("gather %v, %i axis 0", "float64[2]"),
      ("compress %x, %b axis 1", "float64[3, ?1]"),
      ("sort %v axis 0", "float64[4], int64[4]"),
      ("store %x {dense, dense} order [1, 0]", "float64[3, 4]"),
      ("iota axis 0 : bfloat16[3]", "bfloat16[3]"), ("random %k lane 3 : uint64[2]", "uint64[2]"),
      ("scan add %x axis 1", "float64[3, 4]"), ("reverse %x axes [0, 1]", "float64[3, 4]"),
      ("isnan %c", "bool[3]"), ("bitwise_count %n", "uint8[4]"),
    ]
    for (row, type) in right {
      let results = type.contains("], ") ? "%0, %1" : "%0"
      let text = Self.head.replacing("%0 =", with: "\(results) =") + " \(row)\n  return %0\n}"
      let graph = try Graph(parsing: text)
      let line = graph.text().split(separator: "\n")[1]
      #expect(line.hasSuffix(" : \(type)"), "\(row) gives \(line)")
      #expect(try Graph(parsing: graph.text()) == graph)
    }
  }

  @Test("no op traps on operands of any types")
  func hostileOperands() {
    let shapes = [
      [], [0], [3], [Int.max], [Int.max, Int.max], [1, 1, 1], Array(repeating: 1, count: 70),
    ]
    var types = shapes.flatMap { shape in
      [DType.bool, .int64, .uint64, .float64, .complex64].map { TensorType($0, Shape(shape)) }
    }
    types.append(TensorType(.float64, Shape([Shape.freshUnknown()])))
    var ops: [Op] = [
      .convert(.int8), .permute([0]), .permute([-1]), .reverse([0, 63]),
      .reshape(Shape([Int.max, 2])),
      .slice([SliceSpan(start: .max, step: .max, count: .max)]),
      .slice([SliceSpan(start: -1, step: 0, count: -5)]), .slice([SliceSpan(start: 1, count: nil)]),
      .pad([PadSpan(low: .max, high: .max, interior: .max)]), .pad([PadSpan(low: -1, high: 0)]),
      .broadcast(to: Shape([3, Int.max]), axes: [0]), .broadcast(to: Shape([3]), axes: [-1]),
      .contract(Contraction([[0, 1], [1]], to: [0, 5])), .contract(Contraction([], to: [])),
      .contract(Contraction([[3]], to: [3])), .store(.dense(rank: 1)),
    ]
    for axis in [-1, 0, 1, 64, Int.max, Int.min] {
      ops += [
        .scan(.add, axis: axis), .argReduce(.minimum, axis: axis), .concatenate(axis: axis),
        .gather(axis: axis), .scatter(axis: axis, .add), .sort(axis: axis, descending: true),
        .compress(axis: axis, extent: .known(3)), .iota(types[2], axis: axis),
      ]
    }
    for bits in [0, 1, UInt64.max] {
      ops += [.reduce(.add, AxisSet(bits: bits)), .reduce(.minimum, AxisSet(bits: bits))]
    }
    ops += FunctionTable.standard.functions.map { .map($0) }
    for op in ops {
      for a in types {
        _ = try? TypeInference.infer(op, [a])
        for b in types {
          _ = try? TypeInference.infer(op, [a, b])
          _ = try? TypeInference.infer(op, [a, b, a])
        }
      }
      _ = try? TypeInference.infer(op, [])
    }
  }
}
