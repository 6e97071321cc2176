// Written from Sources/Executors/Kit/Observing.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftExecution

extension Example {
  static let executorsKitObserving: [Example] = [
    Example("Executors/Kit/Observing.swift: Session.watched(by:)", executorsKitObserving1),
  ]

  private static func executorsKitObserving1() throws {

    let report = RunReport()
    try expect("try Session.standard.watched(by: report).with { try ones([10]).sum().compute() }", try Session.standard.watched(by: report).with { try ones([10]).sum().compute() }, "10.0")
    try expect("report.runCount", report.runCount, "1")
  }
}
