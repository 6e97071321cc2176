import Testing
import Weft
import WeftChunked
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines

/// Results given to sinks chunk by chunk: each box once, within the memory limit, and what a sink has
/// already is not computed.
@Suite("chunks for sinks")
struct ChunkedSinkTests {
  /// Keeps what it is given, by box.
  final class Boxes: RegionSink {
    let chunks: [ChunkGrid.Cut]?
    let taken = Lock<[Region: [Double]]>([:])
    let count = Lock(0)
    private let known: Set<Region>
    private let fails: (@Sendable (Region) -> (any Error)?)?

    init(
      _ chunks: [ChunkGrid.Cut]? = nil, known: Set<Region> = [],
      fails: (@Sendable (Region) -> (any Error)?)? = nil
    ) {
      self.chunks = chunks
      self.known = known
      self.fails = fails
    }

    func has(_ region: Region) -> Bool { known.contains(region) }

    func write(_ region: Region, from base: UnsafeRawPointer) throws {
      if let error = fails?(region) { throw error }
      let elements = base.assumingMemoryBound(to: Double.self)
      let values = (0..<region.count).map { elements[$0] }
      count.withLock { $0 += 1 }
      taken.withLock { $0[region] = values }
    }

    /// The elements as one array.
    func elements(_ extents: [Int]) -> [UInt64] {
      var all = Array(repeating: Double.nan, count: extents.reduce(1, *))
      for (box, values) in taken.withLock({ $0 }) {
        all.withUnsafeMutableBytes { target in
          values.withUnsafeBytes { source in
            guard let from = source.baseAddress, let to = target.baseAddress else { return }
            RegionCopy.copy(from, box, to: to, Region(whole: extents), itemSize: 8)
          }
        }
      }
      return all.map(\.bitPattern)
    }
  }

  private static func session(
    _ chunking: Chunking, threads: Int = 2, limit: Int? = nil, isAutomatic: Bool = false
  ) -> Session {
    let reference = ReferenceExecutor(routines: Routines.table)
    let host = HostExecutor(fallback: reference)
    let chunked = ChunkedExecutor(tiles: host, chunking: chunking)
    var session = Session(
      executors: isAutomatic ? [host, chunked] : [chunked, host, reference],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)), environment: Environment())
    if !isAutomatic { session.executor = .chunked }
    if let limit { session.memory = MemoryAccount(limit: limit) }
    return session
  }

  private static func bits(_ x: NDArray) throws -> [UInt64] {
    let values: [Double] = try x.toArray()
    return values.map(\.bitPattern)
  }

  /// Numbers without a pattern, made where they are read.
  private struct Noise: RegionSource {
    let type: TensorType
    init(_ extents: [Int]) { type = TensorType(.float64, Shape(extents)) }

    func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
      let extents = type.shape.codes
      let target = base.assumingMemoryBound(to: Double.self)
      var place = 0
      RegionCopy.forEachRun(of: region, in: extents) { start, count in
        for i in start..<start + count {
          target[place] = Double(UInt64(i) &* 0x9E37_79B9_7F4A_7C15 >> 40)
          place += 1
        }
      }
    }
  }

  private static let programs: [(name: String, body: @Sendable (NDArray) -> NDArray)] = [
    ("itself", { $0 }),
    ("elementwise", { exp($0 / 1e8) + 1 }),
    ("rows", { $0 - $0.mean(axis: 1, keepAxes: true) }),
    ("columns", { $0.sum(axis: 0) }),
    ("total", { $0.sum() }),
    ("running", { cumsum($0, axis: 0) }),
    ("turned", { $0.T + 1 }),
    ("product", { $0.T.dot($0) }),
  ]

  @Test("each box is given once, with the bits of a run in memory, on any number of threads")
  func values() throws {
    for program in Self.programs {
      for chunking in [Chunking.extent(7), .automatic] {
        for threads in [1, 2, 7] {
          let session = Self.session(chunking, threads: threads)
          try session.with { () throws in
            let x = NDArray(Noise([61, 37]))
            let result = program.body(x)
            let sink = Boxes()
            try session.write([result.expr], to: [sink])
            let expected = try Self.bits(program.body(NDArray(Noise([61, 37]))))
            let found = sink.elements(result.shape.compactMap(\.self))
            #expect(found == expected, "\(program.name) on \(threads) threads")
            #expect(sink.count.withLock { $0 } == sink.taken.withLock { $0.count })
          }
        }
      }
    }
  }

  @Test("boxes are whole chunks of the sink's grid, even where memory is cut finer")
  func grids() throws {
    let cuts: [ChunkGrid.Cut] = [.uniform(20), .pieces([30, 7])]
    let grid = ChunkGrid([61, 37], cuts: cuts)
    for chunking in [Chunking.extent(7), .automatic, .bytes(1024)] {
      let session = Self.session(chunking)
      try session.with { () throws in
        let x = NDArray(Noise([61, 37]))
        let sink = Boxes(cuts)
        try session.write([(x * 2).expr], to: [sink])
        #expect(
          Set(sink.taken.withLock { $0.keys }) == Set((0..<grid.count).map { grid.region(of: $0) }))
        #expect(sink.elements([61, 37]) == (try Self.bits(x * 2)))
        let wrong = Boxes([.uniform(20)])
        #expect(throws: WeftError.self) { try session.write([(x * 2).expr], to: [wrong]) }
        let short = Boxes([.uniform(20), .pieces([30, 6])])
        #expect(throws: WeftError.self) { try session.write([(x * 2).expr], to: [short]) }
      }
    }
  }

  @Test("a result larger than the memory limit is written within it")
  func limits() throws {
    for isAutomatic in [false, true] {
      let session = Self.session(.automatic, limit: 1 << 20, isAutomatic: isAutomatic)
      try session.with { () throws in
        let x = NDArray(Noise([4000, 300]))
        let sink = Boxes()
        let result = x * 2 - x.mean(axis: 0)
        try session.write([result.expr], to: [sink])
        #expect(session.memory.peakBytes <= 1 << 20)
        #expect(session.runtime.counters["chunkBytesWritten"] == 8 * 4000 * 300)
        #expect(sink.taken.withLock { $0.values.reduce(0) { $0 + $1.count } } == 4000 * 300)
      }
    }
  }

  @Test("what a sink has is not computed, nor what only that needs")
  func resuming() throws {
    let cuts: [ChunkGrid.Cut] = [.uniform(10), .uniform(37)]
    let grid = ChunkGrid([60, 37], cuts: cuts)
    let known = Set([0, 2, 3, 5].map { grid.region(of: $0) })
    for threads in [1, 3] {
      let session = Self.session(.automatic, threads: threads)
      try session.with { () throws in
        let x = NDArray(Noise([60, 37]))
        let sink = Boxes(cuts, known: known)
        try session.write([(x + 1).expr], to: [sink])
        #expect(
          Set(sink.taken.withLock { $0.keys }) == Set([1, 4].map { grid.region(of: $0) }))
        #expect(session.runtime.counters["chunkTasks"] == 2)
        #expect(session.runtime.counters["chunkTasksSkipped"] == 4)
        // Nothing is left to do: not even the mean is.
        let all = Boxes(cuts, known: Set((0..<grid.count).map { grid.region(of: $0) }))
        try session.write([(x - x.mean()).expr], to: [all])
        #expect(all.count.withLock { $0 } == 0)
        #expect(session.runtime.counters["chunkTasks"] == 2)
      }
    }
  }

  @Test("several results go to several sinks, one result to two")
  func several() throws {
    let session = Self.session(.extent(9))
    try session.with { () throws in
      let x = NDArray(Noise([61, 37]))
      let (a, b) = (x + 1, x.sum(axis: 0))
      let sinks = [Boxes(), Boxes(), Boxes([.uniform(20), .uniform(37)]), Boxes()]
      let known = try ones([3]).compute()
      let extra = Boxes()
      try session.write(
        [a.expr, b.expr, a.expr, a.expr, known.expr], to: sinks + [extra])
      for n in [0, 2, 3] { #expect(sinks[n].elements([61, 37]) == (try Self.bits(a))) }
      #expect(sinks[1].elements([37]) == (try Self.bits(b)))
      #expect(extra.elements([3]) == (try Self.bits(known)))
    }
  }

  private struct Refusal: Error {}

  @Test("what a sink throws ends the run, with the box; earlier boxes stay with the sink")
  func failures() throws {
    let session = Self.session(.extent(5), threads: 1)
    session.with {
      let sink = Boxes(fails: { $0.ranges[0].lowerBound >= 30 ? Refusal() : nil })
      do throws(WeftError) {
        try session.write([(NDArray(Noise([61, 37])) + 1).expr], to: [sink])
        Issue.record("no error")
      } catch {
        #expect(error.code == .file)
        #expect(error.message.contains("[30:"))
      }
      #expect(sink.count.withLock { $0 } > 0)
      #expect(session.memory.liveBytes == 0)
    }
  }

  @Test("who has a run's answer, or its error, alone has its sinks, however many threads it had")
  func letsGo() throws {
    let session = Self.session(.extent(5), threads: 4)
    try session.with { () throws in
      for round in 0..<200 {
        weak var gone: Boxes?
        do {
          let sink = Boxes(fails: {
            round % 2 == 0 && $0.ranges[0].lowerBound >= 5 ? Refusal() : nil
          })
          gone = sink
          let result = Result {
            try session.write([(NDArray(Noise([11, 37])) + 1).expr], to: [sink])
          }
          #expect((try? result.get()) == nil || round % 2 == 1)
        }
        #expect(gone == nil && session.memory.liveBytes == 0, "round \(round)")
      }
    }
  }

  @Test("other executors give what they computed in the boxes that the sink wants")
  func whole() throws {
    let session = Self.session(.automatic)
    try session.with { () throws in
      let x = NDArray(Noise([61, 37]))
      let cuts: [ChunkGrid.Cut] = [.uniform(20), .uniform(9)]
      let sink = Boxes(cuts, known: [Region([0..<20, 0..<9])])
      try session.write([(x + 1).expr], to: [sink], on: .reference)
      #expect(sink.count.withLock { $0 } == ChunkGrid([61, 37], cuts: cuts).count - 1)
    }
  }
}
