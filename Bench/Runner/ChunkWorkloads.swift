import Weft
import WeftIR

/// W12: an array twenty times the memory limit, and many small tasks.
enum ChunkWorkloads {
  static let all: [Workload] = [
    big("W12a") { x in (x - x.mean(axis: 0)).std() },
    big("W12b") { x in x.T • x },
    small("W12c", 100_000), small("W12c20k", 20_000), small("W12c100k", 100_000),
    Workload(id: "W12d") { _ in
      let numbers = try arange(100_000).compute()
      return units(100_000, limit: nil) { numbers.rechunked(1) * 2 }
    },
  ]

  /// A program over the file of 4 GB, with 200 MB of buffers.
  private static func big(
    _ id: String, _ program: @escaping @Sendable (NDArray) -> NDArray
  ) -> Workload {
    Workload(id: id) { inputs in
      let x = try NDArray(contentsOf: "\(inputs.directory)/w12_x.npy")
      return units(1, limit: .bytes(200_000_000)) { program(x) }
    }
  }

  /// Chunks of ten elements; a call is as many units as there are chunks, building the graph included.
  private static func small(_ id: String, _ count: Int) -> Workload {
    Workload(id: id) { _ in
      let x = try ones([10 * count]).compute()
      return units(count, limit: nil) { (x.rechunked(10) + 1).sum() }
    }
  }

  private static func units(
    _ count: Int, limit: ByteCount?, _ make: @escaping @Sendable () -> NDArray
  ) -> Workload.Work {
    .units(
      {
        let session =
          limit.map { Session.current.with(executor: .chunked, memoryLimit: $0) }
          ?? Session.current.with(executor: .chunked)
        _ = try session.evaluate([make().expr])
      }, count)
  }
}
