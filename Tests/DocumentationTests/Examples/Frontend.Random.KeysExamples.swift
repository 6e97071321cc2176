// Written from Sources/Frontend/Random/Keys.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendRandomKeys: [Example] = [
    Example("Frontend/Random/Keys.swift: random", frontendRandomKeys1),
    Example("Frontend/Random/Keys.swift: random.fold(_:_:)", frontendRandomKeys2),
    Example("Frontend/Random/Keys.swift: NDArray.keyArray", frontendRandomKeys3),
  ]

  private static func frontendRandomKeys1() throws {
    let keys = random.split(42, 2)
    try expect("random.uniform([2], key: keys[0])", random.uniform([2], key: keys[0]), "[0.40846808 0.36976537]")
    try expect("random.uniform([2], key: keys[1])", random.uniform([2], key: keys[1]), "[0.93938255 0.2353245 ]")
    try expect("arrayEqual(random.uniform([2], key: 42), random.uniform([5], key: 42)[..<2])", arrayEqual(random.uniform([2], key: 42), random.uniform([5], key: 42)[..<2]), "True")
  }

  private static func frontendRandomKeys2() throws {
    try expect("(0..<3).map { random.fold(42, $0) % 1000 }", (0..<3).map { random.fold(42, $0) % 1000 }, "[993, 492, 395]")
  }

  private static func frontendRandomKeys3() throws {
    let step: NDArray = 3
    try expect("arrayEqual(random.uniform([4], key: step), random.uniform([4], key: 3))", arrayEqual(random.uniform([4], key: step), random.uniform([4], key: 3)), "True")
  }
}
