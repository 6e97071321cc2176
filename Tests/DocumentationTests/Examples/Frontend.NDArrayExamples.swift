// Written from Sources/Frontend/NDArray.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendNDArray: [Example] = [
    Example("Frontend/NDArray.swift: NDArray.init(_:)", frontendNDArray1),
    Example("Frontend/NDArray.swift: NDArray.init(_:)", frontendNDArray2),
    Example("Frontend/NDArray.swift: NDArray.checked()", frontendNDArray3),
  ]

  private static func frontendNDArray1() throws {
    let a: NDArray = [1, 2, 3]
    try expect("NDArray((a + 1).expr)", NDArray((a + 1).expr), "[2 3 4]")
  }

  private static func frontendNDArray2() throws {
    let elements = try NDArray([1, 2, 3]).buffer()
    try expect("NDArray(elements) * 2", NDArray(elements) * 2, "[2 4 6]")
  }

  private static func frontendNDArray3() throws {
    let sum = ones([2]) + ones([3])
    try expect("try sum.checked()", try sum.checked(), "error: add: cannot broadcast float64[2] with float64[3] [broadcast]")
  }
}
