/// Unsigned numbers that stand in the order of floating-point elements.
public enum ElementOrder {
  /// The number of a float from its bits: positive floats are ordered like their bits, negative ones the other
  /// way, and both zeros are one. NaN have none: they come last.
  @inlinable
  @inline(__always)
  public static func key(
    _ bits: UInt64, sign: UInt64, infinity: UInt64
  ) -> (key: UInt64, isLast: Bool) {
    let size = bits & (sign - 1)
    if size > infinity { return (0, true) }
    if size == 0 { return (sign, false) }
    return (bits & sign != 0 ? sign - size : sign | size, false)
  }
}
