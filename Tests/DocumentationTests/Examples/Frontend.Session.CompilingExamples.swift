// Written from Sources/Frontend/Session/Compiling.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSessionCompiling: [Example] = [
    Example("Frontend/Session/Compiling.swift: compile(_:)", frontendSessionCompiling1),
    Example("Frontend/Session/Compiling.swift: compile(_:)", frontendSessionCompiling2),
    Example("Frontend/Session/Compiling.swift: compile(_:)", frontendSessionCompiling3),
  ]

  private static func frontendSessionCompiling1() throws {
    let step = compile { (u: NDArray) in u + 0.5 * (roll(u, 1) - u) }
    var u: NDArray = [1.0, 0, 0, 0]
    for _ in 0..<3 { u = try step(u) }
    try expect("u", u, "[0.125 0.375 0.375 0.125]")
    try expect("step.traceCount", step.traceCount, "1")
  }

  private static func frontendSessionCompiling2() throws {
    let line = compile { (x: NDArray, slope: NDArray) in slope * x + 1 }
    try expect("try line([1, 2, 3], 10)", try line([1, 2, 3], 10), "[11 21 31]")
  }

  private static func frontendSessionCompiling3() throws {
    let spread = compile { (arrays: [NDArray]) in [arrays[0] - arrays[1], arrays[0] + arrays[1]] }
    try expect("try spread([[1, 2], [10, 20]])", try spread([[1, 2], [10, 20]]), "[ -9 -18]\n[11 22]")
  }
}
