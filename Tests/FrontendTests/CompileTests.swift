import Testing
import Weft
import WeftConformance
import WeftExecution
import WeftIR
import WeftReference

@Suite("Compiled functions") struct CompileTests {
  private let x = NDArray([1.0, 2.0, 3.0])

  @Test("a function is traced once per dtypes and extents and gives computed arrays")
  func traces() throws {
    let step = compile { (u: NDArray) in u * 2 + 1 }
    #expect(step.traceCount == 0)
    for round in 0..<3 {
      let result = try step(x + Double(round))
      #expect(result.isComputed)
      #expect(try result.toArray() == [3.0, 5, 7].map { $0 + 2 * Double(round) })
    }
    #expect(step.traceCount == 1)
    #expect(try step(NDArray([1, 2])).toArray() == [3, 5] as [Int64])
    #expect(try step(NDArray([1.0, 2])).toArray() == [3.0, 5])
    #expect(step.traceCount == 3)
  }

  @Test("several arguments and results, as tuples and as lists")
  func several() throws {
    let pair = compile { a, b in (a + b, a * b) }
    let (sum, product) = try pair(x, x)
    #expect(try sum.toArray() == [2.0, 4, 6])
    #expect(try product.toArray() == [1.0, 4, 9])
    let three = compile { a, b, c in a + b * c }
    #expect(try three(x, x, x).toArray() == [2.0, 6, 12])
    let four = compile { (a: NDArray, b: NDArray, c: NDArray, d: NDArray) in (a, b - c, d, d) }
    #expect(try four(x, x, x, x).1.toArray() == [0.0, 0, 0])
    let all = compile { (list: [NDArray]) in [list[0] + list[1], list[1]] }
    #expect(try all([x, x])[0].toArray() == [2.0, 4, 6])
    #expect(try all([x, x, x]).count == 2)
  }

  @Test("the function runs only when it is traced, and nothing is prepared again")
  func once() throws {
    let counting = CountingExecutor(ReferenceExecutor())
    try Session.isolated(counting).with {
      let step = compile { (u: NDArray) in sin(u) + 1 }
      for _ in 0..<5 { _ = try step(x) }
      #expect(counting.prepares == 1)
      #expect(counting.runs == 5)
    }
  }

  @Test("arrays from outside are taken when tracing, views and inputs may be results")
  func captured() throws {
    let weights = NDArray([10.0, 20, 30])
    let step = compile { (u: NDArray) in (u * weights, u, weights, u[1...]) }
    for _ in 0..<2 {
      let (scaled, same, own, tail) = try step(x)
      #expect(try scaled.toArray() == [10.0, 40, 90])
      #expect(try same.toArray() == [1.0, 2, 3])
      #expect(try own.toArray() == [10.0, 20, 30])
      #expect(try tail.toArray() == [2.0, 3])
    }
  }

  @Test("one array given twice, and two given in turn, keep their places")
  func places() throws {
    let step = compile { a, b in a - 2 * b }
    let y = NDArray([1.0, 1, 1])
    #expect(try step(x, x).toArray() == [-1.0, -2, -3])
    #expect(try step(x, y).toArray() == [-1.0, 0, 1])
    #expect(try step(y, x).toArray() == [-1.0, -3, -5])
  }

  @Test("mistakes in arguments and in the function are thrown")
  func mistakes() {
    let step = compile { a, b in a + b }
    let wrong = #expect(throws: WeftError.self) { try step(x, zeros([4])) }
    #expect(wrong?.code == .broadcast)
    let poisoned = #expect(throws: WeftError.self) { try step(x, x + zeros([4])) }
    #expect(poisoned?.code == .broadcast)
    let unknown = #expect(throws: WeftError.self) { try step(x, x, on: "gpu") }
    #expect(unknown?.code == .unknownExecutor)
    #expect(throws: Never.self) { try step(x, x) }
  }

  @Test("an argument has no elements while the function is traced")
  func argumentsAreNoData() throws {
    let step = compile { (u: NDArray) in
      let known = (try? u.sum().item(Double.self)) ?? -1
      return u * known
    }
    #expect(try step(x).toArray() == [-1.0, -2, -3])
    let leaked = Leak()
    let leaking = compile { (u: NDArray) in
      leaked.array.withLock { $0 = u }
      return u
    }
    _ = try leaking(x)
    let array = try #require(leaked.array.withLock { $0 })
    let error = #expect(throws: WeftError.self) { try (array + 1).compute() }
    #expect(error?.code == .argument)
  }

  @Test("a compiled function inside another becomes part of it")
  func nested() throws {
    let inner = compile { (u: NDArray) in u * 3 }
    let outer = compile { (u: NDArray) in (try? inner(u + 1)) ?? u }
    #expect(try outer(x).toArray() == [6.0, 9, 12])
    #expect(inner.traceCount == 0)
  }

  @Test("extents that only data tell are found at each call")
  func unknownExtents() throws {
    let positive = compile { (u: NDArray) in u[u .> 1] * 2 }
    #expect(try positive(x).toArray() == [4.0, 6])
    #expect(try positive(NDArray([0.0, 0, 5])).toArray() == [10.0])
    #expect(positive.traceCount == 1)
  }

  @Test("a session's choices count at the call: another executor is another trace")
  func sessions() throws {
    let step = compile { (u: NDArray) in exp(u) }
    _ = try step(x, on: .reference)
    _ = try step(x, on: .blas)
    #expect(step.traceCount == 2)
    Session.standard.with(memoryLimit: .bytes(8)) {
      let error = #expect(throws: WeftError.self) { try step(x) }
      #expect(error?.code == .outOfMemory)
    }
  }

  @Test("tasks share a function; its calls off the cooperative threads await")
  func tasks() async throws {
    let step = compile { (u: NDArray) in u * 0.5 + 1 }
    let start = x
    try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var state = start
          for _ in 0..<20 { state = try await step(state) }
          return try state.toArray()
        }
      }
      for try await values in group { #expect(values.allSatisfy { abs($0 - 2) < 1e-5 }) }
    }
    #expect(step.traceCount <= 8)
  }
}

/// Lets an argument out of the function that it belongs to.
private final class Leak: Sendable {
  let array = Lock<NDArray?>(nil)
}
