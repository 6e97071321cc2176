/// Numbers of bytes in words.
public enum ByteText {
  /// A number of bytes with a binary unit: `200.0 MiB`.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// ByteText.of(1536)  // 1.5 KiB
  /// ```
  public static func of(_ bytes: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024 && unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(bytes) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
  }
}
