import Testing
import Weft
import WeftChunked
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines
import WeftSparse

/// Sparse arrays cut into boxes: tiles over their entries, or one run and an event that says so.
@Suite("sparse arrays in chunks")
struct ChunkedSparseTests {
  private static func session(_ chunking: Chunking, limit: ByteCount? = nil) -> Session {
    let reference = ReferenceExecutor(routines: Routines.table)
    let host = HostExecutor(fallback: reference)
    let sparse = SparseExecutor(dense: host)
    let session = Session(
      executors: [
        ChunkedExecutor(tiles: host, sparseTiles: sparse, chunking: chunking), sparse, host,
        reference,
      ],
      runtime: Runtime(scheduler: HostScheduler(threadCount: 2)), environment: Environment())
    return session.with(executor: .chunked, memoryLimit: limit)
  }

  private static func matrix(_ rows: Int, _ columns: Int, seed: UInt64 = 1) throws -> NDArray {
    let numbers = floor(random.uniform([rows, columns], key: seed) * 9) - 4
    let isThere = less(random.uniform([rows, columns], key: seed + 50), 0.3)
    let isRow = notEqual(remainder(arange(rows), 3), 1).reshaped([-1, 1])
    return try which(isThere .& isRow, numbers, zeros(like: numbers)).compute()
  }

  @Test(
    "products, elementwise functions and folds run tile by tile",
    arguments: [SparseFormat.csr, .csc, .coordinates],
    [Chunking.extent(2), .extent(5), .seeded(7), .seeded(21)])
  func tiles(format: SparseFormat, chunking: Chunking) throws {
    let a = try Self.matrix(11, 9)
    let s = try a.asSparse(format).compute()
    let x = try Self.matrix(9, 4, seed: 2)
    let d = try Self.matrix(11, 9, seed: 3)
    let programs: [(NDArray) -> NDArray] = [
      { matmul($0, x) }, { matmul($0, x[.all, 1]) }, { matmul(x.T, $0.T) }, { $0.sum(axis: 0) },
      { $0.sum(axis: 1) }, { $0.sum() }, { $0.max(axis: 1) }, { ($0 * 3 + $0 * $0).sum(axis: 0) },
      { ($0 * d).sum(axis: 1) }, { $0 + d }, { matmul(exp($0) - 1, x).sum(axis: 0) },
      { ($0 - 1).min(axis: 0) },
    ]
    for (n, program) in programs.enumerated() {
      let want: [Double] = try program(a).compute(on: .reference).toArray()
      let session = Self.session(chunking)
      let got: [Double] = try session.with { () throws in try program(s).compute().toArray() }
      let isNear = zip(got, want).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }
      #expect(got.count == want.count && isNear, "program \(n): \(got) for \(want)")
      let counters = session.runtime.counters
      #expect(counters["fallbacks"] == 0, "program \(n): \(counters.events.map(\.message))")
      #expect(counters["chunkTasks"] > 1, "program \(n)")
    }
  }

  @Test("what is not cut runs whole, and an event says so")
  func whole() throws {
    let a = try Self.matrix(11, 9)
    let programs: [(SparseFormat, (NDArray) -> NDArray)] = [
      (.csr, { $0 * 2 }), (.csr, { matmul($0, $0.T) }), (.fibres, { $0.sum(axis: 0) }),
    ]
    for (n, (format, program)) in programs.enumerated() {
      let s = try a.asSparse(format).compute()
      let want: [Double] = try program(a).compute(on: .reference).toArray()
      let session = Self.session(.extent(2))
      let got: [Double] = try session.with { () throws in try program(s).compute().toArray() }
      #expect(got == want, "program \(n)")
      let counters = session.runtime.counters
      #expect(counters["fallbacks"] > 0, "program \(n)")
      #expect(counters.events.contains { $0.kind == "fallback" && $0.message.contains("sparse") })
      var strict = Self.session(.extent(3))
      strict.fallback = .error
      strict.with {
        do throws(WeftError) {
          _ = try program(s).compute()
          Issue.record("program \(n) threw nothing")
        } catch {
          #expect(error.code == .unsupported, "program \(n)")
        }
      }
    }
  }

  @Test("a product that is larger than memory is folded within the limit")
  func limit() throws {
    let n = 20_000
    let rows = remainder(arange(3 * n) * 7, NDArray(scalar: n))
    let columns = remainder(arange(3 * n) * 11 + 5, NDArray(scalar: n))
    let s = try NDArray(
      coordinates: [rows, columns], values: ones([3 * n]), shape: [n, n], format: .csr
    ).compute()
    let x = try (arange(n * 8).reshaped([n, 8]) * 0.001).compute()
    let program = { matmul(s, x * 2 + 1).max(axis: 0) }
    let want: [Double] = try program().compute(on: "sparse").toArray()
    let session = Self.session(.automatic, limit: .bytes(s.expr.type.shape.codes[0] * 8 * 8))
    let got: [Double] = try session.with { () throws in try program().compute().toArray() }
    #expect(zip(got, want).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) })
    #expect(session.memory.peakBytes <= n * 64)
    #expect(session.runtime.counters["fallbacks"] == 0)
  }

  @Test("boxes have the entries of the whole", arguments: [SparseFormat.csr, .csc, .coordinates])
  func boxes(format: SparseFormat) throws {
    let a = try Self.matrix(12, 10)
    let buffer = try a.asSparse(format).compute().buffer()
    let elements = try #require(buffer.sparse)
    for (rows, columns) in [(0..<12, 0..<10), (3..<7, 0..<10), (0..<12, 4..<9), (5..<5, 1..<2)] {
      let part = try elements.part(Region([rows, columns]), in: MemoryAccount())
      let got: [Double] = try NDArray(Buffer(part, in: MemoryAccount())).asDense().toArray()
      let want: [Double] = try a[rows, columns].toArray()
      #expect(got == want, "\(rows), \(columns)")
    }
  }
}
