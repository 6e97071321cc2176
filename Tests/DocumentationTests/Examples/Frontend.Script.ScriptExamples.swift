// Written from Sources/Frontend/Script/Script.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendScriptScript: [Example] = [
    Example("Frontend/Script/Script.swift: Script", frontendScriptScript1),
  ]

  private static func frontendScriptScript1() throws {
    let x: NDArray = [[1, 2], [3, 4]]
    let result = try Script.evaluate("y = x @ x; y - y.mean(axis=0)", variables: ["x": x])
    try expect("try result.formatted()", try result.formatted(), "[[-4. -6.]\n [ 4.  6.]]")
    try expect("try Script.evaluate(\"x + [1, 2, 3]\", variables: [\"x\": x]).formatted()", try Script.evaluate("x + [1, 2, 3]", variables: ["x": x]).formatted(), "error: add: cannot broadcast int64[2, 2] with int64[3] [broadcast]")
  }
}
