import Dispatch
import Foundation
import Testing
import WeftExecution
import WeftIR

@testable import Weft

/// Runs that stop, and those that go on.
@Suite("results of interrupted runs")
struct ResumeTests: FileTesting {
  /// The sinks of both kinds, as `save` makes them.
  enum Kind: CaseIterable {
    case npy, zarr2, zarr3

    var name: String { self == .npy ? "x.npy" : "x.zarr" }
  }

  private static let extents = [7, 10]
  private static let cuts: [ChunkGrid.Cut] = [.uniform(3), .uniform(4)]
  private static let grid = ChunkGrid(extents, cuts: cuts)
  private static let type = TensorType(.int32, Shape(extents))

  /// A sink with what is done to it at the end.
  private struct Open {
    let sink: any RegionSink
    let resumed: Int
    let replaces: Bool
    let finish: () throws -> Void
    let abandon: () -> Void
  }

  private func open(
    _ kind: Kind, _ folder: ScratchFolder, _ fingerprint: String? = "program"
  ) throws -> Open {
    let path = folder.file(kind.name)
    if kind == .npy {
      let sink = try NPYSink(path, type: Self.type, chunks: Self.cuts, fingerprint: fingerprint)
      return Open(
        sink: sink, resumed: sink.resumedCount, replaces: sink.replacesOtherProgram,
        finish: { try sink.finish() }, abandon: { sink.abandon() })
    }
    let sink = try ZarrSink(
      path, type: Self.type, chunks: [3, 4], compression: .gzip(level: 1),
      version: kind == .zarr2 ? 2 : 3, fingerprint: fingerprint)
    return Open(
      sink: sink, resumed: sink.resumedCount, replaces: sink.replacesOtherProgram,
      finish: { try sink.finish() }, abandon: { sink.abandon() })
  }

  /// Writes some chunks of `arange(70)`, or of another array.
  private func write(_ chunks: some Sequence<Int>, to sink: any RegionSink, plus: Int32 = 0) throws
  {
    for chunk in chunks {
      let box = Self.grid.region(of: chunk)
      let elements = box.ranges[0].flatMap { i in
        box.ranges[1].map { j in Int32(i * 10 + j) + plus }
      }
      try elements.withUnsafeBytes { try sink.write(box, from: $0.baseAddress!) }
    }
  }

  private func isRight(_ kind: Kind, _ folder: ScratchFolder) throws -> Bool {
    let found: [Int32] = try NDArray(contentsOf: folder.file(kind.name)).toArray()
    return found == (0..<70).map { Int32($0) } && folder.names == [kind.name]
  }

  private func missing(_ sink: any RegionSink) -> [Int] {
    (0..<Self.grid.count).filter { !sink.has(Self.grid.region(of: $0)) }
  }

  @Test(
    "the same program goes on; nothing is there under the name until it is whole",
    arguments: Kind.allCases)
  func resume(_ kind: Kind) throws {
    let folder = ScratchFolder()
    do {
      let run = try open(kind, folder)
      #expect(run.resumed == 0 && !run.replaces)
      try write([0, 4, 8], to: run.sink)
    }
    #expect(!folder.names.contains(kind.name))
    #expect(
      failure { () throws(WeftError) in _ = try NDArray(contentsOf: folder.file(kind.name)) } != nil
    )
    #expect(
      kind == .npy
        || failure { () throws(WeftError) in
          _ = try NDArray(contentsOf: folder.file(kind.name) + ".partial")
        } != nil)
    let run = try open(kind, folder)
    #expect(run.resumed == 3)
    #expect(missing(run.sink) == [1, 2, 3, 5, 6, 7])
    #expect(throws: WeftError.self) { try run.finish() }
    try write(missing(run.sink), to: run.sink)
    try run.finish()
    #expect(try isRight(kind, folder))
  }

  @Test(
    "another program, another array and another cut start from nothing", arguments: Kind.allCases)
  func otherProgram(_ kind: Kind) throws {
    let folder = ScratchFolder()
    do { try write(0..<9, to: open(kind, folder, "other").sink, plus: 1) }
    let run = try open(kind, folder)
    #expect(run.resumed == 0 && run.replaces)
    #expect(missing(run.sink).count == 9)
    try write(0..<9, to: run.sink)
    try run.finish()
    #expect(try isRight(kind, folder))
  }

  @Test("what changed since, and lines that were torn, are written again", arguments: Kind.allCases)
  func torn(_ kind: Kind) throws {
    let folder = ScratchFolder()
    do { try write(0..<6, to: open(kind, folder).sink) }
    let path = folder.file(kind.name) + ".partial"
    let journal = kind == .npy ? path + ".journal" : path + "/.weft-journal"
    var text = try bytes(ofFile: journal)
    text.removeLast(5)
    try Data(text).write(to: URL(fileURLWithPath: journal))
    // An element of chunk 0 for `.npy`, the file of chunk 1 for Zarr.
    let damaged = kind == .npy ? path : kind == .zarr2 ? path + "/0.1" : path + "/c/0/1"
    var bytes = try bytes(ofFile: damaged)
    bytes[kind == .npy ? 128 : bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: damaged))
    if kind != .npy {
      try FileManager.default.removeItem(atPath: kind == .zarr2 ? path + "/0.2" : path + "/c/0/2")
    }
    let run = try open(kind, folder)
    #expect(missing(run.sink) == (kind == .npy ? [0, 5, 6, 7, 8] : [1, 2, 5, 6, 7, 8]))
    try write(missing(run.sink), to: run.sink)
    try run.finish()
    #expect(try isRight(kind, folder))
  }

  @Test("two runs do not write one result", arguments: Kind.allCases)
  func locked(_ kind: Kind) throws {
    let folder = ScratchFolder()
    let run = try open(kind, folder)
    let error = failure { () throws(WeftError) in
      do { _ = try open(kind, folder) } catch { throw error as! WeftError }
    }
    #expect(error?.code == .file && error?.message.contains("another run") == true)
    try write(0..<9, to: run.sink)
    try run.finish()
    #expect(try isRight(kind, folder))
  }

  @Test("without a fingerprint nothing is left, and nothing gone on with", arguments: Kind.allCases)
  func unknown(_ kind: Kind) throws {
    let folder = ScratchFolder()
    do {
      let run = try open(kind, folder, nil)
      try write(0..<3, to: run.sink)
      run.abandon()
    }
    #expect(folder.names.isEmpty)
    do { try write(0..<3, to: open(kind, folder, nil).sink) }
    let run = try open(kind, folder, nil)
    #expect(run.resumed == 0 && run.replaces)
    run.abandon()
  }

  @Test("threads write at once; a box of several chunks is several", arguments: Kind.allCases)
  func threads(_ kind: Kind) throws {
    let folder = ScratchFolder()
    let run = try open(kind, folder)
    let sink = run.sink
    let failures = Lock(0)
    DispatchQueue.concurrentPerform(iterations: 6) { chunk in
      do { try write([chunk], to: sink) } catch { failures.withLock { $0 += 1 } }
    }
    #expect(failures.withLock { $0 } == 0)
    let elements = (60..<70).map { Int32($0) }
    try elements.withUnsafeBytes {
      try sink.write(Region([6..<7, 0..<10]), from: $0.baseAddress!)
      #expect(throws: WeftError.self) {
        try sink.write(Region([0..<2, 0..<4]), from: [Int32](repeating: 0, count: 8))
      }
    }
    try run.finish()
    #expect(try isRight(kind, folder))
  }

  @Test("save goes on with a program over files, not when a file changed")
  func save() throws {
    let folder = ScratchFolder()
    let input = folder.file("in.zarr")
    try arange(100).reshaped([10, 10]).save(to: input, chunks: [2, 10])
    func program() throws -> NDArray { try NDArray(contentsOf: input) * 2 + 1 }
    let before = try #require(try Session.current.fingerprint(of: program().expr))
    #expect(try Session.current.fingerprint(of: program().expr) == before)
    #expect(try Session.current.fingerprint(of: (program() + 1).expr) != before)
    try arange(100).reshaped([10, 10]).save(to: input, chunks: [2, 10])
    #expect(try Session.current.fingerprint(of: program().expr) != before)
    let inMemory = NDArray([1.0, 2.0])
    #expect(
      try Session.current.fingerprint(of: (inMemory + 1).expr)
        == Session.current.fingerprint(of: (NDArray([1.0, 2.0]) + 1).expr))
    #expect(
      try Session.current.fingerprint(of: (inMemory + 1).expr)
        != Session.current.fingerprint(of: (NDArray([1.0, 2.5]) + 1).expr))
  }
}
