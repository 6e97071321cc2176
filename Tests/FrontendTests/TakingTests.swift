import Testing
import Weft

@Suite("Positions and taking")
struct TakingTests {
  @Test("taking agrees with NumPy")
  func takingTable() throws {
    try expectRows(takingRows)
  }

  @Test("argWhere of a 0-d array has no columns")
  func argWhereScalar() throws {
    #expect(try argWhere(NDArray([5.0], shape: [])).compute(on: .reference).shape == [1, 0])
    #expect(try argWhere(NDArray([0.0], shape: [])).compute(on: .reference).shape == [0, 0])
  }

  @Test("an axis of unknown extent is taken whole beside a slice of another")
  func sliceBesideUnknown() throws {
    let x = NDArray([1, 2, 3, 4, 5, 6]).reshaped([3, 2])
    let rows = x[NDArray([true, false, true])][.all, ..<1]
    #expect(try rows.compute(on: .reference).toArray(of: Int.self) == [1, 5])
  }

  @Test("indices out of bounds are errors, known ones when building")
  func outOfBounds() {
    let x = arange(6).reshaped([2, 3])
    let late = arange(5) - 9
    #expect(take(x, NDArray([3]), axis: 1).expr.isPoison)
    #expect(!take(x, late, axis: 1).expr.isPoison)
    let codes = [
      errorCode(take(x, NDArray([3]), axis: 1)), errorCode(take(x, late, axis: 1)),
      errorCode(takeAlongAxis(x, [[9]], axis: 1)),
      errorCode(choose(NDArray([2]), [x, 0])), errorCode(choose(NDArray([1]), [x])),
      errorCode(unravelIndex(late, [2, 3])[0]),
      errorCode(ravelMultiIndex([NDArray([-1])], [4])),
    ]
    #expect(codes == Array(repeating: "index-out-of-bounds", count: 7))
  }

  @Test("putAlongAxis replaces in a copy")
  func putting() throws {
    let x = arange(6).reshaped([2, 3])
    let result = putAlongAxis(x, [[2], [0]], -1.7, axis: 1)
    #expect(try result.compute(on: .reference).toArray(of: Int.self) == [0, 1, -1, -1, 4, 5])
    #expect(try x.toArray(of: Int.self) == [0, 1, 2, 3, 4, 5])
  }

}

private let takingRows: [Row] = {
  let (x, y, z, c, b) = Row.operands
  _ = (x, y, z, c, b)
  return [
    Row(take(x, NDArray([2, -1]), axis: 1), .int64, [2, 2], [2, 2, 5, 5]),
    Row(take(x, NDArray([7, -7]), outOfBounds: .wrap), .int64, [2], [1, 5]),
    Row(take(x, NDArray([7, -7]), outOfBounds: .clip), .int64, [2], [5, 0]),
    Row(takeAlongAxis(x, [[2], [0]], axis: 1), .int64, [2, 1], [2, 3]),
    Row(compress(b, x, axis: 1), .int64, [2, 2], [0, 2, 3, 5]),
    Row(extract(x .> 2, x), .int64, [3], [3, 4, 5]),
    Row(choose(NDArray([1, 0, 1]), [y, 0]), .float64, [3], [0, -2.5, 0]),
    Row(select([x .> 3, x .< 1], [x, 10], default: -1), .int64, [2, 3], [10, -1, -1, -1, 4, 5]),
    Row(argWhere(x .> 3), .int64, [2, 2], [1, 1, 1, 2]),
    Row(flatNonzero(y .< 0), .int64, [1], [1]),
    Row(nonzero(x .> 3)[1], .int64, [2], [1, 2]),
    Row(unravelIndex(NDArray([5, 1]), [2, 3])[0], .int64, [2], [1, 0]),
    Row(unravelIndex(NDArray([5, 1]), [2, 3], order: .fortran)[1], .int64, [2], [2, 0]),
    Row(ravelMultiIndex([NDArray([1, 0]), NDArray([2, 1])], [2, 3]), .int64, [2], [5, 1]),
    Row(
      ravelMultiIndex([NDArray([3, 0]), NDArray([2, 4])], [2, 3], outOfBounds: [.wrap, .clip]),
      .int64,
      [2],
      [5, 2]),
  ]
}()
