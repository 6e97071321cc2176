import CHost
import WeftIR
import WeftKernelCache

/// What moving memory and beginning a step cost on this machine beside the operations of products.
enum HostRates {
  /// Measured in some ten milliseconds when first asked for, unless an earlier process did; nil without
  /// BLAS, whose products are the measure.
  static let ofMachine: CostRates? = {
    guard BlasLibrary.unavailable == nil else { return nil }
    let key = Array("rates 1 \(BlasLibrary.name) \(weft_tile_level())".utf8)
    if let found = KernelDiskCache.process.find(key).flatMap(decode) { return found }
    guard let rates = measure() else { return nil }
    KernelDiskCache.process.store(encode(rates), for: key)
    return rates
  }()

  static func encode(_ rates: CostRates) -> [UInt8] { Array("\(rates.byte) \(rates.step)".utf8) }

  static func decode(_ bytes: [UInt8]) -> CostRates? {
    let numbers = String(decoding: bytes, as: UTF8.self).split(separator: " ").map { Double($0) }
    guard numbers.count == 2, let byte = numbers[0], let step = numbers[1] else { return nil }
    return CostRates(byte: byte, step: step)
  }

  /// The least seconds of some runs: what disturbs a run only makes it longer.
  private static func least(of runs: Int, _ body: () -> Void) -> Double {
    (0..<runs).map { _ in
      let start = ContinuousClock.now
      body()
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      return Double(seconds) + Double(attoseconds) * 1e-18
    }.min() ?? .infinity
  }

  /// One thread's product of matrices in cache, its copy of memory beyond caches, and two parts that do nothing.
  private static func measure() -> CostRates? {
    let order = 256
    let square = order * order
    // Both halves of the copy together are larger than most second caches, and cost a millisecond or two.
    let bytes = 16 << 20
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * bytes, alignment: 64)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 2 * bytes)
    let elements = memory.assumingMemoryBound(to: Double.self)
    for i in 0..<2 * square { elements[i] = 1 }
    let matrix = ProductStep.Matrix(isTransposed: false, leading: order)
    let product = ProductBlock(
      m: order, n: order, k: order, a: memory, matrixA: matrix,
      b: memory + square * 8, matrixB: matrix, c: memory + 2 * square * 8,
      rowStride: order, alpha: SIMD2(1, 0), beta: .zero)
    let seconds = least(of: 5) { product.multiplyByBlas(.float64) }
    let rate = 2 * Double(order * square) / seconds
    let copy = least(of: 4) { (memory + bytes).copyMemory(from: memory, byteCount: bytes) }
    let regions = 32
    let steps = least(of: 4) {
      for _ in 0..<regions { weft_parallel(2, 2, { _, _, _ in }, nil) }
    }
    guard rate.isFinite, rate > 0 else { return nil }
    return CostRates(
      byte: rate * copy / Double(2 * bytes), step: rate * steps / Double(regions))
  }
}
