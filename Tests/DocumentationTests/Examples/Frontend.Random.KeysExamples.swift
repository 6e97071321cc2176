// Written from Sources/Frontend/Random/Keys.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendRandomKeys: [Example] = [
    Example("Frontend/Random/Keys.swift: NDArray.keyArray", frontendRandomKeys1),
  ]

  private static func frontendRandomKeys1() throws {
    let step: NDArray = 3
    try expect("arrayEqual(random.uniform([4], key: step), random.uniform([4], key: 3))", arrayEqual(random.uniform([4], key: step), random.uniform([4], key: 3)), "True")
  }
}
