// Written from Sources/IR/Plugins/ReadPolicy.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let iRPluginsReadPolicy: [Example] = [
    Example("IR/Plugins/ReadPolicy.swift: ReadPolicy", iRPluginsReadPolicy1),
  ]

  private static func iRPluginsReadPolicy1() throws {

    try expect("ReadPolicy(retries: 3, delay: 0.1).delay(before: 3)", ReadPolicy(retries: 3, delay: 0.1).delay(before: 3), "0.4")
  }
}
