import Testing
import WeftIR
import WeftReference

@Suite("Reference executor: runs")
struct ReferenceRunTests {
  private let site = SourceSite(file: "Model/Model.swift", line: 12)

  @Test("extents that data tell flow through later rows")
  func unknownExtents() throws {
    var run = ReferenceRun()
    let x = try run.input([3, 1, 4, 1, 5])
    let mask = try run.input([1, 0, 1, 0, 1], nil, .bool)
    let extent = Shape.freshUnknown()
    let kept = try run.graph.add(.compress(axis: 0, extent: extent), [x, mask])
    let one = try run.graph.add(.constant(Scalar(1.0, .float64)))
    let ones = try run.graph.add(.broadcast(to: Shape([extent]), axes: []), [one])
    let sum = try run.graph.add(.map(.add), [kept, ones])
    let count = try run.graph.add(.iota(TensorType(.int64, Shape([extent])), axis: 0))
    let column = try run.graph.add(.reshape(Shape([extent, .known(1)])), [sum])
    let whole = try run.graph.add(.slice([SliceSpan(start: 0, count: nil)]), [sum])
    let joined = try run.graph.add(.concatenate(axis: 0), [whole, x])
    let total = try run.graph.add(.contract(Contraction([[0], [0]], to: [])), [kept, sum])
    let results = try run.run(sum, count, column, joined, total)
    #expect(
      results.map(\.numbers) == [
        [4, 5, 6], [0, 1, 2], [4, 5, 6], [4, 5, 6, 3, 1, 4, 1, 5], [62],
      ])
    #expect(results[2].type.shape == Shape([3, 1]))
  }

  @Test("a mask that selects nothing gives an empty array")
  func emptySelection() throws {
    var run = ReferenceRun()
    let x = try run.input([3, 1])
    let mask = try run.input([0, 0], nil, .bool)
    let kept = try run.graph.add(.compress(axis: 0, extent: Shape.freshUnknown()), [x, mask])
    let sum = try run.graph.add(.reduce(.add, [0]), [kept])
    let results = try run.run(kept, sum)
    #expect(results.map(\.numbers) == [[], [0]])
  }

  @Test("the greatest of nothing is an error at run time too")
  func emptyMaximum() throws {
    var run = ReferenceRun()
    let x = try run.input([3, 1])
    let mask = try run.input([0, 0], nil, .bool)
    let kept = try run.graph.add(.compress(axis: 0, extent: Shape.freshUnknown()), [x, mask])
    let most = try run.graph.add(.reduce(.maximum, [0]), [kept], site: site)
    let error = weftError { _ = try run.run(most) }
    #expect(error?.code == .emptyReduction && error?.site == site)
  }

  @Test("operands whose actual extents disagree are a shape mismatch with the row's place")
  func mismatch() throws {
    var run = ReferenceRun()
    let x = try run.input([1, 2, 3], as: Shape([Shape.freshUnknown()]))
    let y = try run.input([1, 2], as: Shape([Shape.freshUnknown()]))
    let sum = try run.graph.add(.map(.add), [x, y], site: site)
    let error = weftError { _ = try run.run(sum) }
    #expect(error?.code == .shapeMismatch && error?.site == site)
    #expect(error?.message.contains("float64[3], float64[2]") == true)
  }

  @Test("equal unknown extents must be equal in the inputs")
  func inputMismatch() throws {
    let extent = Shape.freshUnknown()
    var run = ReferenceRun()
    let x = try run.input([1, 2, 3], as: Shape([extent]))
    let y = try run.input([1, 2], as: Shape([extent]))
    let sum = try run.graph.add(.map(.add), [x, y])
    #expect(weftError { _ = try run.run(sum) }?.code == .shapeMismatch)
  }

  @Test("an index out of bounds names value, axis, extent and place", arguments: [3, -1])
  func badIndex(index: Double) throws {
    var run = ReferenceRun()
    let x = try run.input([1, 2, 3])
    let indices = try run.input([0, index], nil, .int64)
    let taken = try run.graph.add(.gather(axis: 0), [x, indices], site: site)
    let error = weftError { _ = try run.run(taken) }
    #expect(error?.code == .indexOutOfBounds && error?.site == site)
    #expect(
      error?.message == "index \(Int(index)) is out of bounds for axis 0 with extent 3")
    let updates = try run.input([1, 1])
    let put = try run.graph.add(.scatter(axis: 0, .add), [x, indices, updates], site: site)
    #expect(weftError { _ = try run.run(put) }?.code == .indexOutOfBounds)
  }

  @Test("a cancelled run stops before its first row")
  func cancellation() throws {
    var run = ReferenceRun()
    let x = try run.input([1, 2, 3])
    let y = try run.graph.add(.map(.negative), [x])
    run.context.token.cancel()
    #expect(weftError { _ = try run.run(y) }?.code == .cancelled)
    #expect(run.context.counters["rows"] == 0)
  }

  @Test("memory beyond the limit is an error with the row's place")
  func memoryLimit() throws {
    var run = ReferenceRun()
    run.context.memory = MemoryAccount(limit: 10_000)
    let x = try run.input([1])
    let large = try run.graph.add(
      .broadcast(to: Shape([2000]), axes: [0]), [x], site: site)
    let error = weftError { _ = try run.run(large) }
    #expect(error?.code == .outOfMemory && error?.site == site)
    #expect(run.context.memory.liveBytes == 0)
  }

  @Test("values are freed after their last use, as the planned peak says")
  func liveness() throws {
    var run = ReferenceRun()
    var value = try run.input([1])
    value = try run.graph.add(.broadcast(to: Shape([1000]), axes: [0]), [value])
    for _ in 0..<10 {
      value = try run.graph.add(.map(.exp), [value])
      value = try run.graph.add(.map(.negative), [value])
    }
    run.graph.outputs = [value]
    let executable = try run.executor.prepare(run.graph, PassContext())
    #expect(executable.peakBytes == 16_000)
    #expect(executable.steps.count == 22)
    #expect(executable.steps.last == "negative: float64[1000]")
    let results = try executable.run(run.inputs, run.context)
    #expect(run.context.memory.peakBytes == 16_000)
    #expect(run.context.memory.liveBytes == 8000)
    #expect(results.count == 1)
  }

  @Test("the planned peak holds for masks, sorting and chains of products")
  func peakBound() throws {
    var run = ReferenceRun()
    let x = try run.input((0..<64).map(Double.init), [8, 8], .float32)
    let mask = try run.input([1, 0, 1, 1, 1, 1, 0, 1], nil, .bool)
    let kept = try run.graph.add(.compress(axis: 1, extent: Shape.freshUnknown()), [x, mask])
    let sorted = try run.graph.add(.sort(axis: 0, descending: false), [kept])
    let product = try run.graph.add(
      .contract(Contraction([[0, 1], [2, 1], [2, 3], [4, 3]], to: [0, 4])),
      [kept, sorted, kept, kept])
    run.graph.outputs = [product]
    let executable = try run.executor.prepare(run.graph, PassContext())
    _ = try executable.run(run.inputs, run.context)
    #expect(run.context.memory.peakBytes <= executable.peakBytes)
  }

  @Test("routines run by name; unknown ones are unsupported")
  func routines() throws {
    let twice = Routine("twice") { $0 }
    var run = ReferenceRun()
    let x = try run.input([1, 2])
    let y = try run.graph.add(.call(twice), [x], site: site)
    let error = weftError { _ = try run.run(y) }
    #expect(error?.code == .unsupported && error?.site == site && error?.operation == "twice")
    guard case .none = run.executor.supports(y.index, of: run.graph) else {
      Issue.record("supports an unknown routine")
      return
    }
    run.executor = ReferenceExecutor(routines: [
      "twice": { _, operands, context in
        let result = try Buffer(allocating: operands[0].type, in: context.memory)
        for i in 0..<result.count {
          let value = Scalar(operands[0].scalar(at: i).doubleValue * 2, .float64)
          value.store(to: result.base + i * 8)
        }
        return [result]
      }
    ])
    #expect(run.executor.supports(y.index, of: run.graph) == .native)
    #expect(try run.numbers(y) == [2, 4])
  }

  @Test("0-d arrays and an input as output")
  func scalars() throws {
    var run = ReferenceRun()
    let x = try run.input([2], [])
    let y = try run.graph.add(.map(.multiply), [x, x])
    let results = try run.run(x, y, y)
    #expect(results.map(\.numbers) == [[2], [4], [4]])
    #expect(results[1].type.shape == .scalar)
  }

  @Test("inputs that do not fit the parameters are an error")
  func wrongInputs() throws {
    var run = ReferenceRun()
    let x = try run.input([2])
    run.inputs = []
    #expect(weftError { _ = try run.run(x) }?.code == .argument)
    let other = try Buffer(
      allocating: TensorType(.int8, Shape([1])), in: run.context.memory)
    run.inputs = [other]
    #expect(weftError { _ = try run.run(x) }?.code == .dtype)
  }
}
