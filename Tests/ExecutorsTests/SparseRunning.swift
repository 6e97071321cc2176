import Testing
import Weft
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines
import WeftSparse

/// Sparse programs beside dense ones, on 1, 2 and 7 threads.
enum SparseRunning {
  static func session(
    _ threads: Int, _ compilation: PassContext.Compilation = .automatic
  ) -> Session {
    let reference = ReferenceExecutor(routines: Routines.table)
    let host = HostExecutor(fallback: reference)
    var session = Session(
      executors: [SparseExecutor(dense: host), host, reference],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)), environment: Environment())
    session.compilation = compilation
    return session
  }

  /// A dense array of which one element in `every` is not zero, and the same stored sparsely.
  static func pair(
    _ shape: [Int], _ dtype: DType, _ format: SparseFormat, every: Double = 8, seed: Int = 1
  ) throws -> (NDArray, NDArray) {
    func real(_ seed: Int) -> NDArray {
      floor((random.uniform(shape, key: UInt64(seed)) - 0.5) * 16) / 4 + 5
    }
    let isThere = less(
      random.uniform(shape, key: UInt64(seed + 100)), NDArray(floatLiteral: 1 / every))
    var values = real(seed)
    if dtype.isComplex { values = values + real(seed + 1) * Complex<Double>(0, 1) }
    let dense = try (values * isThere.asType(dtype)).asType(dtype).compute()
    return (dense, try dense.asSparse(format).compute())
  }

  static func wide(_ x: NDArray) -> NDArray {
    x.asType(x.dtype.isComplex ? .complex128 : .float64)
  }

  static func bits(_ x: NDArray) throws -> [UInt64] {
    let parts = x.dtype.isComplex ? [real(x), imag(x)] : [x]
    return try parts.flatMap { part in
      let values: [Double] = try part.asType(.float64).toArray()
      return values.map(\.bitPattern)
    }
  }

  /// Checks the sparse results against dense ones, and on 1, 2 and 7 threads against each other.
  static func check(
    _ what: String, _ got: () throws -> [NDArray], _ want: () throws -> [NDArray],
    compilation: PassContext.Compilation = .automatic
  ) throws {
    let expected = try want().map { try $0.asDense().compute() }
    var first: [[UInt64]] = []
    for threads in [1, 2, 7] {
      try session(threads, compilation).with { () throws in
        let results = try got().map { try $0.compute().asDense().compute() }
        let found = try results.map { try bits($0) }
        if threads == 1 {
          first = found
          for (n, (a, b)) in zip(results, expected).enumerated() {
            #expect(a.type == b.type, "\(what), result \(n)")
            let (a, b) = (wide(a), wide(b))
            let difference: Double = try abs(a - b).max().asType(.float64).item()
            let size: Double = try abs(b).max().asType(.float64).item()
            let tolerance = [.float32, .complex64].contains(expected[n].dtype) ? 1e-5 : 1e-13
            #expect(difference <= tolerance * max(1, size), "\(what), result \(n): \(difference)")
          }
        }
        #expect(found == first, "\(what) on \(threads) threads")
      }
    }
  }
}
