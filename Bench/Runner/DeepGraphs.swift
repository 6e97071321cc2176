import Foundation
import Weft
import WeftIR

/// Graphs of very many nodes, which requirement R2 bounds: a million take at most 15 times what a
/// hundred thousand take.
///
/// Each is built, printed in its truncated form, computed and freed, on a stack of 512 KiB.
enum DeepGraphs {
  static let all = shapes.flatMap { name, make in
    [("100k", 100_000), ("1M", 1_000_000)].map { label, count in
      Workload(id: "R2.\(name).\(label)") { _ in
        .units({ try onSmallStack { try live(make, count) } }, 1)
      }
    }
  }

  private static let shapes: [(String, @Sendable (Int) -> NDArray)] = [
    (
      "chain",
      { nodes in
        let x = NDArray([0.5, 0.25])
        var y = x
        for _ in 0..<nodes { y = y + x }
        return y
      }
    ),
    (
      "ladder",
      { nodes in
        let x = NDArray([0.5, 0.25])
        var y = x
        for _ in 0..<nodes / 2 { y = y * x + y }
        return y
      }
    ),
    (
      "sum",
      { nodes in
        var level = (0..<nodes / 2).map { NDArray([Double($0), 1.0]) }
        while level.count > 1 {
          level = stride(from: 0, to: level.count, by: 2).map {
            $0 + 1 < level.count ? level[$0] + level[$0 + 1] : level[$0]
          }
        }
        return level[0]
      }
    ),
    (
      "split",
      { nodes in
        // A slice, a constant, its broadcast and a sum for each element.
        let x = NDArray((0..<nodes / 4).map(Double.init))
        return concatenate((0..<nodes / 4).map { x[$0...($0)] + 1 }, axis: 0)
      }
    ),
  ]

  private static func live(_ make: @Sendable (Int) -> NDArray, _ nodes: Int) throws {
    let array = make(nodes)
    guard array.ir.utf8.count > 0, array.description.utf8.count > 0 else { throw Failed() }
    try array.compute()
  }

  private struct Failed: Error {}

  private static func onSmallStack(_ body: @escaping @Sendable () throws -> Void) throws {
    let done = DispatchSemaphore(value: 0)
    let failure = Lock<(any Error)?>(nil)
    let thread = Thread {
      do { try body() } catch { failure.withLock { $0 = error } }
      done.signal()
    }
    thread.stackSize = 512 << 10
    thread.start()
    done.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
