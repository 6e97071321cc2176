// Written from Sources/Executors/Kit/Reports/RunReport.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft
import WeftExecution

extension Example {
  static let executorsKitReportsRunReport: [Example] = [
    Example("Executors/Kit/Reports/RunReport.swift: RunReport", executorsKitReportsRunReport1),
    Example("Executors/Kit/Reports/RunReport.swift: Session.reporting(to:title:program:_:)", executorsKitReportsRunReport2),
  ]

  private static func executorsKitReportsRunReport1() throws {

    let report = RunReport(title: "a root")
    let x = ones([1000]).rechunked(100)
    try Session.standard.reported(in: report).with(executor: .chunked) { try sqrt(x).compute() }
    try expect("report.taskCount", report.taskCount, "10")
    try expect("report.html().hasPrefix(\"<!DOCTYPE html>\")", report.html().hasPrefix("<!DOCTYPE html>"), "true")
  }

  private static func executorsKitReportsRunReport2() throws {

    let path = NSTemporaryDirectory() + "weft-report.html"
    try expect("try Session.standard.reporting(to: path, title: \"a sum\") { try ones([100]).sum().compute() }", try Session.standard.reporting(to: path, title: "a sum") { try ones([100]).sum().compute() }, "100.0")
    try expect("FileManager.default.fileExists(atPath: path)", FileManager.default.fileExists(atPath: path), "true")
  }
}
