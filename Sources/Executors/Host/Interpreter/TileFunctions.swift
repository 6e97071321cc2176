import CHost
import WeftIR

/// Finds the C loops of scalar functions.
enum TileFunctions {
  /// The dtype that a function computes in: half floats are widened.
  static func computing(_ dtype: DType) -> DType {
    dtype == .float16 || dtype == .bfloat16 ? .float32 : dtype
  }

  /// The loop of a function over operands of a dtype in which it computes.
  static func map(_ f: ScalarFunction, _ dtype: DType) -> weft_tile_function? {
    if let row = standard[ObjectIdentifier(f)] { return row.maps[Int(dtype.rawValue)] }
    return weft_tile_lookup(f.name, Int32(dtype.rawValue))
  }

  /// The loop that folds contiguous elements, where there is one.
  static func reduce(_ f: ScalarFunction, _ dtype: DType) -> weft_reduce_function? {
    if let row = standard[ObjectIdentifier(f)] { return row.reduces[Int(dtype.rawValue)] }
    return weft_reduce_lookup(f.name, Int32(dtype.rawValue))
  }

  /// The loop that converts.
  static func convert(_ from: DType, _ to: DType) -> weft_tile_function? {
    conversions[Int(from.rawValue) * DType.allCases.count + Int(to.rawValue)]
  }

  /// Whether tiles compute a function of operands of a dtype.
  ///
  /// Neighbours of half floats are not those of float32.
  static func isNative(_ f: ScalarFunction, _ dtype: DType) -> Bool {
    let computing = computing(dtype)
    if computing != dtype, f == .nextafter || f == .spacing { return false }
    return map(f, computing) != nil
  }

  private struct Row: Sendable {
    let maps: [weft_tile_function?]
    let reduces: [weft_reduce_function?]
  }

  private static let standard: [ObjectIdentifier: Row] = Dictionary(
    uniqueKeysWithValues: FunctionTable.standard.functions.map { f in
      let maps = DType.allCases.map { weft_tile_lookup(f.name, Int32($0.rawValue)) }
      let reduces = DType.allCases.map { weft_reduce_lookup(f.name, Int32($0.rawValue)) }
      return (ObjectIdentifier(f), Row(maps: maps, reduces: reduces))
    })

  private static let conversions: [weft_tile_function?] = DType.allCases.flatMap { from in
    DType.allCases.map { weft_tile_convert_lookup(Int32(from.rawValue), Int32($0.rawValue)) }
  }
}
