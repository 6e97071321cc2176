import Testing
import Weft

@Suite("Products")
struct ProductsTests {
  @Test("products agree with NumPy")
  func productTable() throws {
    try expectRows(productRows)
  }

  @Test("extents that do not fit are errors")
  func mismatches() {
    let (x, y) = (arange(6).reshaped([2, 3]), arange(4))
    let codes = [
      errorCode(dot(x, y)), errorCode(inner(x, y)), errorCode(vdot(x, y)),
      errorCode(vecdot(x, y)), errorCode(matvec(x, y)), errorCode(vecmat(y, x)),
      errorCode(tensordot(x, x, axes: 1)), errorCode(tensordot(x, x, axes: ([0], [1]))),
      errorCode(tensordot(x, x, axes: ([0, 1], [1]))), errorCode(cross(y, y)),
      errorCode(multiDot([x, x])),
    ]
    #expect(codes == Array(repeating: "shape-mismatch", count: codes.count))
    #expect(errorCode(tensordot(x, x, axes: 3)) == "axis")
    #expect(errorCode(matrixPower(x, 2)) == "not-square")
    #expect(errorCode(multiDot([x])) == "argument")
  }

  @Test("a chain is multiplied in the order with the fewest multiplications")
  func chainOrder() throws {
    let (a, b, c) = (zeros([100, 2]), zeros([2, 100]), zeros([100, 3]))
    // (a b) c takes 50,000 multiplications, a (b c) 1,200.
    #expect(multiDot([a, b, c]).ir.contains("float64[2, 3]"))
    #expect(!multiDot([a, b, c]).ir.contains("float64[100, 100]"))
  }

}

private let productRows: [Row] = {
  let (x, y, z, c, b) = Row.operands
  _ = (x, y, z, c, b)
  return [
    Row(dot(x, y), .float64, [2], [4, 10.75]),
    Row(dot(z, swapAxes(z, 1, 2))[1, 0], .int64, [2, 3], [86, 302, 518, 734, 950, 1166]),
    Row(inner(x, y), .float64, [2], [4, 10.75]),
    Row(
      outer(y, c), .complex128, [3, 2],
      [1.5, 3, 4.5, -1.5, -2.5, -5, -7.5, 2.5, 3.25, 6.5, 9.75, -3.25]),
    Row(vdot(c, c), .complex128, [], [15, 0]),
    Row(vecdot(c, c), .complex128, [], [15, 0]),
    Row(
      tensordot(z, z, axes: ([0, 2], [0, 2])), .int64, [3, 3],
      [748, 988, 1228, 988, 1356, 1724, 1228, 1724, 2220]),
    Row(tensordot(x, x.T, axes: 1), .int64, [2, 2], [5, 14, 14, 50]),
    Row(
      kron(x, y), .float64, [2, 9],
      [0, 0, 0, 1.5, -2.5, 3.25, 3, -5, 6.5, 4.5, -7.5, 9.75, 6, -10, 13, 7.5, -12.5, 16.25]),
    Row(matvec(z, arange(4)), .int64, [2, 3], [14, 38, 62, 86, 110, 134]),
    Row(vecmat(c, outer(c, y)), .complex128, [3], [22.5, 0, -37.5, 0, 48.75, 0]),
    Row(cross(x, y), .float64, [2, 3], [8.25, 3, -1.5, 25.5, -2.25, -13.5]),
    Row(matrixPower(x[.all, ..<2], 5), .int64, [2, 2], [264, 409, 1227, 1900]),
    Row(matrixPower(x[.all, ..<2], 0), .int64, [2, 2], [1, 0, 0, 1]),
    Row(matrixPower(2 * identity(2), -2), .float64, [2, 2], [0.25, 0, 0, 0.25]),
    Row(multiDot([y, x.T, x, y]), .float64, [], [131.5625]),
  ]
}()
