import Testing
import Weft

@Suite("Positions and taking")
struct TakingTests {
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
}
