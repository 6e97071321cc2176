// Written from Sources/Frontend/Elementwise/Application.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let frontendElementwiseApplication: [Example] = [
    Example("Frontend/Elementwise/Application.swift: NDArray.apply(_:_:site:)", frontendElementwiseApplication1),
    Example("Frontend/Elementwise/Application.swift: NDArray.apply(_:_:_:site:)", frontendElementwiseApplication2),
  ]

  private static func frontendElementwiseApplication1() throws {

    try expect("NDArray.apply(.sqrt, [1, 4, 9], site: .none)", NDArray.apply(.sqrt, [1, 4, 9], site: .none), "[1. 2. 3.]")
  }

  private static func frontendElementwiseApplication2() throws {

    try expect("NDArray.apply(.maximum, [1, 5], [[3], [7]], site: .none)", NDArray.apply(.maximum, [1, 5], [[3], [7]], site: .none), "[[3 5]\n [7 7]]")
  }
}
