import Testing
import Weft
import WeftIR

/// Arrays with more elements than 64 bits count.
@Suite("sparse arrays of more elements than can be counted")
struct SparseCountlessTests {
  private static let side = 1 << 40

  /// Three entries: 1 at [0, 0], 2 at [5, 2^39], 4 at [2^40 - 1, 7].
  private static func matrix() throws -> NDArray {
    try NDArray(
      coordinates: [NDArray([0, 5, side - 1]), NDArray([0, side / 2, 7])], values: [1.0, 2, 4],
      shape: [side, side])
  }

  private static let elements = 0x1p80

  @Test("means and variances divide by the number of elements")
  func means() throws {
    let a = try Self.matrix()
    #expect(try a.mean().item(Double.self) == 7 / Self.elements)
    #expect(try average(a).item(Double.self) == 7 / Self.elements)
    let variance: Double = try a.var().item()
    #expect(abs(variance * Self.elements - 21) < 1e-9)
    #expect(try nanmean(a).item(Double.self) == 7 / Self.elements)
    #expect(try nansum(a).item(Double.self) == 7)
    #expect(try (a + 1).mean().item(Double.self) == 1)
  }

  @Test("variances along an axis come from what is stored, infinite and NaN where NumPy's are")
  func variances() throws {
    let columns = [2, 5, 7, 9, 9]
    let a = try NDArray(
      coordinates: [NDArray([1, 3, 8, 0, 4]), NDArray(columns)],
      values: NDArray([1e200, Double.infinity, Double.nan, 3, -1]), shape: [Self.side, Self.side])
    let found = try a.var(axis: 0).compute()
    #expect(try !found.layout().isDense)
    let numbers: [Double] = try take(found, NDArray([2, 5, 7, 9, 11])).toArray()
    #expect(numbers[0] == .infinity && numbers[1].isNaN && numbers[2].isNaN && numbers[4] == 0)
    let side = Double(Self.side)
    #expect(abs(numbers[3] - (10 / side - 4 / (side * side))) < 1e-25)
    let deviation: Double = try take(a.std(axis: 0), 9).item()
    #expect(abs(deviation - numbers[3].squareRoot()) < 1e-20)
  }

  @Test("an array without entries is repeated without counting the places that it is repeated to")
  func empty() throws {
    let nothing = NDArray([Int]())
    let a = try NDArray(
      coordinates: [nothing, nothing], values: NDArray([Double]()), shape: [Self.side, 1])
    let b = try NDArray(
      coordinates: [NDArray([3]), NDArray([1 << 39])], values: [2.0], shape: [Self.side, Self.side])
    #expect(try a.broadcasted(to: [Self.side, Self.side]).storedCount() == 0)
    #expect(try (b + a).storedCount() == 1)
    #expect(try (b * a).storedCount() == 0)
  }

  @Test("triangles, conditions, repetitions and products keep their entries")
  func shapes() throws {
    let a = try Self.matrix()
    #expect(try tril(a).sum().item(Double.self) == 5)
    #expect(try triu(a, offset: 1).sum().item(Double.self) == 2)
    #expect(try which(a .> 1, a, 0.0).sum().item(Double.self) == 6)
    #expect(try which(a .> 1, a, a * 2).sum().item(Double.self) == 8)
    #expect(try tile(a, [2, 2]).storedCount() == 12)
    #expect(try repeated(a, 2, axis: 1).sum().item(Double.self) == 14)
    #expect(try pad(a, 3).sum().item(Double.self) == 7)
    #expect(try a.broadcasted(to: [2, Self.side, Self.side]).storedCount() == 6)
    let v = try NDArray(
      coordinates: [NDArray([3, 1 << 39])], values: [2.0, 3], shape: [Self.side])
    #expect(try outer(v, v).sum().item(Double.self) == 25)
    #expect(try kron(a[..<9, ..<9], a).storedCount() == 3)
    #expect(try (v.reshaped([-1, 1]) * v).sum().item(Double.self) == 25)
  }

  @Test("results that repeat one element store nothing")
  func uniform() throws {
    let a = try Self.matrix()
    let integers = a.asType(.int64)
    for (result, fill) in [
      (integers .== integers, Scalar(true)), (isnan(integers), Scalar(false)),
      (imag(a), Scalar(0.0, .float64)), (ones(like: a), Scalar(1.0, .float64)),
      (full(like: a, 7), Scalar(7.0, .float64)), (pow(a, 0), Scalar(1.0, .float64)),
    ] {
      #expect(try result.compute().storedCount() == 0)
      #expect(try result.compute().fillValue() == fill)
    }
    #expect(try pow(sparseNumbers([4, 4]).asSparse(), 0).storedCount() == 0)
  }

  @Test("what needs one position for each element is an error, and never a trap")
  func errors() throws {
    let a = try Self.matrix()
    let results: [(String, NDArray)] = [
      ("ravel", ravel(a)), ("median", median(a)), ("unique", unique(a)), ("argmax", a.argmax()),
      ("take", take(a, [1, 2])), ("index", a[a .> 1]), ("index", a[[1, 2], [3, 4]]),
      ("nonzero", a.nonzero()[0]), ("flatnonzero", flatNonzero(a)), ("resize", resize(a, [2, 2])),
      ("put", put(a, [1], [2])), ("fill_diagonal", fillDiagonal(a, 1)),
      ("repeat", repeated(a, 2)), ("meshgrid", meshgrid([a, a])[0]), ("vdot", vdot(a, a)),
      ("sort", a.sorted(axis: nil)), ("tensorinv", tensorinv(a, rank: 1)),
      ("quantile", quantile(a, 0.5)), ("extract", extract(a .> 1, a)),
    ]
    for (name, result) in results {
      do {
        try result.compute()
        Issue.record("\(name): no error")
      } catch {
        #expect(
          [.tooLarge, .wouldDensify, .outOfMemory].contains(error.code), "\(name): \(error)")
      }
    }
  }

  @Test("dense arrays of so many elements are refused where they are made")
  func dense() throws {
    #expect(throws: WeftError.self) { try zeros([Self.side, Self.side]).compute() }
    #expect(throws: WeftError.self) {
      try ones([Self.side, 1]).broadcasted(to: [Self.side, Self.side]).compute()
    }
    let v = arange(Self.side)
    #expect(throws: WeftError.self) { try outer(v, v).compute() }
  }
}
