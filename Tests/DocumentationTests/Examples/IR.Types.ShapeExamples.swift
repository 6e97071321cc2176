// Written from Sources/IR/Types/Shape.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let iRTypesShape: [Example] = [
    Example("IR/Types/Shape.swift: Shape", iRTypesShape1),
    Example("IR/Types/Shape.swift: TensorType", iRTypesShape2),
  ]

  private static func iRTypesShape1() throws {

    try expect("Shape([2, 3]).count", Shape([2, 3]).count, "6")
    try expect("Shape([.known(2), .unknown(id: 1)]).isKnown", Shape([.known(2), .unknown(id: 1)]).isKnown, "false")
  }

  private static func iRTypesShape2() throws {

    try expect("TensorType(.float32, Shape([2, 3])).byteCount", TensorType(.float32, Shape([2, 3])).byteCount, "24")
  }
}
