import Foundation
import Testing
import WeftExecution
import WeftIR

@testable import Weft

@Suite("Traces, counters and why a plan is new")
struct TracingTests {
  /// A session with plans and counters of its own.
  private static func session(_ environment: Environment = Environment()) -> Session {
    Session(
      executors: Session.standard.executors,
      runtime: Runtime(scheduler: Session.standard.runtime.scheduler), environment: environment)
  }

  private static func work(_ n: Int) throws {
    let x = try linspace(0, 1, count: n).compute().reshaped([n / 100, 100])
    let y = (x * 2 + 1).sum(axis: 0)  // the line of the kernel
    try compute([y, x.T.dot(x), x.sorted(axis: 1)])
  }

  @Test("a traced compute has passes, planning, steps with bytes and lines, and parts")
  func events() throws {
    let trace = try Self.session().tracing { try Self.work(200_000) }
    let categories = Set(trace.events.map(\.category))
    #expect(categories.isSuperset(of: [.compute, .prepare, .pass, .step, .part]))
    let computes = trace.events.filter { $0.category == .compute }
    for event in trace.events where event.category == .step || event.category == .prepare {
      let isInside = computes.contains {
        event.start >= $0.start && event.start + event.duration <= $0.start + $0.duration
      }
      #expect(isInside, "\(event.name) lies in no compute")
    }
    let steps = trace.events.filter { $0.category == .step }
    let product = try #require(steps.first { $0["kind"] == .text("contraction") })
    #expect(product["flops"] == .number(2 * 100 * 100 * 2000))
    #expect(product["written"] == .integer(100 * 100 * 8))
    let lines = trace.table()
    #expect(lines.contains("TracingTests.swift:"))
    #expect(lines.hasPrefix("2 computes, "))
  }

  @Test("preparing, waiting and steps make up most of a compute, and never more")
  func sums() throws {
    let trace = try Self.session().tracing { try Self.work(2_000_000) }
    func total(_ categories: Set<Trace.Category>) -> Int {
      trace.events.reduce(0) { $0 + (categories.contains($1.category) ? $1.duration : 0) }
    }
    let wall = total([.compute])
    let parts = total([.prepare, .wait, .step])
    #expect(parts <= wall)
    #expect(Double(parts) > 0.8 * Double(wall))
  }

  @Test("the JSON of a trace parses and has an event for each")
  func json() throws {
    let trace = try Self.session().tracing { try Self.work(200_000) }
    let value = try JSONParser.parse(Array(trace.chromeJSON().utf8))
    let items = try #require(value.items)
    let complete = items.filter { $0["ph"]?.text == "X" }
    #expect(complete.count == trace.events.count)
    for item in complete {
      #expect(item["ts"]?.double != nil && item["dur"]?.double != nil)
      #expect(item["cat"]?.text.flatMap(Trace.Category.init(rawValue:)) != nil)
    }
    let names = items.filter { $0["ph"]?.text == "M" }
    #expect(names.count == trace.threads.count)
    let rates = complete.compactMap { $0["args"]?["GFLOP/s"]?.double }
    #expect(rates.contains { $0 > 0 })
  }

  @Test("nothing is recorded where nothing is traced")
  func off() throws {
    let session = Self.session()
    #expect(session.trace == nil)
    let trace = session.tracing {}
    try Session.$scoped.withValue(session) { try Self.work(20_000) }
    #expect(trace.events.isEmpty)
    #expect(trace.table().hasPrefix("0 computes, "))
  }

  @Test("a trace within a trace gives its events to both")
  func nested() throws {
    var inner = Trace()
    let outer = try Self.session().tracing {
      try zeros([3]).compute()
      inner = try Session.current.tracing { try (ones([4]) + 1).compute() }
    }
    #expect(inner.events.count { $0.category == .compute } == 1)
    #expect(outer.events.count { $0.category == .compute } == 2)
  }

  @Test("WEFT_TRACE names a file that is whole JSON after each compute")
  func file() throws {
    let path = NSTemporaryDirectory() + "weft-trace-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let session = Self.session(Environment { $0 == "WEFT_TRACE" ? path : nil })
    var sizes: [Int] = []
    for n in [20_000, 40_000] {
      try Session.$scoped.withValue(session) { try Self.work(n) }
      let items = try #require(
        try JSONParser.parse(Array(Data(contentsOf: .init(filePath: path))))
          .items)
      sizes.append(items.count)
      let computes = items.count { $0["cat"]?.text == "compute" }
      // `work` computes twice.
      #expect(computes == 2 * sizes.count)
    }
    #expect(sizes[1] > sizes[0])
  }

  @Test("explain tells why a plan is new, and that it is not the second time")
  func difference() throws {
    let session = Self.session()
    func plan(_ array: NDArray, _ session: Session) throws -> String {
      let lines = try session.explain([array.expr]).split(separator: "\n")
      return lines.first { $0.hasPrefix("plan: ") }.map { String($0.prefix { $0 != "," }) } ?? ""
    }
    func row(_ n: Int, _ c: Double) -> NDArray {
      (ones([n]) * c).sum()
    }
    #expect(try plan(row(8, 2), session) == "plan: new (new structure)")
    #expect(try plan(row(8, 2), session) == "plan: from the cache")
    #expect(try plan(row(9, 2), session) == "plan: new (shape differs from the nearest)")
    #expect(try plan(row(8, 3), session) == "plan: new (constants differ from the nearest)")
    #expect(
      try plan(row(8, 2), session.with(executor: "reference"))
        == "plan: new (executor differs from the nearest)")
    #expect(
      try plan(row(8, 2), session.with(exactness: .exact))
        == "plan: new (exactness differs from the nearest)")
  }

  @Test("counters tell computes, casts, fall-backs and bytes")
  func counters() throws {
    let session = Self.session()
    try Session.$scoped.withValue(session) {
      let x = try ones([1000], dtype: .float32).compute()
      try (x.asType(.float64) + 1).compute()
    }
    let counters = session.counters
    #expect(counters["computes"] == 2)
    #expect(counters["prepares"] == 2)
    #expect(counters["casts"] == 1)
    #expect(counters["bytesAllocated"] ?? 0 >= 8000)
    #expect(counters["bytesPeak"] ?? 0 >= 8000)
  }

  @Test("programs over sparse arrays that are stored alike share a plan")
  func sparsePlans() throws {
    let session = Self.session()
    try Session.$scoped.withValue(session) {
      let numbers = arange(1200).reshaped([30, 40])
      func stored(_ step: Int, _ format: SparseFormat = .csr) throws -> NDArray {
        try which(numbers * step % 17 .< 4, numbers, 0).asType(.float64).asSparse(format).compute()
      }
      func total(_ a: NDArray) throws -> Double { try (a * a + 1.0 * a).sum().item() }
      func want(_ a: NDArray) throws -> Double { try total(a.asDense().compute()) }
      let (a, b, c) = (try stored(3), try stored(5), try stored(5, .csc))
      let others = [try want(a), try want(b), try want(c)]
      #expect(try total(a) == others[0])
      let before = session.counters
      #expect(try total(b) == others[1])
      let after = session.counters
      #expect(after["prepares"] == before["prepares"])
      #expect(after["cacheHits"] ?? 0 == (before["cacheHits"] ?? 0) + 1)
      #expect(try total(c) == others[2])
      #expect(session.counters["prepares"] ?? 0 == (before["prepares"] ?? 0) + 1)
      // What is made dense for an executor is made so each time.
      for _ in 0..<2 {
        let fresh = try stored(7)
        let densified = session.counters["densified"] ?? 0
        let sum = (fresh * fresh + 1.0 * fresh).sum()
        try sum.compute(on: .reference)
        #expect(session.counters["densified"] == densified + 1)
        #expect(try sum.item() == want(fresh))
      }
    }
  }
}
