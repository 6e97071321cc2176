import Foundation
import Testing
import WeftExecution
import WeftHost
import WeftIR

@testable import Weft

/// Mapped files that become shorter between opening and computing: without the watch any of these ends the process.
@Suite("mapped files that become shorter")
struct FileMapTests: FileTesting {
  /// Elements of the files: less than what is read instead of mapped, more than one thread's share.
  private static let count = 1 << 20

  /// The file of a column of numbers, and the array that maps it.
  private func mapped(
    _ folder: ScratchFolder, _ name: String, extent: Int = 1 << 10
  ) throws -> (path: String, x: NDArray) {
    let path = folder.file(name)
    try linspace(0, 1, count: extent * extent).reshaped([extent, extent]).save(to: path)
    return (path, try NDArray(contentsOf: path))
  }

  private func isShorter(_ error: WeftError?, _ path: String) -> Bool {
    guard let error else { return false }
    return error.code == .file && error.operation.contains(path)
      && error.message.contains("became shorter")
  }

  @Test(
    "every executor throws, on the calling thread and on others",
    arguments: Session.standard.executors.map(\.name), [1, 4])
  func executors(_ executor: String, _ threads: Int) throws {
    let folder = ScratchFolder()
    let scheduler = HostScheduler(threadCount: threads)
    let session = Session(
      executors: Session.standard.executors, runtime: Runtime(scheduler: scheduler),
      environment: Environment())
    let programs: [(NDArray) -> NDArray] = [
      { $0.sum() }, { exp($0) * 2 + 1 }, { $0.sorted(axis: 0) }, { matmul($0.T, $0) },
      { $0.reshaped([-1]) }, { $0.T[..<3] }, { inv($0) },
    ]
    // The interpreter of debug builds takes its time.
    let extent = executor == "reference" ? 1 << 7 : 1 << 10
    for (number, program) in programs.enumerated() {
      let (path, x) = try mapped(folder, "\(number).npy", extent: extent)
      #expect(truncate(path, off_t(extent * extent * 4)) == 0)
      let error = failure { () throws(WeftError) in
        _ = try session.with(executor: ExecutorName(executor)).evaluate([program(x).expr])
      }
      #expect(isShorter(error, path), "\(number): \(error as Any)")
      // A run beside it that reads another file goes on.
      let (_, y) = try mapped(folder, "other.npy", extent: extent)
      let total = try session.with(executor: ExecutorName(executor)).evaluate([y.sum().expr])
      #expect(abs(total[0].scalar(at: 0).doubleValue - Double(extent * extent) / 2) < 1e-3)
    }
  }

  @Test("elements that the last page had are missed too")
  func lastPage() throws {
    let folder = ScratchFolder()
    let (path, x) = try mapped(folder, "x.npy")
    let total: Double = try x.sum().item()
    #expect(total > 0)
    #expect(truncate(path, off_t(Self.count * 8 + 128 - 8)) == 0)
    #expect(isShorter(failure { () throws(WeftError) in _ = try (x + 0.5).max().compute() }, path))
  }

  @Test("whoever reads the elements themselves is told")
  func readers() throws {
    let folder = ScratchFolder()
    let (path, x) = try mapped(folder, "x.npy")
    let target = folder.file("y")
    #expect(truncate(path, 4096) == 0)
    let readers: [(String, () throws(WeftError) -> Void)] = [
      ("toArray", { () throws(WeftError) in _ = try x.toArray(of: Double.self) }),
      ("bytes", { () throws(WeftError) in _ = try x.bytes() }),
      ("formatted", { () throws(WeftError) in _ = try x.formatted() }),
      ("npy", { () throws(WeftError) in try x.save(to: target + ".npy") }),
      ("npz", { () throws(WeftError) in try x.save(to: target + ".npz") }),
      (
        "zarr",
        { () throws(WeftError) in try (x + 1).save(to: target + ".zarr", chunks: [64, 64]) }
      ),
      (
        "boxes",
        { () throws(WeftError) in try (x + 1).save(to: target + ".npy", chunks: [64, 64]) }
      ),
    ]
    for (name, read) in readers {
      let error = failure(read)
      #expect(error?.code == .file, "\(name): \(error as Any)")
      #expect(isShorter(error, path), "\(name): \(error as Any)")
    }
    #expect(!folder.names.contains { $0 == "y.npy" || $0 == "y.npz" || $0 == "y.zarr" })
  }

  @Test("short runs of a large file are read through its map, in tiles")
  func shortRuns() throws {
    let folder = ScratchFolder()
    let path = folder.file("x.npy")
    // Holes take no room on the disk.
    let header = NPYHeader.encode(TensorType(.float64, Shape([1 << 13, 1 << 11])))
    _ = try folder.write(header, "x.npy")
    #expect(truncate(path, off_t(header.count + 1 << 27)) == 0)
    let x = try NDArray(contentsOf: path)
    #expect(truncate(path, 1 << 26) == 0)
    for executor: ExecutorName in [.chunked, .blas] {
      let error = failure { () throws(WeftError) in
        _ = try x[0..., ..<8].sum().compute(on: executor)
      }
      #expect(error?.code == .file && "\(error as Any)".contains(path), "\(error as Any)")
    }
  }

  @Test("archives and matrices as text")
  func others() throws {
    let folder = ScratchFolder()
    let path = folder.file("x.npz")
    try NDArray.save(
      [("a", linspace(0, 1, count: 1 << 16)), ("b", ones([1 << 16]))], to: path)
    let file = try NPZFile(reading: path)
    let a = NDArray(try file.array("a"))
    #expect(truncate(path, 1 << 17) == 0)
    #expect(isShorter(failure { () throws(WeftError) in _ = try a.sum().compute() }, path))
    #expect(isShorter(failure { () throws(WeftError) in _ = try file.array("b") }, path))
    // Read again, it is damaged like any other.
    #expect(failure { () throws(WeftError) in _ = try NPZFile(reading: path) }?.code == .fileFormat)
  }

  @Test("a file that another took the place of stays as it was")
  func renamed() throws {
    let folder = ScratchFolder()
    let (path, x) = try mapped(folder, "x.npy")
    try ones([3]).save(to: path)
    let total: Double = try x.sum().item()
    #expect(abs(total - Double(Self.count) / 2) < 1e-3)
    let new: Double = try NDArray(contentsOf: path).sum().item()
    #expect(new == 3)
  }

  #if os(Linux)
    /// Touches a page that a file no longer has, in a map that is not ours.
    private static func touchForeignMap() throws {
      let folder = ScratchFolder()
      let path = folder.file("x.npy")
      try ones([1 << 16]).save(to: path)
      // From here on our handler is there.
      _ = try NDArray(contentsOf: path).sum().compute()
      let descriptor = open(path, O_RDONLY)
      let base = mmap(nil, 1 << 19, PROT_READ, MAP_PRIVATE, descriptor, 0)
      truncate(path, 0)
      print(base?.load(fromByteOffset: 1 << 18, as: UInt8.self) as Any)
    }

    @Test("faults elsewhere end the process as they did")
    func foreign() async {
      await #expect(processExitsWith: .signal(SIGBUS)) {
        // The tests' process may have a handler that writes a trace.
        signal(SIGBUS, SIG_DFL)
        try FileMapTests.touchForeignMap()
      }
    }

    @Test("a handler that was there before gets them")
    func earlierHandler() async {
      await #expect(processExitsWith: .exitCode(7)) {
        signal(SIGBUS) { _ in _exit(7) }
        try FileMapTests.touchForeignMap()
      }
    }
  #endif
}
