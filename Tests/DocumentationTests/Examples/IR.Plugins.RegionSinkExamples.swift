// Written from Sources/IR/Plugins/RegionSink.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftExecution
import WeftIR

extension Example {
  static let iRPluginsRegionSink: [Example] = [
    Example("IR/Plugins/RegionSink.swift: RegionSink", iRPluginsRegionSink1),
  ]

  private static func iRPluginsRegionSink1() throws {

    /// Adds up what it is given.
    final class Adding: RegionSink {
      let total = Lock(0.0)

      func write(_ region: Region, from base: UnsafeRawPointer) throws {
        let elements = base.assumingMemoryBound(to: Double.self)
        let sum = (0..<region.count).reduce(0.0) { $0 + elements[$1] }
        total.withLock { $0 += sum }
      }
    }

    let sink = Adding()
    try Session.current.write([ones([100, 10]).expr], to: [sink], on: .chunked)
    try expect("sink.total.withLock { $0 }", sink.total.withLock { $0 }, "1000.0")
  }
}
