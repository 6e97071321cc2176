import Testing
import Weft
import WeftChunked
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines

/// Folds over one array read it once where none needs another's result; variances are joined from parts.
@Suite("chunks folded in one reading")
struct ChunkedFoldTests {
  private static func session(_ chunking: Chunking = .automatic, threads: Int = 2) -> Session {
    let reference = ReferenceExecutor(routines: Routines.table)
    let host = HostExecutor(fallback: reference)
    var session = Session(
      executors: [ChunkedExecutor(tiles: host, chunking: chunking), host, reference],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)), environment: Environment())
    session.executor = .chunked
    return session
  }

  /// A table that notes how often each row is read.
  private final class Table: RegionSource {
    let type: TensorType
    let chunks: [ChunkGrid.Cut]? = [.uniform(10), .uniform(13)]
    private let values: [Double]
    private let reads: Lock<[Int]>

    init(_ values: [Double], columns: Int = 13) {
      self.values = values
      type = TensorType(.float64, Shape([values.count / columns, columns]))
      reads = Lock(Array(repeating: 0, count: values.count / columns))
    }

    func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
      reads.withLock { for row in region.ranges[0] { $0[row] += 1 } }
      let target = base.assumingMemoryBound(to: Double.self)
      var place = 0
      RegionCopy.forEachRun(of: region, in: type.shape.codes) { start, count in
        for i in start..<start + count {
          target[place] = values[i]
          place += 1
        }
      }
    }

    /// How often rows were read, if all were as often.
    var readings: Int? {
      reads.withLock { reads in reads.allSatisfy { $0 == reads[0] } ? reads[0] : nil }
    }
  }

  private static func values(_ count: Int, offset: Double = 0) -> [Double] {
    (0..<count).map { i -> Double in
      let bits = UInt64(i) &* 0x9E37_79B9_7F4A_7C15 >> 11
      return offset + Double(bits) / 0x1p53 - 0.5
    }
  }

  private static let programs:
    [(name: String, readings: Int, body: @Sendable (NDArray) -> [NDArray])] = [
      ("variance", 1, { [$0.var()] }),
      ("deviation along rows", 1, { [$0.std(axis: 0)] }),
      ("deviation and mean", 1, { [$0.std(axis: 0, correction: 1) + $0.mean(axis: 0)] }),
      ("kept axes", 1, { [$0.std(axis: 0, keepAxes: true)] }),
      ("centred", 1, { [($0 - $0.mean(axis: 0)).std()] }),
      ("centred, along the same axis", 1, { [($0 - $0.mean(axis: 0)).var(axis: 0)] }),
      (
        "squares of centred", 1,
        { x in
          let y = x - x.mean(axis: 0, keepAxes: true)
          return [(y * y).sum()]
        }
      ),
      ("centred along another axis", 2, { [($0 - $0.mean(axis: 0)).var(axis: 1)] }),
      (
        "centred, and its mean", 2,
        { x in
          let y = x - x.mean(axis: 0)
          return [y.std() + y.mean()]
        }
      ),
      ("three folds", 1, { [$0.sum() + $0.max() - $0.min()] }),
      (
        "folds of several kinds", 1,
        { x in
          [
            x.sum(axis: 0), x.max(), x.argmax(axis: 0).asType(.float64), exp(x).sum(),
            x.mean(axis: 1),
          ]
        }
      ),
      ("covariance", 1, { [$0.T.dot($0), $0.mean(axis: 0)] }),
      ("scaled", 2, { [($0 - $0.mean(axis: 0)) / $0.std(axis: 0)] }),
    ]

  @Test("each array is read once for each level of folds that need others")
  func readings() throws {
    for program in Self.programs {
      for threads in [1, 3] {
        let table = Table(Self.values(97 * 13))
        let session = Self.session(threads: threads)
        try session.with { () throws in
          let outputs = program.body(NDArray(table))
          let found = try session.evaluate(outputs.map(\.expr))
          #expect(table.readings == program.readings, "\(program.name)")
          for (output, buffer) in zip(program.body(NDArray(table)), found) {
            let expected: [Double] = try output.compute(on: .reference).toArray()
            let values: [Double] = try NDArray(buffer).toArray()
            #expect(values.count == expected.count)
            let error = zip(values, expected).reduce(0.0) {
              max($0, Swift.abs($1.0 - $1.1) / (1 + Swift.abs($1.1)))
            }
            #expect(error < 1e-13, "\(program.name)")
          }
        }
      }
    }
  }

  @Test("any number of threads gives the same bits")
  func threads() throws {
    for program in Self.programs {
      var first: [[UInt64]]?
      for threads in [1, 2, 7] {
        let session = Self.session(.extent(7), threads: threads)
        let found = try session.with { () throws in
          try session.evaluate(program.body(NDArray(Table(Self.values(97 * 13)))).map(\.expr))
            .map { buffer in
              let values: [Double] = try NDArray(buffer).toArray()
              return values.map(\.bitPattern)
            }
        }
        #expect(first == nil || first == found, "\(program.name) on \(threads) threads")
        first = first ?? found
      }
    }
  }

  @Test(
    "a variance about a large mean is as accurate as in two readings", arguments: [0.0, 1e6, 1e9])
  func accuracy(offset: Double) throws {
    let values = Self.values(97 * 13, offset: offset)
    // Differences from the first element are exact or nearly so.
    let shifted = values.map { $0 - values[0] }
    let mean = shifted.reduce(0, +) / Double(values.count)
    let exact = shifted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    for chunking in [Chunking.automatic, .extent(1), .extent(5)] {
      let found: Double = try Self.session(chunking).with { () throws in
        try NDArray(Table(values)).var().item()
      }
      #expect(Swift.abs(found - exact) <= 1e-13 * exact, "\(chunking)")
    }
  }

  @Test("axes of one class but other extents have tiles of their own")
  func extents() throws {
    let values = Self.values(97 * 13)
    let session = Self.session(.extent(9))
    try session.with { () throws in
      let x = NDArray(Table(values))
      let outputs = [concatenate([x, x], axis: 0), tanh(x), x.sum(axis: 0)]
      let found = try session.evaluate(outputs.map(\.expr))
      for (output, buffer) in zip(outputs, found) {
        let expected: [Double] = try output.compute(on: .reference).toArray()
        let values: [Double] = try NDArray(buffer).toArray()
        #expect(zip(values, expected).allSatisfy { Swift.abs($0 - $1) <= 1e-13 })
      }
    }
  }

  @Test("infinities and NaN in a part are those of the whole")
  func specials() throws {
    for special in [Double.infinity, -.infinity, .nan] {
      var values = Self.values(97 * 13)
      values[500] = special
      let table = Table(values)
      try Self.session(.extent(9)).with { () throws in
        let total: Double = try NDArray(table).var().item()
        #expect(total.isNaN)
        let columns: [Double] = try NDArray(table).var(axis: 0).toArray()
        #expect(columns.indices.allSatisfy { columns[$0].isNaN == ($0 == 500 % 13) })
      }
    }
  }
}
