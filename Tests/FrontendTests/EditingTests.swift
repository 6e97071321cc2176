import Testing
import Weft

@Suite("Editing, padding and grids")
struct EditingTests {
  @Test("editing and grids agree with NumPy")
  func editingTable() throws {
    try expectRows(editingRows)
  }

  @Test("padding agrees with NumPy")
  func paddingTable() throws {
    try expectRows(paddingRows)
  }

}

private let editingRows: [Row] = {
  let (x, y, z, c, b) = Row.operands
  _ = (x, y, z, c, b)
  return [
    Row(delete(x, 1, axis: 1), .int64, [2, 2], [0, 2, 3, 5]),
    Row(delete(arange(7), AxisIndex.stride(by: 3)), .int64, [4], [1, 2, 4, 5]),
    Row(delete(arange(7), NDArray([1, -1, 1])), .int64, [5], [0, 2, 3, 4, 5]),
    Row(delete(y, b), .float64, [1], [-2.5]),
    Row(insert(y, 1, 9), .float64, [4], [1.5, 9, -2.5, 3.25]),
    Row(
      insert(x, [0, 3], NDArray([7, 8]), axis: 1), .int64, [2, 5],
      [7, 0, 1, 2, 8, 7, 3, 4, 5, 8]),
    Row(insert(x, 1, y, axis: 0), .int64, [3, 3], [0, 1, 2, 1, -2, 3, 3, 4, 5]),
    Row(trimZeros(NDArray([0, 0, 1, 0, 2, 0])), .int64, [3], [1, 0, 2]),
    Row(
      meshgrid([y, x[1]])[0], .float64, [3, 3],
      [1.5, -2.5, 3.25, 1.5, -2.5, 3.25, 1.5, -2.5, 3.25]),
    Row(meshgrid([y, x[0]], indexing: .ij)[1], .int64, [3, 3], [0, 1, 2, 0, 1, 2, 0, 1, 2]),
    Row(indices([2, 2]), .int64, [2, 2, 2], [0, 0, 1, 1, 0, 1, 0, 1]),
    Row(identity(2), .float64, [2, 2], [1, 0, 0, 1]),
    Row(logspace(0, 2, count: 3), .float64, [3], [1, 10, 100]),
    Row(geomspace(1, 8, count: 4), .float64, [4], [1, 2, 4, 8]),
    Row(geomspace(-1.0, -100.0, count: 3), .float64, [3], [-1, -10, -100]),
    Row(fromFunction([2, 2]) { $0[0] * 10 + $0[1] }, .float64, [2, 2], [0, 1, 10, 11]),
    Row(broadcastArrays([y, x])[0], .float64, [2, 3], [1.5, -2.5, 3.25, 1.5, -2.5, 3.25]),
    Row(atLeast3D(y), .float64, [1, 3, 1], [1.5, -2.5, 3.25]),
  ]
}()

private let paddingRows: [Row] = {
  let (x, y, z, c, b) = Row.operands
  _ = (x, y, z, c, b)
  return [
    Row(pad(y, 1), .float64, [5], [0, 1.5, -2.5, 3.25, 0]),
    Row(
      pad(x, [(1, 0), (0, 2)], mode: .constant(7)), .int64, [3, 5],
      [7, 7, 7, 7, 7, 0, 1, 2, 7, 7, 3, 4, 5, 7, 7]),
    Row(pad(y, [(1, 2)], mode: .constants([(4, 5)])), .float64, [6], [4, 1.5, -2.5, 3.25, 5, 5]),
    Row(
      pad(y, 4, mode: .edge), .float64, [11],
      [1.5, 1.5, 1.5, 1.5, 1.5, -2.5, 3.25, 3.25, 3.25, 3.25, 3.25]),
    Row(
      pad(y, 5, mode: .reflect()), .float64, [13],
      [-2.5, 1.5, -2.5, 3.25, -2.5, 1.5, -2.5, 3.25, -2.5, 1.5, -2.5, 3.25, -2.5]),
    Row(pad(y, 2, mode: .reflect(odd: true)), .float64, [7], [-0.25, 5.5, 1.5, -2.5, 3.25, 9, 5]),
    Row(
      pad(y, 5, mode: .symmetric()), .float64, [13],
      [-2.5, 3.25, 3.25, -2.5, 1.5, 1.5, -2.5, 3.25, 3.25, -2.5, 1.5, 1.5, -2.5]),
    Row(
      pad(y, 2, mode: .symmetric(odd: true)), .float64, [7],
      [5.5, 1.5, 1.5, -2.5, 3.25, 3.25, 9]),
    Row(
      pad(y, 5, mode: .wrap), .float64, [13],
      [-2.5, 3.25, 1.5, -2.5, 3.25, 1.5, -2.5, 3.25, 1.5, -2.5, 3.25, 1.5, -2.5]),
    Row(
      pad(y, 2, mode: .linearRamp([(0, 10)])), .float64, [7],
      [0, 0.75, 1.5, -2.5, 3.25, 6.625, 10]),
    Row(
      pad(x, 1, mode: .maximum()), .int64, [4, 5],
      [5, 3, 4, 5, 5, 2, 0, 1, 2, 2, 5, 3, 4, 5, 5, 5, 3, 4, 5, 5]),
    Row(
      pad(x, 1, mode: .mean(lengths: [(2, 1)])), .int64, [4, 5],
      [2, 2, 2, 4, 4, 0, 0, 1, 2, 2, 4, 3, 4, 5, 5, 4, 3, 4, 5, 5]),
    Row(
      pad(x, 1, mode: .median()), .int64, [4, 5],
      [2, 2, 2, 4, 2, 1, 0, 1, 2, 1, 4, 3, 4, 5, 4, 2, 2, 2, 4, 2]),
    Row(pad(x[0..<1, 0..<1], 1, mode: .reflect()), .int64, [3, 3], [0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ]
}()
