import Synchronization
import Testing
import Weft
import WeftExecution
import WeftIR

@testable import WeftHost

/// What R23 rests on: little runs after a cancellation. The time itself is `weft-bench`'s (R23.*).
@Suite("cancellation")
struct CancellationTests {
  @Test(
    "after a cancellation each other thread begins one more part at most", arguments: [1, 2, 7])
  func parts(threads: Int) {
    let token = CancellationToken()
    let begun = Atomic<Int>(0)
    let late = Atomic<Int>(0)
    let isCancelled = Atomic<Bool>(false)
    let error = #expect(throws: WeftError.self) { () throws in
      try HostScheduler(threadCount: threads).run(100_000, token) { part, _ in
        if isCancelled.load(ordering: .sequentiallyConsistent) {
          late.add(1, ordering: .relaxed)
        }
        if begun.add(1, ordering: .relaxed).oldValue == 500 {
          token.cancel()
          isCancelled.store(true, ordering: .sequentiallyConsistent)
        }
      }
    }
    #expect(error?.code == .cancelled)
    #expect(late.load(ordering: .relaxed) < threads)
  }

  @Test(
    "kernels of ten million elements are cut, so that a part is soon done",
    arguments: ["map", "rows", "columns", "total", "scan"])
  func cuts(_ kind: String) throws {
    let x = try ones([10_000, 1000]).asType(.float32).compute()
    let y =
      switch kind {
      case "map": sin(x) * 2
      case "rows": x - x.mean(axis: 1, keepAxes: true)
      case "columns": x.sum(axis: 0)
      case "total": x.sum()
      default: cumsum(x, axis: 1)
      }
    var session = Session.standard
    session.compilation = .always
    let trace = try session.tracing { _ = try y.compute() }
    let parts = trace.events.filter { $0.category == .part }
    // The columns of a part are cheap, and cut less finely.
    #expect(parts.count >= (kind == "columns" ? 8 : 64), "\(parts.count) parts")
  }

  @Test("a cancelled compute leaves nothing that a later one trips over")
  func again() throws {
    let x = try ones([1000, 1000]).compute()
    let y = (x * 2 + 1).sum()
    let token = CancellationToken()
    token.cancel()
    let error = #expect(throws: WeftError.self) {
      try Session.current.evaluate([y.expr], token: token)
    }
    #expect(error?.code == .cancelled)
    #expect(try y.item(Double.self) == 3e6)
  }
}
