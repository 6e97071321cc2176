import Testing
import Weft
import WeftConformance
import WeftExecution
import WeftIR
import WeftReference

@Suite("Nothing computes unless asked") struct LazinessTests {
  @Test("printing, shapes, hashing, slicing and dumping run nothing")
  func nothingRuns() throws {
    let counting = CountingExecutor(ReferenceExecutor())
    try Session.isolated(counting).with {
      let x = arange(12).reshaped([3, 4])
      let y = sin(x * 2) + 1
      _ = (y.description, y.debugDescription, "\(y)", String(reflecting: y), y.hashValue)
      _ = (y.shape, y.dtype, y.rank, y.count, y.byteCount, y == x, y.isComputed, y.ir)
      _ = (y[0], y.T, y[y .> 0], Set([x, y]).count, Mirror(reflecting: y).children.count)
      _ = try (y.checked(), y.graph().dot, y.graph().json, y.ir(after: "simplify"))
      var dumped = ""
      dump(y, to: &dumped)
      #expect(counting.prepares == 0 && counting.runs == 0)
      _ = try y.explain()
      #expect(counting.runs == 0)
      try y.compute()
      #expect(counting.runs == 1)
    }
  }

  @Test("a computed handle is free to compute again, and shared work is done once")
  func sharing() throws {
    let counting = CountingExecutor(ReferenceExecutor())
    try Session.isolated(counting).with {
      let x = arange(100)
      let shared = sin(x.asType(.float64))
      let (a, b) = try compute(shared + 1, shared * 2)
      #expect(counting.runs == 1)
      let graph = try #require(counting.prepared.first)
      #expect(graph.rows.filter { $0.op == .map(.sin) }.count == 1)
      try a.compute()
      try b.compute()
      #expect(counting.runs == 1)
    }
  }

  @Test("random rows are neither merged nor split")
  func random() throws {
    let a = Weft.random.uniform([4], key: 7), b = Weft.random.uniform([4], key: 7)
    let graph = try stack([a, b]).graph()
    let draws = graph.rows.filter { if case .random = $0.op { true } else { false } }
    #expect(draws.count == 2)
    #expect(try a.toArray(of: Double.self) == b.toArray(of: Double.self))
  }

  @Test("one row of a big expression touches one row")
  func oneRow() throws {
    let counting = CountingExecutor(ReferenceExecutor())
    try Session.isolated(counting).with {
      let a = zeros([1000, 50]) + arange(50)
      try a.compute()
      try (a * 2.0 + 1)[0].compute()
      let graph = try #require(counting.prepared.last)
      for row in 0..<graph.count where !graph.liveRows()[row] || graph.rows[row].op.name != "input"
      {
        #expect(graph.types(row).allSatisfy { ($0.shape.count ?? 0) <= 50 })
      }
    }
  }
}
