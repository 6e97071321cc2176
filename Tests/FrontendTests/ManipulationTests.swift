import Testing
import Weft

@Suite("Moving, joining and repeating elements")
struct ManipulationTests {
  @Test("manipulation agrees with NumPy")
  func manipulationTable() throws {
    try expectRows(manipulationRows)
  }

  @Test("Fortran's order reads and puts column by column")
  func fortranOrder() throws {
    let x = arange(6).reshaped([2, 3])
    #expect(try x.flattened(order: .fortran).toArray(of: Int.self) == [0, 3, 1, 4, 2, 5])
    #expect(try ravel(x.T, order: .fortran).toArray(of: Int.self) == Array(0..<6))
    let turned = x.reshaped([3, -1], order: .fortran)
    #expect(try turned.toArray(of: Int.self) == [0, 4, 3, 2, 1, 5])
    #expect(errorCode(x.reshaped([4, 2], order: .fortran)) == "reshape")
  }

  @Test("a shape that counts decide needs known counts")
  func knownCounts() throws {
    let counts = NDArray([1, 2])
    #expect(repeated(NDArray([5, 6]), counts).shape == [3])
    #expect(errorCode(repeated(NDArray([5, 6]), counts + counts)) == "unknown-extent")
    let computed = try (counts + counts).compute()
    #expect(repeated(NDArray([5, 6]), computed).shape == [6])
  }

  @Test("wrong arguments are errors")
  func mistakes() {
    let x = arange(6).reshaped([2, 3])
    let cases: [(NDArray, String)] = [
      (flip(x, axis: 2), "axis"), (flip(x, axes: [0, -2]), "axis-duplicate"),
      (roll(x, 1, axis: 4), "axis"), (tile(x, [-1]), "negative-extent"),
      (repeated(x, -1), "negative-extent"), (repeated(x, [1, 2], axis: 1), "broadcast"),
      (split(x, 2, axis: 1)[0], "shape-mismatch"), (split(x, 0)[0], "value"),
      (unstack(0)[0], "axis"), (squeeze(x, axes: [0]), "shape-mismatch"),
      (expandDims(x, axis: 3), "axis"), (moveAxis(x, [0], to: [0, 1]), "argument"),
      (rot90(x, axes: [0, 0]), "axis-duplicate"), (diag(zeros([1, 1, 1])), "value"),
      (diagonal(arange(3)), "axis"), (hstack([]), "concatenate"),
      (broadcastArrays([x, arange(4)])[0], "broadcast"), (pad(x, -1), "negative-extent"),
      (pad(zeros([0]), 1, mode: .edge), "value"), (delete(x, 7), "index-out-of-bounds"),
      (insert(x, 9, 1), "index-out-of-bounds"), (insert(x, 0, arange(5), axis: 0), "broadcast"),
      (resize(x, [-1]), "negative-extent"), (geomspace(0, 1), "value"),
    ]
    for (array, code) in cases {
      #expect(errorCode(array) == code, "\(array)")
      #expect(array.expr.isPoison)
    }
  }

  @Test("nothing runs when building")
  func isLazy() {
    let huge = arange(1 << 40)
    let x = tile(roll(flip(huge), 5), [2])
    #expect(x.shape == [1 << 41] && !x.isComputed)
    #expect(pad(huge, 3, mode: .wrap).shape == [(1 << 40) + 6])
    #expect(delete(huge, 7).shape == [(1 << 40) - 1])
  }

}

private let manipulationRows: [Row] = {
  let (x, y, z, c, b) = Row.operands
  _ = (x, y, z, c, b)
  return [
    Row(expandDims(x, axes: [0, -1]), .int64, [1, 2, 3, 1], [0, 1, 2, 3, 4, 5]),
    Row(squeeze(expandDims(x, axes: [0, 3])), .int64, [2, 3], [0, 1, 2, 3, 4, 5]),
    Row(moveAxis(x, 0, to: -1), .int64, [3, 2], [0, 3, 1, 4, 2, 5]),
    Row(swapAxes(x, 0, 1), .int64, [3, 2], [0, 3, 1, 4, 2, 5]),
    Row(flip(x), .int64, [2, 3], [5, 4, 3, 2, 1, 0]),
    Row(flip(x, axis: -1), .int64, [2, 3], [2, 1, 0, 5, 4, 3]),
    Row(flipud(x), .int64, [2, 3], [3, 4, 5, 0, 1, 2]),
    Row(fliplr(x), .int64, [2, 3], [2, 1, 0, 5, 4, 3]),
    Row(rot90(x), .int64, [3, 2], [2, 5, 1, 4, 0, 3]),
    Row(rot90(x, turns: -1), .int64, [3, 2], [3, 0, 4, 1, 5, 2]),
    Row(rot90(x, turns: 2), .int64, [2, 3], [5, 4, 3, 2, 1, 0]),
    Row(roll(x, 2), .int64, [2, 3], [4, 5, 0, 1, 2, 3]),
    Row(roll(x, -1, axis: 1), .int64, [2, 3], [1, 2, 0, 4, 5, 3]),
    Row(roll(x, [1, 1], axes: [0, 1]), .int64, [2, 3], [5, 3, 4, 2, 0, 1]),
    Row(
      tile(y, [2, 2]), .float64, [2, 6],
      [1.5, -2.5, 3.25, 1.5, -2.5, 3.25, 1.5, -2.5, 3.25, 1.5, -2.5, 3.25]),
    Row(repeated(x, 2, axis: 0), .int64, [4, 3], [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]),
    Row(repeated(x, [2, 0, 1], axis: 1), .int64, [2, 3], [0, 0, 2, 3, 3, 5]),
    Row(repeated(y, [0, 3, 1]), .float64, [4], [-2.5, -2.5, -2.5, 3.25]),
    Row(resize(y, [2, 4]), .float64, [2, 4], [1.5, -2.5, 3.25, 1.5, -2.5, 3.25, 1.5, -2.5]),
    Row(hstack([y, y]), .float64, [6], [1.5, -2.5, 3.25, 1.5, -2.5, 3.25]),
    Row(vstack([y, x]), .float64, [3, 3], [1.5, -2.5, 3.25, 0, 1, 2, 3, 4, 5]),
    Row(dstack([y, y]), .float64, [1, 3, 2], [1.5, 1.5, -2.5, -2.5, 3.25, 3.25]),
    Row(columnStack([y, y]), .float64, [3, 2], [1.5, 1.5, -2.5, -2.5, 3.25, 3.25]),
    Row(append(x, y), .float64, [9], [0, 1, 2, 3, 4, 5, 1.5, -2.5, 3.25]),
    Row(split(y, 3)[1], .float64, [1], [-2.5]),
    Row(
      split(z, at: [1, 3], axis: 2)[1], .int64, [2, 3, 2],
      [1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21, 22]),
    Row(arraySplit(arange(7), 3)[0], .int64, [3], [0, 1, 2]),
    Row(unstack(x, axis: 1)[2], .int64, [2], [2, 5]),
    Row(tril(x), .int64, [2, 3], [0, 0, 0, 3, 4, 0]),
    Row(triu(x, offset: 1), .int64, [2, 3], [0, 1, 2, 0, 0, 5]),
    Row(tri(2, 3, offset: 1), .float64, [2, 3], [1, 1, 0, 1, 1, 1]),
    Row(diagonal(z, offset: 1, axis1: 1, axis2: 2), .int64, [2, 3], [1, 6, 11, 13, 18, 23]),
    Row(trace(x.asType(.int8), offset: 1), .int64, [], [6]),
    Row(
      diag(y, offset: -1), .float64, [4, 4],
      [0, 0, 0, 0, 1.5, 0, 0, 0, 0, -2.5, 0, 0, 0, 0, 3.25, 0]),
    Row(diag(x, offset: 1), .int64, [2], [1, 5]),
    Row(
      diagFlat(x[0], offset: 1), .int64, [4, 4],
      [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0]),
    Row(delete(y, -1), .float64, [2], [1.5, -2.5]),
  ]
}()
