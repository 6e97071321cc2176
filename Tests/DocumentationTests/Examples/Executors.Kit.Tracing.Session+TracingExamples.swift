// Written from Sources/Executors/Kit/Tracing/Session+Tracing.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let executorsKitTracingSessionTracing: [Example] = [
    Example("Executors/Kit/Tracing/Session+Tracing.swift: Session.tracing(_:)", executorsKitTracingSessionTracing1),
  ]

  private static func executorsKitTracingSessionTracing1() throws {
    let trace = try Session.standard.tracing { _ = try (ones([3]) * 2).sum().compute() }
    try expect("trace.events.contains { $0.category == .compute }", trace.events.contains { $0.category == .compute }, "true")
  }
}
