import Testing
import Weft

/// An expression with what NumPy 2.4 gives for it.
struct Row: Sendable {
  let array: NDArray
  let dtype: DType
  let shape: [Int]
  /// The elements in C order; complex ones as two numbers.
  let values: [Double]
  let place: SourceLocation

  init(
    _ array: NDArray, _ dtype: DType, _ shape: [Int], _ values: [Double],
    _ place: SourceLocation = #_sourceLocation
  ) {
    self.array = array
    self.dtype = dtype
    self.shape = shape
    self.values = values
    self.place = place
  }

  /// int64[2, 3], float64[3], int64[2, 3, 4], complex128[2], bool[3].
  static var operands: (x: NDArray, y: NDArray, z: NDArray, c: NDArray, b: NDArray) {
    (
      arange(6).reshaped([2, 3]), NDArray([1.5, -2.5, 3.25]), arange(24).reshaped([2, 3, 4]),
      NDArray([Complex(1.0, 2), Complex(3.0, -1)]), NDArray([true, false, true])
    )
  }
}

/// Computes each row on the reference executor and compares: dtype and shape exactly, elements up
/// to a few units in the last place.
func expectRows(_ rows: [Row]) throws {
  for row in rows {
    let result = try row.array.compute(on: .reference)
    #expect(result.dtype == row.dtype, sourceLocation: row.place)
    #expect(result.shape == row.shape, sourceLocation: row.place)
    let isComplex = result.dtype.isComplex
    let parts = isComplex ? [real(result), imag(result)] : [result]
    let columns = try parts.map { try $0.asType(.float64).toArray(of: Double.self) }
    let got = columns[0].indices.flatMap { i in columns.map { $0[i] } }
    let isClose =
      got.count == row.values.count
      && zip(got, row.values).allSatisfy { a, b in
        a == b || a.isNaN && b.isNaN || Swift.abs(a - b) <= 1e-14 * Swift.abs(b)
      }
    #expect(isClose, "\(got)", sourceLocation: row.place)
  }
}

/// The code of the error that an array carries or that computing it gives; nil when it computes.
func errorCode(_ array: NDArray) -> String? {
  do {
    _ = try array.compute(on: .reference)
    return nil
  } catch {
    return error.code.rawValue
  }
}
