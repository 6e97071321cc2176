import Testing
import WeftIR
import WeftReference

/// Expected values are NumPy 2.4.6's.
@Suite("Reference executor: ops")
struct ReferenceOpsTests {
  @Test("typed loops mean the same as the scalar function", arguments: DType.allCases)
  func fastPaths(dtype: DType) throws {
    let bits: [Double] = [0, -0.0, 1, -1, 2.5, 7, -128, 300, 65504, .infinity, -.infinity, .nan]
    let scalars = bits.map { Scalar($0, dtype) }
    let pairs = scalars.flatMap { a in scalars.map { b in (a, b) } }
    for f in FunctionTable.standard.functions where f.operandDType(for: dtype) == dtype {
      if f == .select || f == .pow { continue }
      var run = ReferenceRun()
      let a = try run.input(scalars: pairs.map(\.0), nil, dtype)
      let b = try run.input(scalars: pairs.map(\.1), nil, dtype)
      let result = try run.run(run.graph.add(.map(f), f.arity == 1 ? [a] : [a, b]))[0]
      #expect(result.type.dtype == f.resultDType(for: dtype))
      for (i, pair) in pairs.enumerated() {
        let expected = f.evaluate(pair.0, pair.1, pair.1)
        let (got, isNaN) = (result.scalar(at: i), expected.doubleValue.isNaN)
        if isNaN { #expect(got.doubleValue.isNaN, "\(f.name) \(pair)") }
        if !isNaN && !expected.imaginary.isNaN { #expect(got == expected, "\(f.name) \(pair)") }
      }
    }
  }

  @Test("select takes elements by mask")
  func select() throws {
    var run = ReferenceRun()
    let mask = try run.input([1, 0, 1], nil, .bool)
    let a = try run.input([1, 2, 3], nil, .int16)
    let b = try run.input([4, 5, 6], nil, .int16)
    #expect(try run.numbers(run.graph.add(.map(.select), [mask, a, b])) == [1, 5, 3])
  }

  @Test("conversion truncates towards zero and wraps")
  func convert() throws {
    var run = ReferenceRun()
    let x = try run.input([-1.7, 2.9, 300])
    #expect(try run.numbers(run.graph.add(.convert(.uint8), [x])) == [255, 2, 44])
  }

  @Test("sums keep what rounding loses")
  func compensatedSum() throws {
    var run = ReferenceRun()
    let x = try run.input([1e16] + Array(repeating: 1, count: 1000) + [-1e16])
    #expect(try run.numbers(run.graph.add(.reduce(.add, [0]), [x])) == [1000])
  }

  @Test("a sum with infinities is as infinite as they are")
  func infiniteSum() throws {
    var run = ReferenceRun()
    let x = try run.input([.infinity, 1, -.infinity, .infinity], [2, 2])
    let sums = try run.numbers(run.graph.add(.reduce(.add, [1]), [x]))
    #expect(sums[0] == .infinity && sums[1].isNaN)
  }

  @Test("reductions over some axes, over all, over none")
  func reduceAxes() throws {
    var run = ReferenceRun()
    let x = try run.input((0..<12).map(Double.init), [2, 3, 2], .int32)
    let graph = run.graph
    func reduced(_ f: ScalarFunction, _ axes: AxisSet) throws -> [Double] {
      run.graph = graph
      return try run.numbers(run.graph.add(.reduce(f, axes), [x]))
    }
    #expect(try reduced(.add, [1]) == [6, 9, 24, 27])
    #expect(try reduced(.maximum, [0, 2]) == [7, 9, 11])
    #expect(try reduced(.multiply, [0, 1, 2]) == [0])
    #expect(try reduced(.add, []) == (0..<12).map(Double.init))
    #expect(try reduced(.bitwiseXor, [1]) == [6, 7, 4, 5])
  }

  @Test("folding no elements gives the identity")
  func emptyReduction() throws {
    var run = ReferenceRun()
    let x = try run.input([], [2, 0])
    let sum = try run.graph.add(.reduce(.add, [1]), [x])
    let product = try run.graph.add(.reduce(.multiply, [1]), [x])
    let nothing = try run.graph.add(.reduce(.add, [0]), [x])
    let results = try run.run(sum, product, nothing)
    #expect(results.map(\.numbers) == [[0, 0], [1, 1], []])
  }

  @Test("extremes are NaN when an element is; the first NaN and the first extreme win")
  func extremes() throws {
    var run = ReferenceRun()
    let x = try run.input([3, 1, .nan, 0, .nan, 2, 5, 5, 1, 1], [2, 5])
    let most = try run.graph.add(.reduce(.maximum, [1]), [x])
    let where1 = try run.graph.add(.argReduce(.maximum, axis: 1), [x])
    let where2 = try run.graph.add(.argReduce(.minimum, axis: 1), [x])
    let results = try run.run(most, where1, where2)
    #expect(results[0].numbers[0].isNaN && results[0].numbers[1] == 5)
    #expect(results[1].numbers == [2, 1])
    #expect(results[2].numbers == [2, 3])
  }

  @Test("scans fold each element in; integers wrap")
  func scan() throws {
    var run = ReferenceRun()
    let x = try run.input([100, 100, 100, -1, -2, -3], [2, 3], .int8)
    let rows = try run.graph.add(.scan(.add, axis: 1), [x])
    let columns = try run.graph.add(.scan(.minimum, axis: 0), [x])
    let results = try run.run(rows, columns)
    #expect(results[0].numbers == [100, -56, 44, -1, -3, -6])
    #expect(results[1].numbers == [100, 100, 100, -1, -2, -3])
  }

  @Test("movement ops place elements")
  func movement() throws {
    var run = ReferenceRun()
    let x = try run.input([0, 1, 2, 3, 4, 5], [2, 3])
    let fill = try run.input([9], [])
    let outputs = [
      try run.graph.add(.permute([1, 0]), [x]),
      try run.graph.add(.reverse([1]), [x]),
      try run.graph.add(
        .slice([SliceSpan(start: 1, count: 1), SliceSpan(start: 0, step: 2, count: 2)]), [x]),
      try run.graph.add(
        .pad([PadSpan(low: 1, high: 0), PadSpan(low: 0, high: 1, interior: 1)]), [x, fill]),
      try run.graph.add(.concatenate(axis: 1), [x, x]),
      try run.graph.add(.broadcast(to: Shape([2, 2, 3]), axes: [0, 2]), [x]),
      try run.graph.add(.reshape(Shape([3, 2])), [x]),
      try run.graph.add(.store(.dense(rank: 2)), [x]),
      try run.graph.add(.iota(TensorType(.int16, Shape([2, 3])), axis: 1)),
      try run.graph.add(.constant(Scalar(1.5, .float32))),
    ]
    run.graph.outputs = outputs
    let results = try run.executor.prepare(run.graph, PassContext()).run(run.inputs, run.context)
    #expect(
      results.map(\.numbers) == [
        [0, 3, 1, 4, 2, 5], [2, 1, 0, 5, 4, 3], [3, 5],
        [9, 9, 9, 9, 9, 9, 0, 9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9],
        [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5], [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5],
        [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [0, 1, 2, 0, 1, 2], [1.5],
      ])
    #expect(run.context.counters["rows"] == 12)
  }

  @Test("gather, scatter and compress follow their indices")
  func indexing() throws {
    var run = ReferenceRun()
    let x = try run.input([0, 1, 2, 3, 4, 5], [2, 3])
    let indices = try run.input([2, 0, 2], nil, .int64)
    let updates = try run.input([10, 20, 30, 40, 50, 60], [2, 3])
    let mask = try run.input([1, 0, 1], nil, .bool)
    let results = try run.run(
      run.graph.add(.gather(axis: 1), [x, indices]),
      run.graph.add(.scatter(axis: 1, .second), [x, indices, updates]),
      run.graph.add(.scatter(axis: 1, .add), [x, indices, updates]),
      run.graph.add(.compress(axis: 1, extent: Shape.freshUnknown()), [x, mask]))
    #expect(
      results.map(\.numbers) == [
        [2, 0, 2, 5, 3, 5], [20, 1, 30, 50, 4, 60], [20, 1, 42, 53, 4, 105], [0, 2, 3, 5],
      ])
    #expect(results[3].type == TensorType(.float64, Shape([2, 2])))
  }

  @Test("sorting is stable both ways, NaN come last, zeros are equal")
  func sort() throws {
    var run = ReferenceRun()
    let x = try run.input([2, .nan, 0, -0.0, 2, -1])
    let up = try run.graph.add(.sort(axis: 0, descending: false), [x])
    let down = try run.graph.add(.sort(axis: 0, descending: true), [x])
    let results = try run.run(
      up, Value(row: up.index, result: 1), Value(row: down.index, result: 1))
    #expect(results[0].numbers.dropLast() == [-1, 0, -0.0, 2, 2] && results[0].numbers[5].isNaN)
    #expect(results[1].numbers == [5, 2, 3, 0, 4, 1])
    #expect(results[2].numbers == [0, 4, 2, 3, 5, 1])
  }

  @Test("complex numbers sort in NumPy's order")
  func sortComplex() throws {
    let nan = Double.nan
    let parts: [(Double, Double)] = [
      (nan, nan), (nan, 0), (1, 2), (0, nan), (nan, 1), (1, -1), (0, 5),
    ]
    var run = ReferenceRun()
    let x = try run.input(scalars: parts.map { Scalar($0.0, $0.1, .complex64) }, nil, .complex64)
    let sorted = try run.graph.add(.sort(axis: 0, descending: false), [x])
    #expect(try run.numbers(Value(row: sorted.index, result: 1)) == [6, 5, 2, 3, 1, 4, 0])
  }

  @Test("random bits are Philox4x32-10 of element, lane and key")
  func random() throws {
    // Known answers of Random123.
    #expect(
      Philox(key: 0).block(0, 0) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox(key: .max).block(.max, .max)
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox(key: 0x299f_31d0_a409_3822).block(0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e)
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    var run = ReferenceRun()
    let key = try run.input(
      scalars: [Scalar(0x299f_31d0_a409_3822 as UInt64, .uint64)], [], .uint64)
    let bits = try run.graph.add(.random(RandomStream(shape: Shape([3]), lane: 5)), [key])
    #expect(
      try run.run(bits)[0].scalars.map(\.uintValue) == [
        0x5d6a_996e_7c13_e7d4, 0x0018_169d_5ace_6766, 0xb3aa_c5ff_92a0_7f8a,
      ])
  }

  @Test("a sum of fewer than 8 elements adds them in turn, as NumPy does")
  func shortSum() throws {
    var run = ReferenceRun()
    let values = [4.662758073998947, 5.345402645440112, 2.8322471343843625]
    #expect((values[0] + values[1]) + values[2] != values[0] + (values[1] + values[2]))
    let x = try run.input(values, nil, .float64)
    let sum = try run.numbers(run.graph.add(.reduce(.add, [0]), [x]))
    #expect(sum == [(values[0] + values[1]) + values[2]])
  }
}
