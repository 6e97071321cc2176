import Testing
import Weft

// Expected values are NumPy 2.4's.
@Suite("Sorting") struct SortingTests {
  let a: NDArray = [[3, 1, 2], [1, 3, 1]]

  @Test("sort and argsort work along any axis, or flatten")
  func axes() throws {
    #expect(try reference(sort(a)) == [1, 2, 3, 1, 1, 3])
    #expect(try reference(sort(a, axis: 0)) == [1, 1, 1, 3, 3, 2])
    #expect(try reference(sort(a, axis: nil, descending: true)) == [3, 3, 2, 1, 1, 1])
    #expect(try reference(argsort(a)) == [1, 2, 0, 0, 2, 1])
    #expect(try reference(a.argsort(axis: 1, descending: true)) == [0, 2, 1, 1, 0, 2])
    #expect(code(sort(a, axis: 2)) == .axis)
  }

  @Test("NaN come last, and first in descending order")
  func nan() throws {
    let x = NDArray([2.0, .nan, -.infinity, 1])
    #expect(try reference(argsort(x)) == [2, 3, 0, 1])
    #expect(try reference(argsort(x, descending: true)) == [1, 0, 3, 2])
    #expect(try reference(searchsorted(sort(x), NDArray([Double.nan, 9]))) == [3, 3])
  }

  @Test("searchsorted finds places on both sides, through a sorter, and in nothing")
  func searching() throws {
    let s = NDArray([1, 2, 2, 3])
    let v = NDArray([0, 2, 4])
    #expect(try reference(searchsorted(s, v)) == [0, 1, 4])
    #expect(try reference(searchsorted(s, v, side: .right)) == [0, 3, 4])
    let sorter = NDArray([1, 0, 2])
    #expect(try reference(searchsorted(NDArray([5, 1, 7]), NDArray([6]), sorter: sorter)) == [2])
    #expect(try reference(searchsorted(zeros([0]), v)) == [0, 0, 0])
    #expect(code(searchsorted(a, v)) == .shapeMismatch)
  }

  @Test("an array whose extent only the data tell is searched too")
  func unknownExtents() throws {
    let s = unique(a)
    #expect(try reference(searchsorted(s, NDArray([0, 2, 3]), side: .right)) == [0, 2, 3])
    #expect(try reference(searchsorted(s, NDArray([0, 2, 3]))) == [0, 1, 2])
    #expect(try reference(argsort(s, descending: true)) == [2, 1, 0])
  }

  @Test("lexsort decides by the last key first")
  func lexicographic() throws {
    #expect(try reference(lexsort([NDArray([1, 0, 2]), NDArray([5, 5, 4])])) == [2, 1, 0])
    #expect(try reference(lexsort([a, a], axis: 0)) == [1, 0, 1, 0, 1, 0])
    #expect(code(lexsort([])) == .value)
    #expect(code(partition(a, kth: 3)) == .value)
  }
}
