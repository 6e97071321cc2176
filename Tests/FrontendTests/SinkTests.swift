import Foundation
import Testing
import WeftExecution
import WeftIR

@testable import Weft

@Suite("results written chunk by chunk")
struct SinkTests: FileTesting {
  static let everyCompression: [ChunkCompression] =
    [.none, .gzip(), .zlib(level: 9), .zstd(level: 3)]
    + (OpenedLibraries.hasBlosc
      ? ChunkCompression.Blosc.Shuffle.allCases.map {
        .blosc(.init(compressor: .zstd, level: 3, shuffle: $0))
      } : [])

  private func isSame(_ path: String, as expected: NDArray) throws -> Bool {
    let found = try NDArray(contentsOf: path)
    guard found.dtype == expected.dtype, found.shape == expected.shape else { return false }
    return try (found .== expected).all().item()
  }

  @Test("every dtype comes back from both versions", arguments: DType.allCases)
  func dtypes(_ dtype: DType) throws {
    let scratch = ScratchFolder()
    let x = NDArray(try pattern(dtype, [5, 7]))
    for version in [2, 3] {
      let path = scratch.file("\(version).zarr")
      if version == 2, dtype == .bfloat16 {
        let error = failure { () throws(WeftError) in try x.save(to: path, zarrVersion: 2) }
        #expect(error?.code == .unsupported)
      } else {
        try x.save(to: path, chunks: [2, 3], zarrVersion: version)
        #expect(try isSame(path, as: x))
      }
    }
    try x.save(to: scratch.file("x.npy"), chunks: [2, 3])
    #expect(try isSame(scratch.file("x.npy"), as: x))
    #expect(scratch.names.allSatisfy { !$0.contains("partial") })
  }

  @Test("every compression comes back", arguments: everyCompression)
  func compressions(_ compression: ChunkCompression) throws {
    let scratch = ScratchFolder()
    let x = arange(1000).reshaped([10, 100]) * 3
    for version in [2, 3] {
      if case .zlib = compression, version == 3 { continue }
      let path = scratch.file("\(version).zarr")
      try x.save(to: path, chunks: [4, 30], compression: compression, zarrVersion: version)
      #expect(try isSame(path, as: x))
    }
    #expect(ChunkCompression(compression.description) == compression)
  }

  @Test("arrays without axes, without elements, of one element; chunks beyond the array")
  func shapes() throws {
    let scratch = ScratchFolder()
    for (n, x) in [full([], 7), zeros([0, 3]), ones([1]), arange(24).reshaped([2, 3, 4])]
      .enumerated()
    {
      for version in [2, 3] {
        let path = scratch.file("\(n)-\(version).zarr")
        try x.save(to: path, chunks: x.shape.map { _ in 100 }, zarrVersion: version)
        #expect(try isSame(path, as: x))
      }
      try x.save(to: scratch.file("\(n).npy"), chunks: x.shape.map { _ in 2 })
      #expect(try isSame(scratch.file("\(n).npy"), as: x))
    }
  }

  @Test("a .npy file that was written box by box is the one that is written whole")
  func sameBytes() throws {
    let scratch = ScratchFolder()
    let x = arange(60).reshaped([3, 4, 5]) * 0.5
    try x.save(to: scratch.file("whole.npy"))
    try x.save(to: scratch.file("boxes.npy"), chunks: [2, 3, 2])
    #expect(
      try bytes(ofFile: scratch.file("whole.npy")) == bytes(ofFile: scratch.file("boxes.npy")))
  }

  @Test("a .npy file in chunks larger than the memory limit is written in boxes that fit")
  func largeChunks() throws {
    let scratch = ScratchFolder()
    let x = arange(1 << 17).reshaped([256, 512]).asType(.float64)
    let specs: [[ChunkSpec]] = [[-1, -1], [200, -1], [.pieces([250, 6]), 300]]
    for (n, chunks) in specs.enumerated() {
      let path = scratch.file("\(n).npy")
      try Session.current.with(executor: .chunked, memoryLimit: .kibibytes(512)) {
        try (x + 1).save(to: path, chunks: chunks)
      }
      #expect(try isSame(path, as: x + 1))
    }
  }

  @Test("what codecs need counts: within the limit on fewer threads, or an error")
  func scratchMemory() throws {
    let scratch = ScratchFolder()
    let path = scratch.file("x.zarr")
    try arange(1 << 17).reshaped([256, 512]).asType(.float64)
      .save(to: path, chunks: [32, -1], compression: .gzip())
    let x = try NDArray(contentsOf: path)
    let chunkBytes = 32 * 512 * 8
    let needed = try ZarrSource(path).readScratchBytes
    #expect(needed >= 2 * chunkBytes)
    let enough = Session.current.with(
      executor: .chunked, memoryLimit: .bytes(needed + 3 * chunkBytes))
    let total: Double = try enough.with { try x.sum().item() }
    #expect(total == Double((1 << 17) * ((1 << 17) - 1) / 2))
    #expect(enough.memory.peakBytes >= needed)
    let few = Session.current.with(executor: .chunked, memoryLimit: .bytes(needed))
    let error = failure { () throws(WeftError) in _ = try few.evaluate([x.sum().expr]) }
    #expect(error?.code == .outOfMemory && few.memory.allocatedBytes == 0, "\(error as Any)")
  }

  @Test("chunks are as rechunked says; pieces of several extents are an error of Zarr alone")
  func chunks() throws {
    let scratch = ScratchFolder()
    let x = ones([6, 4])
    try x.rechunked([4, 2]).save(to: scratch.file("x.zarr"))
    #expect(
      try ZarrSource(scratch.file("x.zarr")).chunks == [.uniform(4), .uniform(2)])
    let uneven = x.rechunked([.pieces([1, 3, 2]), -1])
    let error = failure { () throws(WeftError) in try uneven.save(to: scratch.file("y.zarr")) }
    #expect(error?.code == .value)
    try uneven.save(to: scratch.file("y.npy"), chunks: [.pieces([1, 3, 2]), -1])
    #expect(try isSame(scratch.file("y.npy"), as: x))
    let wrong = failure { () throws(WeftError) in
      try x.save(to: scratch.file("z.zarr"), chunks: [1])
    }
    #expect(wrong?.code == .value)
  }

  @Test("an array that was there is replaced; another folder and a file are not")
  func replacing() throws {
    let scratch = ScratchFolder()
    let path = scratch.file("x.zarr")
    try ones([4, 4]).save(to: path, chunks: [1, 1])
    try arange(3).save(to: path + "/", zarrVersion: 2)
    #expect(try isSame(path, as: arange(3)))
    #expect(scratch.names == ["x.zarr"])
    let other = scratch.file("mine.zarr")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    _ = try scratch.write([1], "mine.zarr/notes.txt")
    #expect(failure { () throws(WeftError) in try ones([2]).save(to: other) }?.code == .file)
    #expect(FileManager.default.fileExists(atPath: other + "/notes.txt"))
    _ = try scratch.write([1], "file.zarr")
    let file = scratch.file("file.zarr")
    #expect(failure { () throws(WeftError) in try ones([2]).save(to: file) }?.code == .file)
    #expect(
      failure { () throws(WeftError) in try ones([2]).save(to: "/no/such\0/x.zarr") } != nil)
  }

  @Test("options that a kind of file does not have are errors")
  func options() throws {
    let scratch = ScratchFolder()
    let x = ones([2, 2])
    func code(_ body: () throws(WeftError) -> Void) -> ErrorCode? { failure(body)?.code }
    let npy = scratch.file("x.npy")
    let zarr = scratch.file("x.zarr")
    #expect(code { () throws(WeftError) in try x.save(to: npy, compression: .zstd()) } == .argument)
    #expect(code { () throws(WeftError) in try x.save(to: npy, zarrVersion: 2) } == .argument)
    #expect(
      code { () throws(WeftError) in try x.save(to: scratch.file("x.png"), chunks: [1, 1]) }
        == .argument)
    #expect(code { () throws(WeftError) in try x.save(to: zarr, zarrVersion: 4) } == .argument)
    #expect(
      code { () throws(WeftError) in try x.save(to: zarr, compression: .zlib()) } == .argument)
    #expect(
      code { () throws(WeftError) in try x.save(to: zarr, compression: .gzip(level: 10)) }
        == .argument)
    #expect(code { () throws(WeftError) in try (x + ones([3])).save(to: zarr) } == .broadcast)
    #expect(scratch.names.isEmpty)
  }

  @Test("extents that only the data tell, and sparse arrays")
  func computedFirst() throws {
    let scratch = ScratchFolder()
    let x = arange(10)
    try x[x % 3 .== 0].save(to: scratch.file("x.zarr"))
    #expect(try isSame(scratch.file("x.zarr"), as: [0, 3, 6, 9]))
    try eye(3).asSparse().save(to: scratch.file("s.zarr"))
    #expect(try isSame(scratch.file("s.zarr"), as: eye(3)))
  }
}
