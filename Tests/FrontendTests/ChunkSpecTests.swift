import Testing
import Weft
import WeftIR

/// Chunk specifications mean what Dask's `normalize_chunks` makes of them.
@Suite("chunk specifications")
struct ChunkSpecTests {
  private func cuts(_ shape: [Int], _ specs: [ChunkSpec]) throws -> String {
    let graph = try zeros(shape).rechunked(specs).graph()
    guard let output = graph.outputs.first, case .store(let layout) = graph.op(output) else {
      return "none"
    }
    return "\(ChunkGrid(shape, cuts: layout.chunks ?? []))"
  }

  @Test("against dask.array.core.normalize_chunks, 2026.8")
  func dask() throws {
    #expect(
      try cuts([4000, 4000, 400], ["auto", -1, "auto"]) == "[64, 4000, 64] of [4000, 4000, 400]")
    #expect(try cuts([20000, 30000], ["auto", "auto"]) == "[4096, 4096] of [20000, 30000]")
    #expect(try cuts([2_000_000, 250], ["auto", "auto"]) == "[67108, 250] of [2000000, 250]")
    #expect(try cuts([4096, 65536], ["auto", "auto"]) == "[4096, 4096] of [4096, 65536]")
    #expect(try cuts([100, 100], ["1KiB", "1KiB"]) == "[11, 11] of [100, 100]")
    #expect(try cuts([100, 100], [10, "1KiB"]) == "[10, 12] of [100, 100]")
    #expect(try cuts([1000, 100], ["100KiB", -1]) == "[128, 100] of [1000, 100]")
    #expect(try cuts([10, 7], [3, .pieces([2, 5])]) == "[3, [2, 5]] of [10, 7]")
  }

  @Test("what an array cannot have is an error of the expression")
  func errors() throws {
    for specs: [ChunkSpec] in [
      [3], [3, .pieces([2, 4])], [0, 3], [300, -2], ["much", 1],
      [.pieces([-1, 11]), 7],
    ] {
      let error = zeros([10, 7]).rechunked(specs).expr.error
      #expect(error?.code == .value, "\(specs)")
    }
    #expect(zeros([10, 7]).rechunked(axes: [2: 3]).expr.error?.code == .axis)
  }

  @Test("grids are written in the text of a graph and read back")
  func text() throws {
    let graph = try zeros([10, 7]).rechunked([3, .pieces([2, 5])]).graph()
    #expect(graph.text().contains("store %1 {dense, dense} chunks [3, [2, 5]]"))
    #expect(try Graph(parsing: graph.text()) == graph)
  }
}
