// Written from Sources/IR/Types/Promotion.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let iRTypesPromotion: [Example] = [
    Example("IR/Types/Promotion.swift: DType.promoted(with:)", iRTypesPromotion1),
    Example("IR/Types/Promotion.swift: DType.promoted(_:)", iRTypesPromotion2),
    Example("IR/Types/Promotion.swift: DType.canConvert(to:casting:)", iRTypesPromotion3),
  ]

  private static func iRTypesPromotion1() throws {
    try expect("DType.int32.promoted(with: .float32)", DType.int32.promoted(with: .float32), "float64")
    try expect("DType.uint8.promoted(with: .int8)", DType.uint8.promoted(with: .int8), "int16")
  }

  private static func iRTypesPromotion2() throws {
    try expect("DType.promoted([.int8, .uint8, .float16])", DType.promoted([.int8, .uint8, .float16]), "float16")
    try expect("DType.int8.promoted(with: .uint8).promoted(with: .float16)", DType.int8.promoted(with: .uint8).promoted(with: .float16), "float32")
  }

  private static func iRTypesPromotion3() throws {
    try expect("DType.float64.canConvert(to: .float32, casting: .sameKind)", DType.float64.canConvert(to: .float32, casting: .sameKind), "true")
    try expect("DType.float64.canConvert(to: .int64, casting: .sameKind)", DType.float64.canConvert(to: .int64, casting: .sameKind), "false")
  }
}
