// Written from Sources/Frontend/Random/Choosing.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendRandomChoosing: [Example] = [
    Example("Frontend/Random/Choosing.swift: random.permutation(_:key:file:line:)", frontendRandomChoosing1),
    Example("Frontend/Random/Choosing.swift: random.shuffle(_:axis:key:file:line:)", frontendRandomChoosing2),
    Example("Frontend/Random/Choosing.swift: random.choice(_:_:replace:probabilities:key:file:line:)", frontendRandomChoosing3),
    Example("Frontend/Random/Choosing.swift: random.choice(_:_:replace:probabilities:axis:key:file:line:)", frontendRandomChoosing4),
  ]

  private static func frontendRandomChoosing1() throws {
    try expect("random.permutation(5, key: 7)", random.permutation(5, key: 7), "[1 3 2 4 0]")
  }

  private static func frontendRandomChoosing2() throws {
    try expect("random.shuffle([10, 20, 30, 40], key: 7)", random.shuffle([10, 20, 30, 40], key: 7), "[20 40 30 10]")
  }

  private static func frontendRandomChoosing3() throws {
    try expect("random.choice(6, [8], key: 7)", random.choice(6, [8], key: 7), "[0 1 1 4 2 3 0 2]")
    try expect("random.choice(6, [6], replace: false, key: 7)", random.choice(6, [6], replace: false, key: 7), "[1 5 3 2 4 0]")
  }

  private static func frontendRandomChoosing4() throws {
    try expect("random.choice([0, 10, 20], [6], probabilities: [0.8, 0.1, 0.1], key: 1)", random.choice([0, 10, 20], [6], probabilities: [0.8, 0.1, 0.1], key: 1), "[ 0 20  0  0  0  0]")
  }
}
