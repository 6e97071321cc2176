import Testing
import Weft

@Suite("Positions and taking")
struct TakingTests {
  @Test("argWhere of a 0-d array has no columns")
  func argWhereScalar() throws {
    let x = argWhere(NDArray([5.0], shape: []))
    #expect(try x.compute(on: .reference).shape == [1, 0])
    #expect(try argWhere(NDArray([0.0], shape: [])).compute(on: .reference).shape == [0, 0])
  }
}
