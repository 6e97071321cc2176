/// What a machine does beside arithmetic, in multiplications and additions of its matrix products.
public struct CostRates: Hashable, Sendable {
  /// How many of them take as long as one byte of memory that is read or written.
  public var byte: Double
  /// How many of them take as long as a step that does nothing.
  public var step: Double

  /// Rates as given, kept within what machines have.
  public init(byte: Double, step: Double) {
    self.byte = byte.isFinite ? min(max(byte, 0.5), 50) : Self.standard.byte
    self.step = step.isFinite ? min(max(step, 1000), 200_000) : Self.standard.step
  }

  private init(standardByte byte: Double, step: Double) { (self.byte, self.step) = (byte, step) }

  /// Those of a core of today: some 40 operations in the time of 8 bytes, tens of thousands while a step begins.
  public static let standard = CostRates(standardByte: 5, step: 10_000)
  /// Plans of fewer operations are made by the standard rates: they run in less than about ten milliseconds.
  public static let leastMeasured = 1e9
}
