import Foundation
import Testing
import WeftGoldenFile
import WeftIR

private let scalarType = TensorType(.float64, .scalar)

private let account = MemoryAccount()

private func leaf(_ value: Double = 1, _ type: TensorType = scalarType) -> Expr {
  do {
    let buffer = try Buffer(allocating: type, in: account)
    buffer.base.initializeMemory(as: Double.self, repeating: value, count: buffer.count)
    return Expr(buffer)
  } catch {
    return Expr(error)
  }
}

private func sine(_ x: Expr) -> Expr { Expr(.map(.sin), .one(x), type: x.type, site: .none) }

private func sum(_ x: Expr, _ y: Expr) -> Expr {
  Expr(.map(.add), .two(x, y), type: x.type, site: .none)
}

/// Runs a body on a thread with a stack of 512 KiB and gives its result.
private func onSmallStack<Result>(_ body: @escaping () -> Result) -> Result? {
  var result: Result?
  let job = Job { result = body() }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  guard pthread_attr_setstacksize(&attributes, Sanitizer.smallStack) == 0 else { return nil }
  var thread = pthread_t()
  let status = pthread_create(
    &thread, &attributes,
    { argument in
      if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, Unmanaged.passRetained(job).toOpaque())
  guard status == 0 else { return nil }
  pthread_join(thread, nil)
  return result
}

private final class Job {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}

/// Builds, captures and frees; gives the rows of the graph.
private let shapes: [(name: String, build: @Sendable (Int) -> Expr, rows: @Sendable (Int) -> Int)] =
  [
    (
      "chain",
      { count in
        var x = leaf()
        for _ in 0..<count { x = sine(x) }
        return x
      }, { $0 + 1 }
    ),
    (
      "diamond ladder",
      { count in
        var x = leaf()
        for _ in 0..<count { x = sum(x, x) }
        return x
      }, { $0 + 1 }
    ),
    (
      "fan of leaves",
      { count in
        let type = TensorType(.float64, Shape([1]))
        let leaves = (0..<count).map { leaf(Double($0), type) }
        return Expr(
          .concatenate(axis: 0), Expr.Operands(leaves), type: TensorType(.float64, Shape([count])),
          site: .none)
      }, { $0 + 1 }
    ),
    (
      "two projections a step",
      { count in
        var x = leaf(1, TensorType(.int64, Shape([4])))
        for _ in 0..<count / 2 {
          let sorted = Expr(
            .sort(axis: 0, descending: false), .one(x), type: x.type, laterTypes: [x.type],
            site: .none)
          x = sum(Expr(projecting: 0, of: sorted), Expr(projecting: 1, of: sorted))
        }
        return x
      }, { $0 / 2 * 2 + 1 }
    ),
  ]

@Suite("Expressions", .serialized)
struct ExprTests {
  /// Recursion would overflow the small stack with far fewer; debug builds take their time.
  #if DEBUG
    private static let count = 100_000
  #else
    private static let count = 1_000_000
  #endif

  @Test(
    "a very long expression is built, captured and freed on a stack of 512 KiB", arguments: 0..<4)
  func deep(_ shape: Int) throws {
    let rows = onSmallStack {
      let expr = shapes[shape].build(Self.count)
      return (try? Capture([expr]).graph.count) ?? -1
    }
    #expect(rows == shapes[shape].rows(Self.count), "\(shapes[shape].name)")
  }

  @Test("time grows with the number of nodes, not faster", arguments: 0..<4)
  func linear(_ shape: Int) throws {
    func seconds(_ count: Int, tries: Int) -> Double {
      ProcessorTime.seconds(tries: tries) {
        let expr = shapes[shape].build(count)
        _ = try? Capture([expr]).graph.count
      }
    }
    let small = seconds(Self.count / 10, tries: 3)
    let large = seconds(Self.count, tries: 2)
    print("\(shapes[shape].name): \(Self.count / 10) in \(small) s, \(Self.count) in \(large) s")
    // 10 but for caches, which the smaller one fits better; 100 if time were quadratic.
    #expect(large <= 20 * small, "\(shapes[shape].name)")
  }

  @Test("a very long graph prints and parses on a stack of 512 KiB")
  func text() throws {
    let isEqual = onSmallStack {
      let expr = shapes[1].build(Self.count)
      guard let graph = try? Capture([expr]).graph else { return false }
      return (try? Graph(parsing: graph.text())) == graph
    }
    #expect(isEqual == true)
  }

  @Test("a computed chain frees what it was made from without recursion")
  func fulfilled() {
    let freed = onSmallStack {
      let last = shapes[0].build(Self.count)
      guard let buffer = leaf().buffer else { return false }
      last.fulfil(with: buffer)
      return last.buffer === buffer
    }
    #expect(freed == true)
  }

  @Test("many threads may let go of one deep expression at once")
  func sharedRelease() {
    let count = 4
    let done = DispatchSemaphore(value: 0)
    var base: Expr? = shapes[0].build(100_000)
    for _ in 0..<count {
      let mine = (0..<100).map { _ in sine(base!) }
      let thread = Thread {
        withExtendedLifetime(mine) {}
        done.signal()
      }
      thread.stackSize = Sanitizer.smallStack
      thread.start()
    }
    base = nil
    for _ in 0..<count { done.wait() }
  }

  @Test("parameters are the first rows, one for each distinct array, in order of first use")
  func parametersFirst() throws {
    let (a, b) = (leaf(1), leaf(2))
    let graph = try Capture([sum(sine(a), b), sum(b, a)]).graph
    #expect(graph.parameters.map(\.name) == ["p0", "p1"])
    for n in 0..<2 { #expect(graph.rows[n].op == .input(n, scalarType)) }
    #expect(graph.count == 5)
    #expect(try Graph(parsing: graph.text()) == graph)
  }

  @Test("equal rows are captured once, and outputs may repeat")
  func merged() throws {
    let a = leaf()
    let graph = try Capture([sine(a), sine(a), a]).graph
    #expect(graph.count == 2)
    #expect(graph.outputs == [Value(row: 1), Value(row: 1), Value(row: 0)])
  }

  @Test("a capture throws every independent error once, the first in front")
  func errors() throws {
    let (e, f) = (WeftError(.axis, "sum", "one"), WeftError(.dtype, "exp", "two"))
    let (p, q) = (Expr(e), Expr(f))
    let error = try #require(throws: WeftError.self) {
      try Capture([sum(sine(p), sine(q)), sine(p)])
    }
    #expect(Set([error.code] + error.others.map(\.code)) == [.axis, .dtype])
    #expect(error.others.count == 1)
  }

  @Test("a hundred thousand poisoned nodes are reported in linear time")
  func manyErrors() {
    var x = Expr(WeftError(.axis, "op", "0"))
    for n in 1..<100_000 { x = sum(x, Expr(WeftError(.axis, "op", "\(n)"))) }
    let error = #expect(throws: WeftError.self) { try Capture([x]) }
    #expect(error?.others.count == 99_999)
  }

  @Test("projections of poison are poison")
  func poisonedProjection() {
    let poison = Expr(WeftError(.axis, "sort", "no axis"))
    #expect(Expr(projecting: 1, of: poison).error?.code == .axis)
  }

  @Test("extents that were computed since are known in the graph")
  func resolved() throws {
    let extent = Shape.freshUnknown()
    let type = TensorType(.float64, Shape([extent]))
    let mask = Expr(
      .convert(.bool), .one(leaf(1, TensorType(.float64, Shape([8])))),
      type: TensorType(.bool, Shape([8])), site: .none)
    let chosen = Expr(
      .compress(axis: 0, extent: extent),
      .two(leaf(1, TensorType(.float64, Shape([8]))), mask), type: type, site: .none)
    let fill = Expr(.constant(Scalar(1.0, .float64)), .none, type: scalarType, site: .none)
    let ones = Expr(.broadcast(to: type.shape, axes: []), .one(fill), type: type, site: .none)
    let total = sum(chosen, ones)
    let before = try Capture([total]).graph
    #expect(before.type(before.outputs[0]).shape.known == nil)
    try GraphVerifier.verify(before)
    guard let buffer = leaf(1, TensorType(.float64, Shape([3]))).buffer else { return }
    chosen.fulfil(with: buffer)
    let after = try Capture([total]).graph
    #expect(after.type(after.outputs[0]) == TensorType(.float64, Shape([3])))
    try GraphVerifier.verify(after)
  }
}
