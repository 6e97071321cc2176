// Written from Sources/Executors/Kit/ExecutorName.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let executorsKitExecutorName: [Example] = [
    Example("Executors/Kit/ExecutorName.swift: ExecutorName", executorsKitExecutorName1),
    Example("Executors/Kit/ExecutorName.swift: ByteCount", executorsKitExecutorName2),
  ]

  private static func executorsKitExecutorName1() throws {
    let a: NDArray = [1, 2, 3]
    try expect("try a.sum().compute(on: .reference)", try a.sum().compute(on: .reference), "6")
    try expect("try (a + 1).compute(on: \"abacus\")", try (a + 1).compute(on: "abacus"), "error: compute: no executor is named 'abacus' (from the call's argument) [unknown-executor]")
  }

  private static func executorsKitExecutorName2() throws {
    try expect("ByteCount.mebibytes(2).bytes", ByteCount.mebibytes(2).bytes, "2097152")
    try expect("ByteCount(\"1.5G\")?.bytes", ByteCount("1.5G")?.bytes, "1500000000")
  }
}
