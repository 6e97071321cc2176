import Testing
import Weft

@Suite("Arithmetic") struct ArithmeticTests {
  @Test("literals are weak and arrays decide the dtype")
  func weakLiterals() throws {
    let x = NDArray([1, 2, 3] as [Float])
    let y = 2.0 * x + 1
    #expect(y.dtype == .float32)
    #expect(try y.toArray(of: Float.self) == [3, 5, 7])
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    #expect(a.dtype == .int64)
    #expect(try (a * 2 - a).toArray(of: Int.self) == [1, 2, 3, 4, 5, 6])
  }

  @Test("a mistake travels in the expression with its line and is thrown by compute")
  func errors() throws {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    let bad = a + zeros([4])
    let error = #expect(throws: WeftError.self) { try (bad * 2).compute() }
    #expect(error?.code == .broadcast)
    #expect(error?.description.contains("ArithmeticTests.swift:19") == true)
  }

  @Test("indexing, slicing and assignment follow NumPy")
  func indexing() throws {
    let g = arange(12).reshaped([3, 4])
    #expect(try g[0].toArray(of: Int.self) == [0, 1, 2, 3])
    #expect(try g[.all, -1].toArray(of: Int.self) == [3, 7, 11])
    #expect(try g[..<2, .stride(by: 2)].toArray(of: Int.self) == [0, 2, 4, 6])
    #expect(try g[[0, 2], [1, 3]].toArray(of: Int.self) == [1, 11])
    #expect(try g[g .> 8].toArray(of: Int.self) == [9, 10, 11])
    #expect(g[.ellipsis, .newAxis].shape == [3, 4, 1])
    var n = g
    n[0, .all] = 0
    n[1..., .stride(by: -1)] = NDArray([1, 2, 3, 4])
    #expect(try n.toArray(of: Int.self) == [0, 0, 0, 0, 4, 3, 2, 1, 4, 3, 2, 1])
    #expect(try g[0].toArray(of: Int.self) == [0, 1, 2, 3])
  }

  @Test("swift literals without arrays keep their own types")
  func plainSwift() {
    let n = 1 << 20, m = -3 * 2, p = 2 * 3, q = 5 % 3, r = ~5, s = 1.5 / 2, t = !true
    #expect(type(of: n) == Int.self && type(of: m) == Int.self && type(of: p) == Int.self)
    #expect(type(of: q) == Int.self && type(of: r) == Int.self && type(of: s) == Double.self)
    #expect(type(of: t) == Bool.self)
  }
}
