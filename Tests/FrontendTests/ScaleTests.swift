import Testing
import Weft
import WeftGoldenFile
import WeftExecution
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Graphs of many nodes, on a stack of 512 KiB: nothing recurses and nothing is super-linear.
@Suite("Scale", .serialized) struct ScaleTests {
  /// A debug build is some fifty times slower; `weft-bench --workloads R2` has a million nodes.
  #if DEBUG
    static let large = 20_000
  #else
    static let large = 1_000_000
  #endif

  static let shapes: [(String, @Sendable (Int) -> NDArray)] = [
    (
      "chain",
      { n in
        var y = NDArray([1.0, 2.0])
        for _ in 0..<n { y = y + 1.0 }
        return y
      }
    ),
    (
      "diamond ladder",
      { n in
        var y = NDArray([1.0, 2.0])
        for _ in 0..<n { y = y * 0.5 + y }
        return y
      }
    ),
    (
      "wide sum",
      { n in
        var level = (0..<n / 2).map { NDArray([Double($0), 1.0]) }
        while level.count > 1 {
          level = stride(from: 0, to: level.count, by: 2).map {
            $0 + 1 < level.count ? level[$0] + level[$0 + 1] : level[$0]
          }
        }
        return level[0]
      }
    ),
    (
      "split and concatenate",
      { n in
        let x = NDArray((0..<n / 4).map(Double.init))
        return concatenate((0..<n / 4).map { x[$0...($0)] + 1 }, axis: 0)
      }
    ),
  ]

  @Test("big graphs build, print, compute and are freed on a small stack", arguments: 0..<4)
  func big(index: Int) throws {
    let (name, make) = Self.shapes[index]
    let small = try seconds { try Self.live(make, Self.large / 10) }
    let large = try seconds { try Self.live(make, Self.large) }
    // A quadratic step would make it a hundred.
    #expect(large <= 30 * max(small, 0.05), "\(name): \(small) s, then \(large) s")
  }

  private static func live(_ make: @Sendable (Int) -> NDArray, _ n: Int) throws {
    let array = make(n)
    _ = (array.description, array.hashValue, array.ir.count)
    let copy = array
    try copy.compute()
    var forgotten: NDArray? = make(n / 10)
    _ = forgotten?.rank
    forgotten = nil
  }

  private func seconds(_ body: @escaping @Sendable () throws -> Void) throws -> Double {
    let seconds = Lock(0.0)
    try SmallStack.run {
      let taken = try ProcessorTime.seconds(body)
      seconds.withLock { $0 = taken }
    }
    return seconds.withLock { $0 }
  }

  @Test("memory is flat over many rounds of state = f(state)")
  func flatMemory() throws {
    var session = Session.standard
    session.memory = MemoryAccount()
    try session.with { () throws in
      var state = NDArray((0..<1000).map(Double.init))
      var early = 0
      for round in 0..<10_000 {
        state = state * 0.5 + 1
        try state.compute()
        if round == 100 { early = session.memory.liveBytes }
      }
      // An array has 8,000 bytes: a leak of one in a hundred rounds would be 800,000.
      #expect(session.memory.liveBytes <= early + 16_000)
    }
  }

  @Test(
    "an accumulator that nobody computes costs at most 300 bytes a step",
    .disabled(if: Sanitizer.isActive, "a sanitizer's own memory would be counted"))
  func accumulator() throws {
    // What other suites allocate meanwhile is counted too, but not in each of the tries; all are
    // kept, so that none finds its memory in what another gave back.
    var (least, totals) = (Int.max, [NDArray]())
    while least > 300, totals.count < 5 {
      let before = Self.residentBytes()
      var total = NDArray([0.0]).sum()
      for _ in 0..<200_000 { total = total + 1.0 }
      least = min(least, (Self.residentBytes() - before) / 200_000)
      totals.append(total)
    }
    #expect(least <= 300, "\(least) bytes a step")
    #expect(try totals[0].item(Double.self) == 200_000)
  }

  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    fgets(&text, 128, file)
    let words = String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
      separator: " ")
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * 4096
  }
}

/// Runs a body on a thread with 512 KiB of stack.
enum SmallStack {
  static func run(_ body: @escaping @Sendable () throws -> Void) throws {
    let box = Box(body)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, Sanitizer.smallStack)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Box>.fromOpaque(argument).takeUnretainedValue().run()
        return nil
      }, Unmanaged.passUnretained(box).toOpaque())
    pthread_attr_destroy(&attributes)
    #expect(status == 0)
    pthread_join(thread, nil)
    if let error = box.error { throw error }
  }

  /// `@unchecked Sendable`: written by the thread, read after it was joined.
  private final class Box: @unchecked Sendable {
    let body: @Sendable () throws -> Void
    var error: (any Error)?
    init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }
    func run() {
      do { try body() } catch { self.error = error }
    }
  }
}
