import Foundation
import Synchronization
import Testing
import Weft
import WeftExecution
import WeftIR
import WeftReference

@testable import WeftHost

@Suite("bits under load", .serialized)
struct LoadTests {
  /// Threads that do nothing but keep processors busy.
  private final class Busy: Sendable {
    private let isDone = Atomic<Bool>(false)

    init(threads: Int) {
      for _ in 0..<threads {
        let thread = Thread { [self] in while !isDone.load(ordering: .relaxed) {} }
        thread.start()
      }
    }

    func end() { isDone.store(true, ordering: .relaxed) }
  }

  private static let programs: [(name: String, @Sendable (NDArray) -> NDArray)] = [
    ("map", { sin($0) * 2 + exp(-$0) }),
    ("total", { pow($0 - 0.3, 2).sum() }),
    ("columns", { $0.mean(axis: 0) }),
    ("rows", { ($0 - $0.mean(axis: 1, keepAxes: true)) / $0.std(axis: 1, keepAxes: true) }),
    ("scan", { cumsum($0, axis: 1) }),
    ("search", { $0.argmax() }),
    ("product", { ($0.T • $0)[..<50] }),
  ]

  private static func bytes(
    _ program: (NDArray) -> NDArray, _ x: NDArray, threads: Int
  ) throws -> [UInt8] {
    let runtime = Runtime(scheduler: HostScheduler(threadCount: threads))
    var session = Session(
      executors: Session.standard.executors, runtime: runtime, environment: Environment())
    session.compilation = .always
    return try session.with {
      let buffer = try program(x).buffer()
      return Array(UnsafeRawBufferPointer(start: buffer.base, count: buffer.byteCount))
    }
  }

  @Test(
    "are those of an idle machine, on 1, 2 and 7 threads", arguments: [DType.float32, .float64])
  func bits(dtype: DType) throws {
    let x = try random.uniform([1500, 1100], key: 3).asType(dtype).compute()
    let idle = try Self.programs.map { try Self.bytes($0.1, x, threads: 1) }
    let busy = Busy(threads: 2 * ProcessInfo.processInfo.activeProcessorCount)
    defer { busy.end() }
    for threads in [1, 2, 7] {
      for ((name, program), expected) in zip(Self.programs, idle) {
        let bytes = try Self.bytes(program, x, threads: threads)
        #expect(bytes == expected, "\(name) of \(dtype) on \(threads) threads")
      }
    }
  }

  @Test("results that go past the cache are whole when a compute ends, on 1, 2 and 7 threads")
  func streamed() throws {
    // More than any cache of today, so that the stores take the way around it.
    let count = max(Int(CompiledStep.cacheBytes), 1 << 20) / 4 + 12_345
    guard count < 1 << 27 else { return }
    let x = arange(count).asType(.float32)
    for threads in [1, 2, 7] {
      let bytes = try Self.bytes({ _ in x * 2 + 1 }, x, threads: threads)
      let isRight = bytes.withUnsafeBytes { bytes in
        let values = bytes.bindMemory(to: Float.self)
        return (0..<count).allSatisfy { values[$0] == Float($0) * 2 + 1 }
      }
      #expect(isRight, "\(threads) threads")
    }
  }
}
