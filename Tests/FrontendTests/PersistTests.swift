import Testing
import WeftExecution
import WeftIR

@testable import Weft

/// Arrays that are computed once and kept in chunks.
@Suite("persist")
struct PersistTests {
  @Test("what is kept is what was computed, whatever is read of it", arguments: [false, true])
  func values(inFile: Bool) throws {
    let x = (arange(60).reshaped([6, 10]) * 3 % 17).rechunked([4, 3])
    var session = Session.standard
    session.executor = .chunked
    // Of 2000 bytes half is less than the array's 480, of 600 it is not.
    session.memory = MemoryAccount(limit: inFile ? 900 : 1 << 20)
    let kept = try Session.$scoped.withValue(inFile ? Session.standard : session) { () throws in
      inFile
        ? try Self.kept(x * 2, in: nil)
        : try (x * 2).persist()
    }
    #expect(kept.chunks == [[4, 2], [3, 3, 3, 1]])
    #expect(!kept.isComputed || kept.expr.buffer?.isHere == false)
    let expected = x * 2
    for executor in [ExecutorName.reference, .blas, .chunked] {
      func same(_ a: NDArray, _ b: NDArray) throws {
        let (left, right): ([Int64], [Int64]) = (
          try a.compute(on: executor).toArray(), try b.compute(on: .reference).toArray()
        )
        #expect(left == right, "\(executor)")
      }
      try same(kept + 0, expected)
      try same(kept[1..<5, 2..<9] + 1, expected[1..<5, 2..<9] + 1)
      try same(kept.rechunked([5, 4]).sum(axis: 1), expected.sum(axis: 1))
      try same(kept.T.dot(kept), expected.T.dot(expected))
      try same(kept.blocks[1, 2], expected[4..., 6..<9])
    }
  }

  /// An array kept in a file, or in an account's memory.
  private static func kept(_ array: NDArray, in memory: MemoryAccount?) throws -> NDArray {
    let chunks = try KeptChunks(array, in: memory, limit: nil)
    try Session.current.write([array.expr], to: [chunks])
    return NDArray(chunks)
  }

  @Test("several arrays are computed together; what is in memory stays")
  func together() throws {
    let known = try ones([3]).compute()
    let x = arange(6).rechunked(2)
    // A runtime of its own, as other tests compute at the same time.
    let session = Session(
      executors: Session.standard.executors,
      runtime: Runtime(scheduler: Session.standard.runtime.scheduler))
    let kept = try Session.$scoped.withValue(session) { try persist([x + 1, known, x * x]) }
    #expect(session.counters["computes"] == 1)
    #expect(kept[1] == known)
    let values: [Int64] = try (kept[0] * 100 + kept[2]).toArray()
    #expect(values == [100, 201, 304, 409, 516, 625])
  }

  @Test("arrays with extents that only data tell are computed, and mistakes are thrown")
  func others() throws {
    let x = arange(6)
    let odd: [Int64] = try x[x % 2 .== 1].persist().toArray()
    #expect(odd == [1, 3, 5])
    #expect(throws: WeftError.self) { try (x + zeros([4])).persist() }
  }

  @Test("within a memory limit chunks go to a file")
  func limited() throws {
    var session = Session.standard
    session.executor = .chunked
    session.memory = MemoryAccount(limit: 3 << 20)
    try session.with { () throws in
      let x = random.uniform([1 << 18], key: 4)
      let kept = try sqrt(x).persist()
      #expect(session.memory.liveBytes < 1 << 20)
      #expect(session.memory.peakBytes <= 3 << 20)
      let total: Double = try kept.sum().item()
      #expect(Swift.abs(total / Double(1 << 18) - 2.0 / 3) < 0.01)
    }
  }
}
