import Testing
import Weft
import WeftExecution
import WeftHost
import WeftIR

@Suite("What has the structure of something compiled compiles nothing")
struct CompileNothingTests {
  /// A program over extents and a constant.
  struct Program: Sendable, CustomTestStringConvertible {
    let name: String
    let array: @Sendable (_ n: Int, _ m: Int, _ c: Double) throws -> NDArray
    /// Whether a row is read again after it was folded, which fusion does up to a length.
    let rereadsRows: Bool
    var testDescription: String { name }

    init(
      _ name: String, rereadsRows: Bool = false,
      _ array: @escaping @Sendable (Int, Int, Double) throws -> NDArray
    ) {
      self.name = name
      self.array = array
      self.rereadsRows = rereadsRows
    }
  }

  private static func data(_ shape: [Int]) throws -> NDArray {
    let buffer = try Buffer(allocating: TensorType(.float64, Shape(shape)), in: MemoryAccount())
    let elements = buffer.base.assumingMemoryBound(to: Double.self)
    for index in 0..<buffer.count { elements[index] = 1.25 }
    return NDArray(buffer)
  }

  private static func matrix(_ n: Int, _ m: Int) throws -> NDArray { try data([n, m]) }

  static let programs = [
    Program("chain") { n, m, c in try abs(matrix(n, m) * c + 1.5) - matrix(n, m) / (c + 7) },
    Program("sum of all") { n, m, c in try (matrix(n, m) * c).sum() },
    Program("sum of rows") { n, m, c in try (matrix(n, m) + c).sum(axis: 1) },
    Program("sum of columns") { n, m, c in try (matrix(n, m) + c).sum(axis: 0) },
    Program("greatest of columns in float32") { n, m, c in
      try (matrix(n, m).asType(.float32) * c).max(axis: 0)
    },
    Program("softmax", rereadsRows: true) { n, m, c in
      let x = try matrix(n, m) * c
      let e = exp(x - x.max(axis: 1, keepAxes: true))
      return e / e.sum(axis: 1, keepAxes: true)
    },
    Program("sum and rest", rereadsRows: true) { n, m, c in
      let x = try matrix(n, m) * c
      return x - x.sum(axis: 1, keepAxes: true)
    },
    Program("row and column") { n, m, c in try data([n, 1]) * c + data([m]) },
    Program("transposed") { n, m, c in try matrix(m, n).T * c + matrix(n, m) },
    Program("three axes permuted") { n, m, c in
      try data([5, n, m]).transposed([2, 1, 0]) * c + data([m, n, 5])
    },
    Program("sum over the middle axis") { n, m, c in try (data([3, n, m]) * c).sum(axis: 1) },
    Program("nearest in rows") { n, m, c in try abs(matrix(n, m) - c).argmin(axis: 1) },
    Program("nearest in columns") { n, m, c in try abs(matrix(n, m) - c).argmin(axis: 0) },
    Program("greatest of all") { n, m, c in try (data([n * m]) * c).argmax() },
    Program("running sum of rows") { n, m, c in try cumsum(matrix(n, m) * c, axis: 1) + c },
    Program("running sum of columns") { n, m, c in try cumsum(matrix(n, m) * c, axis: 0) + c },
    Program("running product") { n, m, c in try cumprod(data([n * m]) * (c / c), axis: 0) },
    Program("taken") { n, m, c in
      try data([n * m]).take(arange(n).asType(.int64) % (n * m), axis: 0) * c
    },
    Program("stencil") { n, m, c in
      let x = try matrix(n + 2, m)
      return (x[0..<n] + x[2..<(n + 2)]) * c + x[1..<(n + 1)]
    },
  ]

  @Test("new data, constants and extents", .needsLLVM, arguments: programs)
  func compilesNothing(_ program: Program) throws {
    var session = Session(
      executors: Session.standard.executors,
      runtime: Runtime(scheduler: HostScheduler(threadCount: 2)), environment: Environment())
    session.compilation = .always
    func made() -> Int {
      session.runtime.counters["compiles"] + session.runtime.counters["codeLoads"]
    }
    try session.with { try program.array(300, 40, 2.5).compute() }
    let first = made() + session.runtime.counters["codeHits"]
    #expect(first > 0)
    var before = made()
    for (n, m, c) in [
      (300, 40, 3.75), (301, 41, 2.5), (7, 5, 2.5), (40, 300, 1.25), (6, 6, 2.5), (2, 3000, 2.5),
      (3000, 2, 2.5), (500, 500, 2.5), (3, 150_000, 2.5), (150_000, 3, 2.5),
    ] where !program.rereadsRows || m <= 65_536 {
      try session.with { try program.array(n, m, c).compute() }
      let now = made()
      #expect(now == before, "\(n) x \(m), \(c): \(now - before) kernels made")
      before = now
    }
  }
}
