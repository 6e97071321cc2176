// Written from Sources/Frontend/Session/Inspection.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSessionInspection: [Example] = [
    Example("Frontend/Session/Inspection.swift: NDArray.ir", frontendSessionInspection1),
    Example("Frontend/Session/Inspection.swift: NDArray.ir(after:)", frontendSessionInspection2),
    Example("Frontend/Session/Inspection.swift: NDArray.graph()", frontendSessionInspection3),
    Example("Frontend/Session/Inspection.swift: NDArray.explain(on:)", frontendSessionInspection4),
    Example("Frontend/Session/Inspection.swift: Session.tracing(_:)", frontendSessionInspection5),
  ]

  private static func frontendSessionInspection1() throws {
    let a = ones([3])
    try expect("sqrt(a).ir", sqrt(a).ir, "graph @main() {\n  %0 = constant 1.0 : float64[]\n  %1 = broadcast %0 to [3] : float64[3]\n  %2 = sqrt %1 : float64[3]\n  return %2\n}")
  }

  private static func frontendSessionInspection2() throws {
    let a = ones([3])
    let b = sqrt(a * 1)
    try expect("try b.ir(after: \"simplify\")", try b.ir(after: "simplify"), "...\ngraph @main() {\n  %0 = constant 1.0 : float64[]\n  %1 = broadcast %0 to [3] : float64[3]\n  return %1\n}")
  }

  private static func frontendSessionInspection3() throws {
    let graph = try sqrt(ones([3])).graph()
    try expect("graph", graph, "graph @main() {\n  %0 = constant 1.0 : float64[]\n  %1 = broadcast %0 to [3] : float64[3]\n  %2 = sqrt %1 : float64[3]\n  return %2\n}")
  }

  private static func frontendSessionInspection4() throws {
    let a = random.uniform([1000, 1000], key: 1)
    let centred = a - a.mean(axis: 0)
    try expect("try centred.explain(on: .reference)", try centred.explain(on: .reference), "executor: reference (named by the call's argument)\ndevice: plain loops on one thread\n...")
  }

  private static func frontendSessionInspection5() throws {
    let x = random.uniform([100], key: 1)
    let trace = try Session.tracing { _ = try (x * 2).sum().compute() }
    try expect("trace.events.filter { $0.category == .compute }.count", trace.events.filter { $0.category == .compute }.count, "1")
  }
}
