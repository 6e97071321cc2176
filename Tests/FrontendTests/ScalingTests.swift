import Testing
import Weft

@Suite("Composed functions of single elements")
struct ScalingTests {
  @Test("functions agree with NumPy")
  func scalingTable() throws {
    try expectRows(scalingRows)
  }

}

private let scalingRows: [Row] = {
  let (x, y, z, c, b) = Row.operands
  _ = (x, y, z, c, b)
  return [
    Row(square(b), .int8, [3], [1, 0, 1]),
    Row(reciprocal(NDArray([2, -1, 1])), .int64, [3], [0, -1, 1]),
    Row(reciprocal(c), .complex128, [2], [0.2, -0.4, 0.3, 0.09999999999999999]),
    Row(fabs(x - 3), .float64, [2, 3], [3, 2, 1, 0, 1, 2]),
    Row(rint(y), .float64, [3], [2, -2, 3]),
    Row(round(y / 3, decimals: 2), .float64, [3], [0.5, -0.83, 1.08]),
    Row(round(x * 27, decimals: -1), .int64, [2, 3], [0, 30, 50, 80, 110, 140]),
    Row(degrees(y), .float64, [3], [85.94366926962348, -143.2394487827058, 186.21128341751756]),
    Row(
      radians(y), .float64, [3],
      [0.026179938779914945, -0.04363323129985824, 0.05672320068981571]),
    Row(modf(y).fraction, .float64, [3], [0.5, -0.5, 0.25]),
    Row(modf(y).integral, .float64, [3], [1, -2, 3]),
    Row(frexp(y).mantissa, .float64, [3], [0.75, -0.625, 0.8125]),
    Row(frexp(y).exponent, .int32, [3], [1, 2, 2]),
    Row(ldexp(y, NDArray([1, -2, 3])), .float64, [3], [3, -0.625, 26]),
    Row(divmod(y, 2).quotient, .float64, [3], [0, -2, 1]),
    Row(divmod(y, 2).remainder, .float64, [3], [1.5, 1.5, 1.25]),
    Row(angle(c), .float64, [2], [1.1071487177940904, -0.3217505543966422]),
    Row(angle(c, degrees: true), .float64, [2], [63.43494882292201, -18.43494882292201]),
    Row(sinc(y), .float64, [3], [-0.2122065907891938, 0.12732395447351627, -0.06925510124285435]),
    Row(
      nanToNum(NDArray([Double.nan, 1, -Double.infinity])), .float64, [3],
      [0, 1, -1.7976931348623157e+308]),
    Row(isNegInf(NDArray([Double.infinity, -Double.infinity, 0])), .bool, [3], [0, 1, 0]),
    Row(isPosInf(NDArray([Double.infinity, -Double.infinity, 0])), .bool, [3], [1, 0, 0]),
    Row(isReal(c), .bool, [2], [0, 0]),
    Row(isComplex(c), .bool, [2], [1, 1]),
    Row(isClose(y, y + 1e-9), .bool, [3], [1, 1, 1]),
    Row(allClose(y, y + 1e-3), .bool, [], [0]),
    Row(arrayEqual(x, x), .bool, [], [1]),
    Row(arrayEqual(x, y), .bool, [], [0]),
    Row(floatPower(x, 2), .float64, [2, 3], [0, 1, 4, 9, 16, 25]),
  ]
}()
