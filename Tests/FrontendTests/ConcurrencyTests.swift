import Testing
import Weft

@Suite("Concurrency") struct ConcurrencyTests {
  @Test("eight tasks build, print and compute shared graphs")
  func sharedGraphs() async throws {
    let x = arange(1000).asType(.float64)
    let shared = sin(x) + 1
    let expected = try (sin(arange(1000).asType(.float64)) + 1).toArray(of: Double.self)
    try await withThrowingTaskGroup(of: [Double].self) { group in
      for task in 0..<8 {
        group.addTask {
          for _ in 0..<10 {
            _ = (shared.description, shared.ir.count, shared[task].shape)
            _ = try await (shared * Double(task)).sum().compute()
          }
          return try await shared.compute().toArray()
        }
      }
      for try await values in group { #expect(values == expected) }
    }
  }

  @Test("tasks that let go of a shared deep graph free it once")
  func sharedRelease() async {
    var y = NDArray([1.0])
    for _ in 0..<20_000 { y = y + 1.0 }
    let deep = y
    y = NDArray([0.0])
    await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          var mine: NDArray? = deep * Double(task)
          let rank = mine?.rank ?? 0
          mine = nil
          return rank
        }
      }
      for await rank in group { #expect(rank == 1) }
    }
  }
}
