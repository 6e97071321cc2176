import Foundation
import Testing
import WeftExecution
import WeftIR

@testable import Weft

/// Files that are not what they were, or cannot be read or written. `scripts/test-resume.sh` has those that take a
/// process: kill -9, full disks.
@Suite("faults of files")
struct FileFaultTests: FileTesting {
  @Test("chunks that are cut, or that the system refuses, are named, whoever computes")
  func chunks() throws {
    let folder = ScratchFolder()
    let path = folder.file("x.zarr")
    for compression: ChunkCompression in [.none, .gzip()] {
      try arange(100).reshaped([10, 10]).save(to: path, chunks: [5, 5], compression: compression)
      let chunk = path + "/c/1/0"
      #expect(truncate(chunk, 10) == 0)
      for executor: ExecutorName in [.chunked, .blas] {
        let x = try NDArray(contentsOf: path)
        let error = failure { () throws(WeftError) in
          _ = try (x + 1).sum().compute(on: executor)
        }
        #expect(error?.code == .fileFormat, "\(error as Any)")
        #expect("\(error as Any)".contains("c/1/0"), "\(error as Any)")
        // What does not need it is there.
        let part: Int64 = try x[..<5].sum().compute(on: .chunked).item()
        #expect(part == 1225)
      }
      try FileManager.default.removeItem(atPath: chunk)
      try FileManager.default.createDirectory(atPath: chunk, withIntermediateDirectories: true)
      let error = failure { () throws(WeftError) in
        _ = try NDArray(contentsOf: path).sum().compute(on: .chunked)
      }
      #expect(error?.code == .file && "\(error as Any)".contains("c/1/0"))
    }
  }

  @Test("a full device, a folder that is not there, a result in the way")
  func writing() throws {
    let folder = ScratchFolder()
    if FileManager.default.fileExists(atPath: "/dev/full") {
      let error = failure { () throws(WeftError) in try ones([100_000]).save(to: "/dev/full") }
      #expect(error?.code == .file)
    }
    for name in ["none/x.npy", "x.npy/y.zarr"] {
      _ = try folder.write([1], "x.npy")
      let error = failure { () throws(WeftError) in
        try ones([4]).save(to: folder.file(name), chunks: [2])
      }
      #expect(error?.code == .file, "\(name)")
    }
    // A folder stands where a chunk of an interrupted run would go.
    let path = folder.file("z.zarr")
    try FileManager.default.createDirectory(
      atPath: path + ".partial/c/0", withIntermediateDirectories: true)
    let foreign = failure { () throws(WeftError) in try ones([4]).save(to: path, chunks: [2]) }
    #expect(foreign == nil || foreign?.code == .file)
  }

  @Test("what fails half way leaves no result, and goes on from there")
  func halfWay() throws {
    /// Rows of numbers; those from 6 on cannot be read at first.
    final class Failing: RegionSource {
      let type = TensorType(.float64, Shape([10, 4]))
      let identity: String? = "rows"
      let isBroken = Lock(true)
      let reads = Lock<Set<Int>>([])
      var chunks: [ChunkGrid.Cut]? { [.uniform(1), .uniform(4)] }

      func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
        var target = base
        for row in region.ranges[0] {
          if row >= 6, isBroken.withLock({ $0 }) {
            throw WeftError(.file, "read", "row \(row) is not there")
          }
          reads.withLock { _ = $0.insert(row) }
          for column in region.ranges[1] {
            target.storeBytes(of: Double(row * 4 + column), as: Double.self)
            target += 8
          }
        }
      }
    }
    for (name, isShared) in [
      ("x.zarr", false), ("x.npy", false), ("x.zarr", true), ("x.npy", true),
    ] {
      let folder = ScratchFolder()
      let source = Failing()
      let path = folder.file(name)
      func run() throws {
        try Session.current.with(executor: .chunked) {
          // What all chunks need, and chunks that sinks have must not make again.
          let x = NDArray(source)
          let first = x[..<6].sum(axis: 0)
          try (isShared ? x * 2 + first - first : x * 2).save(to: path, chunks: [1, 4])
        }
      }
      let error = #expect(throws: WeftError.self) { try run() }
      #expect(error?.code == .file && error?.message.contains("is not there") == true)
      #expect(!folder.names.contains(name))
      source.isBroken.withLock { $0 = false }
      source.reads.withLock { $0 = [] }
      try run()
      let found: [Double] = try NDArray(contentsOf: path).toArray()
      #expect(found == (0..<40).map { Double(2 * $0) })
      // Rows that were written are not read again.
      #expect(isShared || source.reads.withLock { $0 }.count < 10)
      #expect(folder.names == [name])
    }
  }
}
