import Testing
import Weft

@Suite("einsum")
struct EinsumTests {
  @Test("einsum agrees with NumPy")
  func einsumTable() throws {
    try expectRows(einsumRows)
  }

  @Test(
    "malformed subscripts are errors with a position",
    arguments: [
      "ij,jk->ik>", "i.j,jk", "ij->,jk", "i-j,jk", "ij,jk->i->k", "ij,jk$", "é,jk", "ij,jk->ii",
      "ij,jk->iz", "ijk,jk", "ij", "ij,jk,k", "ij,kj", "...ij...,jk", "...ij,jk->...i...k", "",
    ])
  func malformed(subscripts: String) {
    let x = arange(6).reshaped([2, 3])
    let result = einsum(subscripts, x, x.T)
    #expect(errorCode(result) == "einsum", "\(subscripts): \(result)")
  }

  @Test("an error tells the place in the subscripts and the line")
  func place() {
    let result = einsum("ij,j?->i", arange(6).reshaped([2, 3]), arange(3))
    #expect(result.description.contains("position 4"))
    #expect(result.description.contains("EinsumTests.swift"))
  }

  @Test("an extent of 1 repeats, but not on a diagonal")
  func repeating() throws {
    let x = arange(6).reshaped([2, 3])
    #expect(errorCode(einsum("ij,ij->ij", x, x[.all, ..<1])) == nil)
    #expect(errorCode(einsum("ii", x[..<1])) == "einsum")
    #expect(errorCode(einsum("ij,jk", x, x)) == "einsum")
  }

  @Test("any number of operands is one contraction")
  func oneContraction() throws {
    let x = arange(4).reshaped([2, 2])
    let product = einsum("ab,bc,cd,de,ef->af", x, x, x, x, x)
    #expect(product.ir.components(separatedBy: "contract").count == 2)
    #expect(
      try product.compute(on: .reference).toArray(of: Int.self)
        == matrixPower(x, 5).compute(on: .reference).toArray(of: Int.self))
  }

  @Test("labels are not bounded by the alphabet")
  func manyLabels() throws {
    let x = arange(4).reshaped([2, 2])
    let chain = (0..<60).map { (x % 2, [$0, $0 + 1]) }
    let result = einsum(operands: chain, output: [0, 60])
    #expect(result.shape == [2, 2] && !result.expr.isPoison)
  }

}

private let einsumRows: [Row] = {
  let (x, y, z, c, b) = Row.operands
  _ = (x, y, z, c, b)
  return [
    Row(einsum("ij,j", x, y), .float64, [2], [4, 10.75]),
    Row(einsum("ij,jk->ki", x, x.T), .int64, [2, 2], [5, 14, 14, 50]),
    Row(einsum("ii", x[.all, 1...]), .int64, [], [6]),
    Row(einsum("ii->i", x[.all, 1...]), .int64, [2], [1, 5]),
    Row(einsum("ij -> ji", x), .int64, [3, 2], [0, 3, 1, 4, 2, 5]),
    Row(
      einsum("...j,j->...", z[.all, .all, 1...], y), .float64, [2, 3],
      [6.25, 15.25, 24.25, 33.25, 42.25, 51.25]),
    Row(einsum("i...->...", x), .int64, [3], [3, 5, 7]),
    Row(einsum("...ij->...ji", x), .int64, [3, 2], [0, 3, 1, 4, 2, 5]),
    Row(einsum("ij,jk,k->", x, x.T, x[.all, 0]), .int64, [], [192]),
    Row(einsum("ba", x), .int64, [3, 2], [0, 3, 1, 4, 2, 5]),
    Row(einsum("bA", x), .int64, [3, 2], [0, 3, 1, 4, 2, 5]),
    Row(einsum("i,i,i,i->i", y, y, y, y), .float64, [3], [5.0625, 39.0625, 111.56640625]),
    Row(einsum(",i", 2, y), .float64, [3], [3, -5, 6.5]),
    Row(einsum("ij,ij->i", x, x[..<1]), .int64, [2], [5, 14]),
    Row(einsum("ij->", b.reshaped([1, 3]) .& true), .bool, [], [1]),
    Row(
      einsum("ij,jk->ik", x.asType(.int8), x.T.asType(.float32)), .float32, [2, 2],
      [5, 14, 14, 50]),
    Row(einsum(operands: [(x, [7, -1]), (y, [-1])], output: [7]), .float64, [2], [4, 10.75]),
    Row(einsum(operands: [(x, [3, 2])]), .int64, [3, 2], [0, 3, 1, 4, 2, 5]),
    Row(
      einsum(operands: [(z, [.ellipsis, .index(0)]), (arange(4), [.index(0)])]), .int64, [2, 3],
      [14, 38, 62, 86, 110, 134]),
  ]
}()
