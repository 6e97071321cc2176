// Written from Sources/Executors/Kit/Progress/ProgressDisplay.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftExecution
import WeftIR

extension Example {
  static let executorsKitProgressProgressDisplay: [Example] = [
    Example("Executors/Kit/Progress/ProgressDisplay.swift: ProgressDisplay", executorsKitProgressProgressDisplay1),
    Example("Executors/Kit/Progress/ProgressDisplay.swift: Session.showing(_:)", executorsKitProgressProgressDisplay2),
  ]

  private static func executorsKitProgressProgressDisplay1() throws {

    let last = Lock(0.0)
    let x = ones([1000]).rechunked(100)
    try sqrt(x).compute(on: .chunked, progress: .callback { update in
      last.withLock { $0 = update.fraction }
    })
    try expect("last.withLock { $0 }", last.withLock { $0 }, "1.0")
  }

  private static func executorsKitProgressProgressDisplay2() throws {

    let x = arange(1000).rechunked(100)
    try expect("try Session.standard.showing(.lines).with { try x.sum().compute() }", try Session.standard.showing(.lines).with { try x.sum().compute() }, "499500")
  }
}
