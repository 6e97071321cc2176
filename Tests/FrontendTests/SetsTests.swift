import Testing
import Weft

// Expected values are NumPy 2.4's.
@Suite("Sets") struct SetsTests {
  let a: NDArray = [[3, 1, 3], [2, 1, 3]]

  @Test("unique tells values, first positions, inverse and counts")
  func uniqueAllParts() throws {
    let all = uniqueAll(a)
    #expect(all.values.shape == [nil])
    #expect(try reference(all.values) == [1, 2, 3])
    #expect(try reference(all.indices) == [1, 3, 0])
    #expect(all.inverse.shape == [2, 3])
    #expect(try reference(all.inverse) == [2, 0, 2, 1, 0, 2])
    #expect(try reference(all.counts) == [2, 1, 3])
    #expect(try reference(uniqueCounts(zeros([0])).counts, as: Int.self) == [])
    #expect(try reference(unique(NDArray([7])[0])) == [7])
  }

  @Test("NaN are one in unique and many in the standard's functions")
  func nan() throws {
    let x = NDArray([Double.nan, 1, .nan])
    #expect(try reference(unique(x), as: Double.self).count == 2)
    #expect(try reference(uniqueValues(x), as: Double.self).count == 3)
    #expect(try reference(uniqueElements(x).counts) == [1, 2])
  }

  @Test("unique along an axis sorts rows")
  func rows() throws {
    let m: NDArray = [[1, 0, 2], [0, 5, 1], [1, 0, 2], [0, 4, 9]]
    let all = uniqueElements(m, axis: 0)
    #expect(try reference(all.values) == [0, 4, 9, 0, 5, 1, 1, 0, 2])
    #expect(try reference(all.indices) == [3, 1, 0])
    #expect(try reference(all.inverse) == [2, 1, 2, 0])
    #expect(try reference(all.counts) == [1, 1, 2])
    #expect(try reference(unique(m, axis: 1)) == [0, 1, 2, 5, 0, 1, 0, 1, 2, 4, 0, 9])
    #expect(code(unique(m, axis: 2)) == .axis)
  }

  @Test("set operations give ascending distinct elements")
  func operations() throws {
    let (p, q) = (NDArray([5, 1, 3, 3]), NDArray([3, 4, 5, 4]))
    #expect(try reference(intersect1d(p, q)) == [3, 5])
    #expect(try reference(union1d(p, q)) == [1, 3, 4, 5])
    #expect(try reference(setdiff1d(p, q)) == [1])
    #expect(try reference(setxor1d(p, q)) == [1, 4])
    #expect(try reference(isin(p, q)) == [true, false, true, true])
    #expect(try reference(isin(p, zeros([0]), invert: true)) == [true, true, true, true])
    let shared = intersect1dIndices(p, q)
    #expect(try reference(shared.first) == [2, 0])
    #expect(try reference(shared.second) == [0, 2])
  }

  @Test("what follows on a set runs when its extent is known")
  func staged() throws {
    let distinct = unique(a)
    #expect(try reference((distinct * 10).sum()) == [60])
    #expect(try reference(isin(distinct, distinct[distinct .> 1])) == [false, true, true])
    #expect(try reference(unique(unique(a) % 2)) == [0, 1])
    #expect(try reference(bincount(uniqueCounts(a).counts)) == [0, 1, 1, 1])
  }
}
