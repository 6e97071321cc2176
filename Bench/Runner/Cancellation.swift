import Foundation
import Weft
import WeftExecution
import WeftIR

/// The time from cancelling a compute to its end, which requirement R23 holds to 100 ms for
/// operations on ten million elements; in chunks for arrays of any size, and for a routine that runs
/// whole.
enum Cancellation {
  static let all = [
    cancelling("R23.map") { x, i in sin(x + Double(i)) },
    cancelling("R23.power") { x, i in pow(abs(x) + 1, 0.3 + Double(i) * 1e-3) },
    cancelling("R23.rows") { x, i in x - x.mean(axis: 1, keepAxes: true) * Double(i) },
    cancelling("R23.columns") { x, i in x - x.mean(axis: 0) * Double(i) },
    chunked("R23.chunks", .mebibytes(200)) {
      let x = NDArray(Table(rows: 4_000_000, columns: 250))
      return { (x - x.mean(axis: 0)).std() }
    },
    chunked("R23.routine", .gibibytes(4)) {
      let x = try random.uniform([6000, 6000], key: 1).compute()
      return { inv(x.rechunked(1000)) }
    },
  ]

  private static func chunked(
    _ id: String, _ limit: ByteCount,
    _ make: @escaping @Sendable () throws -> @Sendable () -> NDArray
  ) -> Workload {
    Workload(id: id) { _ in
      let program = try make()
      let round = Counter()
      return .seconds {
        let session = Session.current.with(executor: .chunked, memoryLimit: limit)
        let delay = 0.1 + 0.013 * Double(round.next() % 11)
        return try seconds(from: delay, program().expr, session)
      }
    }
  }

  /// A table larger than memory, made where it is read.
  private struct Table: RegionSource {
    let type: TensorType

    init(rows: Int, columns: Int) { type = TensorType(.float64, Shape([rows, columns])) }

    func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
      let target = base.assumingMemoryBound(to: Double.self)
      for i in 0..<region.count { target[i] = Double(i & 1023) }
    }
  }

  private static func cancelling(
    _ id: String, _ step: @escaping @Sendable (NDArray, Int) -> NDArray
  ) -> Workload {
    Workload(id: id) { _ in
      let x = try random.uniform([10_000, 1000], key: 1).compute()
      let round = Counter()
      return .seconds {
        var y = x
        for i in 0..<400 { y = step(y, i) }
        // A moment that differs from call to call.
        let delay = 0.1 + 0.013 * Double(round.next() % 11)
        return try seconds(from: delay, y.expr)
      }
    }
  }

  private static func seconds(
    from delay: Double, _ expr: Expr, _ session: Session = .current
  ) throws -> Double {
    let token = CancellationToken()
    let cancelled = Lock(ContinuousClock.now)
    let thread = Thread {
      Thread.sleep(forTimeInterval: delay)
      cancelled.withLock { $0 = .now }
      token.cancel()
    }
    thread.start()
    let result = Result { try session.evaluate([expr], token: token) }
    let end = ContinuousClock.now
    if case .failure(let error) = result, (error as? WeftError)?.code == .cancelled {
      let duration = end - cancelled.withLock { $0 }
      return Measurement.seconds(of: duration)
    }
    throw Workload.Unsupported(reason: "it was computed before it was cancelled")
  }
}
