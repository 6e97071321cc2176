// Written from Sources/IR/Plugins/RunObserver.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftExecution
import WeftIR

extension Example {
  static let iRPluginsRunObserver: [Example] = [
    Example("IR/Plugins/RunObserver.swift: RunObserver", iRPluginsRunObserver1),
  ]

  private static func iRPluginsRunObserver1() throws {

    /// Counts tasks.
    final class Counting: RunObserver {
      let tasks = Lock(0)

      func started(_ run: RunOutline) {}
      func finished(_ task: TaskRecord) { tasks.withLock { $0 += 1 } }
      func ended(_ error: WeftError?) {}
    }

    let observer = Counting()
    var session = Session.standard
    session.observer = observer
    try session.with(executor: .chunked) { try sqrt(ones([100]).rechunked(10)).compute() }
    try expect("observer.tasks.withLock { $0 }", observer.tasks.withLock { $0 }, "10")
  }
}
