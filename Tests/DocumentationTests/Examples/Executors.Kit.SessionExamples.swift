// Written from Sources/Executors/Kit/Session.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let executorsKitSession: [Example] = [
    Example("Executors/Kit/Session.swift: Session", executorsKitSession1),
    Example("Executors/Kit/Session.swift: Session.with(executor:memoryLimit:exactness:)", executorsKitSession2),
    Example("Executors/Kit/Session.swift: Session.with(executor:memoryLimit:exactness:_:)", executorsKitSession3),
  ]

  private static func executorsKitSession1() throws {
    var session = Session.standard
    session.disabledRules = ["multiply-identity"]
    let a = ones([2]) * 1
    try expect("try session.with(executor: .reference) { try a.compute() }", try session.with(executor: .reference) { try a.compute() }, "[1. 1.]")
  }

  private static func executorsKitSession2() throws {
    let small = Session.standard.with(memoryLimit: .kibibytes(1))
    let big = random.uniform([1000, 1000], key: 1) + 1
    try expect("try small.with { try big.compute() }", try small.with { try big.compute() }, "error: add: the result float64[1000, 1000] needs 7.6 MiB; the limit is 1.0 KiB [out-of-memory]")
  }

  private static func executorsKitSession3() throws {
    let a: NDArray = [1, 2, 3]
    try expect("try Session.standard.with(executor: .reference) { try a.sum().compute() }", try Session.standard.with(executor: .reference) { try a.sum().compute() }, "6")
  }
}
