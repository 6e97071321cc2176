import Testing
import Weft
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines

@testable import WeftChunked

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Chunks that memory has no room for wait on disk: the same bits, within the limit.
@Suite("chunks on disk")
struct ChunkedSpillTests {
  private static func session(
    limit: Int? = nil, threads: Int = 2, chunkBytes: Int = 1000,
    folder: SpillFolder = SpillFolder()
  ) -> Session {
    let host = HostExecutor(fallback: ReferenceExecutor(routines: Routines.table))
    var session = Session(
      executors: [
        ChunkedExecutor(tiles: host, chunking: .bytes(chunkBytes), spillFolder: folder), host,
      ],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)), environment: Environment())
    session.executor = .chunked
    if let limit { session.memory = MemoryAccount(limit: limit) }
    return session
  }

  /// Programs that store more than they give.
  private static let programs: [(name: String, body: @Sendable (NDArray, NDArray) -> NDArray)] = [
    ("chain", { x, y in x.dot(y).dot(x).dot(y).sum(axis: 0) }),
    (
      "running",
      { x, _ in
        let running = cumsum(x.rechunked([10, -1]), axis: 0)
        return (running - running.mean(axis: 0)).max(axis: 0)
      }
    ),
    ("turned", { x, y in (x.dot(y) + x.dot(y).T).rechunked([40, 4]).sum(axis: 1) }),
    (
      "reversed",
      { x, y in
        let product = x.dot(y)
        return (product - flip(product, axis: 0)).max(axis: 1)
      }
    ),
  ]

  private static func inputs() throws -> (NDArray, NDArray) {
    (
      try (random.uniform([80, 60], key: 1) - 0.5).compute(on: .reference),
      try (random.uniform([60, 80], key: 2) - 0.5).compute(on: .reference)
    )
  }

  private static func bits(_ x: NDArray) throws -> [UInt64] {
    let values: [Double] = try x.toArray()
    return values.map(\.bitPattern)
  }

  /// What a program takes where nothing limits it.
  private static func peak(_ body: (NDArray, NDArray) -> NDArray) throws -> Int {
    let (x, y) = try inputs()
    let free = session()
    return try free.with { () throws in
      try free.preparation(of: [body(x, y).expr]).executable.peakBytes
    }
  }

  @Test("what is on disk in between gives the same bits, and the limit is never passed")
  func bits() throws {
    let (x, y) = try Self.inputs()
    for program in Self.programs {
      let free = Self.session()
      let expected = try free.with { () throws in try Self.bits(program.body(x, y)) }
      let peak = try Self.peak(program.body)
      #expect(free.runtime.counters["chunkBytesSpilled"] == 0)
      var hasSpilled = false
      for part in [2, 4] {
        for threads in [1, 3] {
          let limit = peak / part
          let session = Self.session(limit: limit, threads: threads)
          do {
            let result = try session.with { () throws in try program.body(x, y).compute() }
            #expect(session.memory.peakBytes <= limit, "\(program.name) in \(limit) bytes")
            #expect(try Self.bits(result) == expected, "\(program.name) in \(limit) bytes")
            let spilled = session.runtime.counters["chunkBytesSpilled"]
            if spilled > 0 {
              hasSpilled = true
              #expect(session.runtime.counters.events.contains { $0.kind == "spill" })
            }
          } catch let error as WeftError {
            #expect(error.code == .outOfMemory)
            #expect(session.memory.allocatedBytes == 0, "\(program.name) in \(limit) bytes")
          }
        }
      }
      #expect(hasSpilled, "\(program.name)")
    }
  }

  @Test("the plan says what will wait on disk, and how much memory is left to need")
  func forecast() throws {
    let (x, y) = try Self.inputs()
    let program = Self.programs[0].body
    let limit = try Self.peak(program) / 2
    let session = Self.session(limit: limit, threads: 1)
    try session.with { () throws in
      #expect(try program(x, y).explain().contains("spill: "))
      let peak = try session.preparation(of: [program(x, y).expr]).executable.peakBytes
      #expect(peak <= limit)
      _ = try program(x, y).compute()
      #expect(session.memory.peakBytes <= peak)
    }
  }

  @Test("a disk without room is an error with the array, the bytes and the folder")
  func full() throws {
    let (x, y) = try Self.inputs()
    let full = SpillFolder("/full") { () throws(WeftError) in
      open("/dev/full", O_RDWR | O_CLOEXEC)
    }
    let missing = SpillFolder("/no/such/folder")
    for folder in [full, missing] {
      let session = Self.session(
        limit: try Self.peak(Self.programs[0].body) / 2, threads: 1, folder: folder)
      let before = session.memory.liveBytes
      session.with {
        do throws(WeftError) {
          _ = try Self.programs[0].body(x, y).compute()
          Issue.record("no error")
        } catch {
          #expect(error.code == .file)
          #expect(error.message.contains(folder.path))
          #expect(error.hint?.contains("WEFT_SPILL") == true)
        }
        #expect(session.memory.liveBytes == before)
      }
    }
  }

  @Test("places on disk are used again")
  func places() throws {
    let file = SpillFile(in: SpillFolder())
    let account = MemoryAccount()
    let box = Region([0..<4])
    let buffers = try (0..<3).map { n in
      let buffer = try Buffer(allocating: TensorType(.int64, Shape([4])), in: account)
      for i in 0..<4 {
        (buffer.base + 8 * i).storeBytes(of: Int64(n * 10 + i), as: Int64.self)
      }
      return buffer
    }
    let first = try file.write(buffers[0], "a", box)
    let second = try file.write(buffers[1], "a", box)
    #expect(first != second)
    file.release(first, 32)
    #expect(try file.write(buffers[2], "a", box) == first)
    var found = [Int64](repeating: 0, count: 2)
    try found.withUnsafeMutableBytes { bytes in
      try file.read(second + 8, 16, to: try #require(bytes.baseAddress))
    }
    #expect(found == [11, 12])
  }
}
