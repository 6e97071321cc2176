import Testing
import Weft
import WeftIR

/// Elements computed by the reference executor.
func reference<Element: ArrayElement>(
  _ a: NDArray, as type: Element.Type = Element.self
) throws -> [Element] {
  try a.compute(on: .reference).toArray()
}

/// The code of the error that an expression carries.
func code(_ a: NDArray) -> ErrorCode? { a.expr.error?.code }

// Expected values are NumPy 2.4's.
@Suite("Reductions") struct ReductionTests {
  let a: NDArray = [[1, 2, 3], [4, 5, 6]]
  let x = NDArray([0.5, -1.5, 2, 3, .nan, 1], shape: [2, 3])

  @Test("sums and products widen integers as NumPy does")
  func foldDTypes() throws {
    for (dtype, result) in [
      (DType.bool, DType.int64), (.int8, .int64), (.uint16, .uint64), (.float32, .float32),
      (.float16, .float16), (.complex64, .complex64),
    ] {
      #expect(zeros([3], dtype: dtype).sum().dtype == result)
      #expect(zeros([3], dtype: dtype).prod(axis: 0).dtype == result)
      #expect(cumulativeSum(zeros([3], dtype: dtype)).dtype == result)
    }
    #expect(a.sum(dtype: .float32).dtype == .float32)
    #expect(a.mean().dtype == .float64)
    #expect(zeros([2], dtype: .complex64).var().dtype == .float32)
    #expect(zeros([2], dtype: .float16).mean().dtype == .float16)
  }

  @Test("axes fold, stay for keepAxes, and count from the end")
  func axes() throws {
    #expect(try reference(a.sum(axis: 0)) == [5, 7, 9])
    #expect(try reference(a.sum(axis: -1)) == [6, 15])
    #expect(try reference(a.prod(axes: [0, 1])) == [720])
    #expect(a.max(axis: 1, keepAxes: true).shape == [2, 1])
    #expect(a.min(keepAxes: true).shape == [1, 1])
    #expect(try reference(a.mean(axis: 0)) == [2.5, 3.5, 4.5])
    #expect(try reference(a.std(axis: 1, correction: 1)) == [1.0, 1.0])
    #expect(try reference(a.var()) == [35.0 / 12])
  }

  @Test("an initial value and a mask take part in folds")
  func initialAndMask() throws {
    let mask = NDArray([true, false, true])
    #expect(try reference(a.sum(axis: 1, initial: 10, where: mask)) == [14, 20])
    #expect(try reference(a.max(axis: 1, initial: 4)) == [4, 6])
    #expect(try reference(a.min(initial: 9, where: a .> 3)) == [4])
    #expect(try reference(a.mean(axis: 0, where: a .> 1)) == [4, 3.5, 4.5])
    #expect(try reference(zeros([0]).max(initial: 2.0)) == [2.0])
    #expect(code(a.max(where: mask)) == .argument)
  }

  @Test("reductions of nothing give the identity, NaN or an error")
  func empty() throws {
    let none = zeros([0, 3])
    #expect(try reference(none.sum(axis: 0)) == [0.0, 0, 0])
    #expect(try reference(none.prod()) == [1.0])
    #expect(try reference(none.mean(axis: 0), as: Double.self).allSatisfy(\.isNaN))
    #expect(try reference(none.any()) == [false])
    #expect(try reference(none.all()) == [true])
    #expect(code(none.min()) == .emptyReduction)
    #expect(code(none.argmax(axis: 0)) == .emptyReduction)
    #expect(none.max(axis: 1).shape == [0])
    #expect(none.min().expr.error?.operation == "min")
  }

  @Test("wrong axes are errors of the function that was called")
  func wrongAxes() {
    #expect(code(a.sum(axis: 2)) == .axis)
    #expect(code(a.std(axes: [0, -2])) == .axisDuplicate)
    #expect(code(cumulativeSum(a)) == .axis)
    #expect(a.mean(axis: -3).expr.error?.description.contains("ReductionTests.swift") == true)
  }

  @Test("NaN wins in folds and positions, and the nan functions leave it out")
  func nan() throws {
    #expect(try reference(x.max(), as: Double.self)[0].isNaN)
    #expect(try reference(x.argmin()) == [4])
    #expect(try reference(nansum(x, axis: 0)) == [3.5, -1.5, 3.0])
    #expect(try reference(nanmax(x, axis: 1)) == [2.0, 3.0])
    #expect(try reference(nanmean(x, axis: 0)) == [1.75, -1.5, 1.5])
    #expect(try reference(nanvar(x, axis: 0)) == [1.5625, 0, 0.25])
    #expect(try reference(nanmedian(x, axis: 1)) == [0.5, 2.0])
    #expect(try reference(nanargmin(x, axis: 0)) == [0, 0, 1])
    #expect(try reference(nancumsum(x)) == [0.5, -1.0, 1.0, 4.0, 4.0, 5.0])
  }

  @Test("running sums may begin with the initial value")
  func cumulative() throws {
    #expect(try reference(cumulativeSum(a, axis: 1)) == [1, 3, 6, 4, 9, 15])
    let withInitial = cumulativeSum(a, axis: 0, includeInitial: true)
    #expect(try reference(withInitial) == [0, 0, 0, 1, 2, 3, 5, 7, 9])
    #expect(try reference(cumsum(a)) == [1, 3, 6, 10, 15, 21])
    #expect(try reference(cumprod(a, axis: 0)) == [1, 2, 3, 4, 10, 18])
  }

  @Test("complex variance is real, and counts see NaN as true")
  func others() throws {
    let z = NDArray([Complex(1.0, 2.0), Complex(3.0, -2.0)])
    #expect(try reference(z.var()) == [5.0])
    #expect(try reference(x.countNonzero(axis: 0)) == [2, 2, 2])
    #expect(try reference(NDArray([1, 1, 0, 1]).argmax()) == [0])
    #expect(try reference(ptp(a, axis: 0)) == [3, 3, 3])
  }

  @Test("an array whose extent only the data tell reduces")
  func unknownExtents() throws {
    let some = x[x .> 0]
    #expect(try reference(some.sum()) == [6.5])
    #expect(try reference(some.mean()) == [1.625])
    #expect(try reference(median(some)) == [1.5])
    #expect(try reference(some.std()) == [0.960143218483576])
  }
}
