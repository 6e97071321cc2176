import Testing
import WeftIR
import WeftPasses

@testable import WeftHost

@Suite("rows in blocks")
struct RowBlockTests {
  /// Distances to some points, and the nearest: `argmin(sum(c * c) - 2 x c^T)`.
  private static let nearest = """
    graph @main(%x: float32[9001, 24], %c: float32[160, 24]) {
      %0 = multiply %c, %c
      %1 = reduce add %0 axes [1]
      %2 = contract %x[n, k], %c[m, k] -> [n, m]
      %3 = constant -2.0 : float32[]
      %4 = broadcast %3 to [9001, 160]
      %5 = multiply %2, %4
      %6 = broadcast %1 to [9001, 160] axes [1]
      %7 = add %5, %6
      %8 = argreduce minimum %7 axis 1
      return %8
    }
    """
  /// Sums over the rows of a logarithm that no one else needs.
  private static let columns = """
    graph @main(%x: float64[8201, 96]) {
      %0 = log %x
      %1 = reduce add %x axes [1]
      %2 = contract %1[k], %0[k, j] -> [j]
      %3 = slice %x [0:8201, 0:5]
      %4 = contract %3[k, i], %0[k, j] -> [i, j]
      return %2, %4
    }
    """
  /// Attention over a batch of two.
  private static let attention = """
    graph @main(%q: float32[2, 1100, 16], %k: float32[2, 1100, 16], %v: float32[2, 1100, 8]) {
      %0 = contract %q[b, i, d], %k[b, j, d] -> [b, i, j]
      %1 = reduce maximum %0 axes [2]
      %2 = broadcast %1 to [2, 1100, 1100] axes [0, 1]
      %3 = subtract %0, %2
      %4 = exp %3
      %5 = reduce add %4 axes [2]
      %6 = broadcast %5 to [2, 1100, 1100] axes [0, 1]
      %7 = divide %4, %6
      %8 = contract %7[b, i, j], %v[b, j, d] -> [b, i, d]
      return %8
    }
    """

  @Test("blocks give what the whole gives, with any number of threads", arguments: [0, 1, 2])
  func blocks(_ number: Int) throws {
    let graph = try Graph(parsing: [Self.nearest, Self.columns, Self.attention][number])
    #expect(RowBlocks(graph) != nil)
    var random = HostRandom(number + 5)
    let inputs = try graph.parameters.map { parameter -> Buffer in
      let buffer = try Buffer(allocating: parameter.type, in: MemoryAccount())
      for i in 0..<buffer.count {
        Scalar(0.5 + Double(random.below(1000)) / 1000, parameter.type.dtype)
          .store(to: buffer.base + i * parameter.type.dtype.itemSize)
      }
      return buffer
    }
    #expect(try HostRunning.steps(graph).contains { $0.contains(" blocks of ") })
    let expected = try HostRunning.reference(graph, inputs)
    let one = try HostRunning.host(graph, inputs, threads: 1)
    for (wanted, result) in zip(expected, one) {
      var (norm, distance) = (0.0, 0.0)
      for i in 0..<wanted.count {
        let (a, b) = (wanted.scalar(at: i).doubleValue, result.scalar(at: i).doubleValue)
        // Of two points that are nearly as near either may be the nearest.
        distance += wanted.type.dtype == .int64 ? (a == b ? 0 : 1) : abs(a - b)
        norm += wanted.type.dtype == .int64 ? 1 : abs(a)
      }
      #expect(distance <= (wanted.type.dtype == .int64 ? 0.02 : 1e-4) * norm)
    }
    for threads in [2, 7] {
      let many = try HostRunning.host(graph, inputs, threads: threads)
      for (a, b) in zip(one, many) { #expect(HostRunning.isSame(a, b)) }
    }
  }

  @Test("a chain of large products stays as it is, and so does what reads a sum of its own rows")
  func refusals() throws {
    let chain = try Graph(
      parsing: """
        graph @main(%a: float64[2000, 2000], %b: float64[2000, 2000], %c: float64[2000, 2000]) {
          %0 = contract %a[i, j], %b[j, k] -> [i, k]
          %1 = contract %0[i, j], %c[j, k] -> [i, k]
          return %1
        }
        """)
    #expect(RowBlocks(chain) == nil)
  }

  @Test("rows that some need in blocks and others whole are in no group")
  func wholeAndBlocks() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float64[1000], %w: float64[1000, 1000], %i: float64[1000, 1000]) {
          %0 = reduce add %w axes [1]
          %1 = sqrt %0
          %2 = broadcast %1 to [1000, 1000] axes [0]
          %3 = multiply %2, %w
          %4 = broadcast %1 to [1000, 1000] axes [1]
          %5 = multiply %3, %4
          %6 = subtract %i, %5
          %7 = contract %6[i, j], %x[j] -> [i]
          return %7
        }
        """)
    var random = HostRandom(9)
    let inputs = try graph.parameters.map { try HostRunning.small($0.type, &random) }
    for buffer in inputs {
      let elements = buffer.base.assumingMemoryBound(to: Double.self)
      for i in 0..<buffer.count { elements[i] = abs(elements[i]) + 0.5 }
    }
    let expected = try HostRunning.reference(graph, inputs)
    let result = try HostRunning.host(graph, inputs, threads: 2)
    for i in stride(from: 0, to: 1000, by: 37) {
      let (a, b) = (expected[0].scalar(at: i).doubleValue, result[0].scalar(at: i).doubleValue)
      #expect(abs(a - b) <= 1e-9 * max(1, abs(a)))
    }
  }
}
