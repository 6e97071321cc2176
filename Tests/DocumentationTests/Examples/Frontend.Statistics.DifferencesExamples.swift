// Written from Sources/Frontend/Statistics/Differences.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsDifferences: [Example] = [
    Example("Frontend/Statistics/Differences.swift: diff(_:n:axis:prepend:append:file:line:)", frontendStatisticsDifferences1),
    Example("Frontend/Statistics/Differences.swift: ediff1d(_:toEnd:toBegin:file:line:)", frontendStatisticsDifferences2),
    Example("Frontend/Statistics/Differences.swift: trapezoid(_:_:dx:axis:file:line:)", frontendStatisticsDifferences3),
    Example("Frontend/Statistics/Differences.swift: unwrap(_:discontinuity:axis:period:file:line:)", frontendStatisticsDifferences4),
  ]

  private static func frontendStatisticsDifferences1() throws {
    try expect("diff([1, 4, 9, 16])", diff([1, 4, 9, 16]), "[3 5 7]")
    try expect("diff([1, 4, 9, 16], n: 2)", diff([1, 4, 9, 16], n: 2), "[2 2]")
    try expect("diff([[1, 4], [9, 16]], axis: 0, prepend: 0)", diff([[1, 4], [9, 16]], axis: 0, prepend: 0), "[[ 1  4]\n [ 8 12]]")
  }

  private static func frontendStatisticsDifferences2() throws {
    try expect("ediff1d([1, 4, 9], toEnd: 99)", ediff1d([1, 4, 9], toEnd: 99), "[ 3  5 99]")
  }

  private static func frontendStatisticsDifferences3() throws {
    try expect("trapezoid([0, 1, 4, 9], dx: 0.5)", trapezoid([0, 1, 4, 9], dx: 0.5), "4.75")
    let x = linspace(0, 1, count: 1001)
    try expect("round(trapezoid(x * x, x), decimals: 4)", round(trapezoid(x * x, x), decimals: 4), "0.3333")
  }

  private static func frontendStatisticsDifferences4() throws {
    try expect("unwrap([0, 170, 350, 10], period: 360)", unwrap([0, 170, 350, 10], period: 360), "[  0 170 350 370]")
  }
}
