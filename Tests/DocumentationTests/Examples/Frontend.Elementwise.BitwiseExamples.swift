// Written from Sources/Frontend/Elementwise/Bitwise.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseBitwise: [Example] = [
    Example("Frontend/Elementwise/Bitwise.swift: bitwiseAnd(_:_:file:line:)", frontendElementwiseBitwise1),
    Example("Frontend/Elementwise/Bitwise.swift: bitwiseOr(_:_:file:line:)", frontendElementwiseBitwise2),
    Example("Frontend/Elementwise/Bitwise.swift: bitwiseXor(_:_:file:line:)", frontendElementwiseBitwise3),
    Example("Frontend/Elementwise/Bitwise.swift: bitwiseInvert(_:file:line:)", frontendElementwiseBitwise4),
    Example("Frontend/Elementwise/Bitwise.swift: bitwiseLeftShift(_:_:file:line:)", frontendElementwiseBitwise5),
    Example("Frontend/Elementwise/Bitwise.swift: bitwiseRightShift(_:_:file:line:)", frontendElementwiseBitwise6),
    Example("Frontend/Elementwise/Bitwise.swift: bitwiseCount(_:file:line:)", frontendElementwiseBitwise7),
  ]

  private static func frontendElementwiseBitwise1() throws {
    try expect("bitwiseAnd([12, 10], 6)", bitwiseAnd([12, 10], 6), "[4 2]")
  }

  private static func frontendElementwiseBitwise2() throws {
    try expect("bitwiseOr([12, 10], 6)", bitwiseOr([12, 10], 6), "[14 14]")
  }

  private static func frontendElementwiseBitwise3() throws {
    try expect("bitwiseXor([12, 10], 6)", bitwiseXor([12, 10], 6), "[10 12]")
  }

  private static func frontendElementwiseBitwise4() throws {
    try expect("bitwiseInvert([0, 5])", bitwiseInvert([0, 5]), "[-1 -6]")
  }

  private static func frontendElementwiseBitwise5() throws {
    try expect("bitwiseLeftShift([1, 3], [4, 1])", bitwiseLeftShift([1, 3], [4, 1]), "[16  6]")
  }

  private static func frontendElementwiseBitwise6() throws {
    try expect("bitwiseRightShift([16, -16], 2)", bitwiseRightShift([16, -16], 2), "[ 4 -4]")
  }

  private static func frontendElementwiseBitwise7() throws {
    try expect("bitwiseCount([0, 7, 255])", bitwiseCount([0, 7, 255]), "[0 3 8]")
  }
}
