import CHost
import Testing
import Weft
import WeftIR

/// The loops over rows of sparse matrices, beside sums in the order of the entries.
@Suite("loops over rows of sparse matrices")
struct SparseLoopTests {
  /// A matrix by rows, its values small whole numbers, so that sums in any order are exact.
  private struct Rows {
    var ends = [0]
    var columns: [Int] = []
    var values: [Int] = []
    let width: Int

    /// Rows of so many entries at places that a generator chooses.
    init(_ lengths: [Int], columns width: Int, seed: UInt64 = 7) {
      self.width = width
      var state = seed
      func next(_ most: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % most
      }
      for length in lengths {
        for _ in 0..<length {
          columns.append(next(width))
          values.append(next(17) - 8)
        }
        ends.append(columns.count)
      }
    }
  }

  /// Lengths of every kind: none, equal ones, short ones, some without a pattern, among them rows longer than a group.
  private static let lengths: [[Int]] = {
    var state: UInt64 = 11
    func some(_ most: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % most
    }
    let wild = (0..<900).map { _ in some(24) }
    let short = (0..<1100).map { _ in some(5) }
    let mixed = (0..<700).map { $0 == 300 ? 700 : $0 % 50 == 7 ? 60 : some(12) }
    let long = [513, 0, 0, 512, 1, 2, 3, 1030]
    return [
      [], [0, 0, 0], [1], Array(repeating: 10, count: 600), wild, short, mixed, long, short + wild,
    ]
  }()

  /// The product, as of a matrix that is in cache or of one that says it has more entries than are.
  private static func product<Value, Index: FixedWidthInteger>(
    _ rows: Rows, _ dtype: DType, _ convert: (Int) -> Value, _: Index.Type, width: Int, step: Int,
    cuts: [Int], isNear: Bool = true
  ) -> [Value] {
    let (count, size) = (rows.ends.count - 1, Int32(MemoryLayout<Index>.size))
    let ends = rows.ends.map { Index($0) }
    let columns = rows.columns.map { Index($0) }
    let values = rows.values.map(convert)
    let x = (0..<rows.width * step).map { convert(($0 * 7 + 3) % 13 - 6) }
    var y = [Value](repeating: convert(99), count: max(1, count * width))
    let code = Int32(dtype.rawValue)
    let isVector = width == 1
    guard
      let loop = isVector
        ? weft_sparse_times_vector(code, size) : weft_sparse_times_dense(code, size)
    else {
      Issue.record("no loop for \(dtype)")
      return []
    }
    y.withUnsafeMutableBytes { y in
      var own = weft_sparse_rows(
        ends: nil, columns: nil, values: nil, x: nil, y: y.baseAddress,
        entries: isNear ? rows.columns.count : 1 << 20, strideX: step, strideY: width,
        width: width, streams: 0)
      ends.withUnsafeBytes { ends in
        columns.withUnsafeBytes { columns in
          values.withUnsafeBytes { values in
            x.withUnsafeBytes { x in
              (own.ends, own.columns) = (ends.baseAddress, columns.baseAddress)
              (own.values, own.x) = (values.baseAddress, x.baseAddress)
              let bounds = [0] + cuts.filter { $0 < count } + [count]
              for (first, last) in zip(bounds, bounds.dropFirst()) { loop(&own, first, last) }
            }
          }
        }
      }
    }
    return Array(y.prefix(count * width))
  }

  private static func check<Value: Equatable>(
    _ dtype: DType, _ convert: (Int) -> Value
  ) {
    for lengths in lengths {
      let rows = Rows(lengths, columns: 90)
      for (width, step) in [
        (1, 1), (1, 3), (2, 2), (3, 5), (7, 7), (8, 8), (12, 12), (16, 16), (24, 24), (33, 40),
        (70, 70),
      ] {
        var want: [Value] = []
        for row in lengths.indices {
          for column in 0..<width {
            let sum = (rows.ends[row]..<rows.ends[row + 1]).reduce(0) { sum, entry in
              let place = rows.columns[entry] * step + column
              return sum + rows.values[entry] * ((place * 7 + 3) % 13 - 6)
            }
            want.append(convert(sum))
          }
        }
        let what: Comment = "\(dtype), \(lengths.prefix(9)), \(width) columns, step \(step)"
        for cuts in [[], [5, 300]] {
          let narrow = product(
            rows, dtype, convert, Int32.self, width: width, step: step, cuts: cuts)
          let wide = product(
            rows, dtype, convert, Int64.self, width: width, step: step, cuts: cuts)
          #expect(narrow == want, what)
          #expect(wide == want, what)
          if width > 1 { continue }
          let far = product(
            rows, dtype, convert, Int32.self, width: 1, step: step, cuts: cuts, isNear: false)
          #expect(far == want, what)
        }
      }
    }
  }

  @Test("any lengths of rows, widths, dtypes and indices")
  func products() {
    Self.check(.float32) { Float($0) }
    Self.check(.float64) { Double($0) }
    Self.check(.int32) { Int32($0) }
    Self.check(.uint64) { UInt64(bitPattern: Int64($0)) }
  }

  @Test("sums have the same bits in each loop, wherever rows of unforeseen lengths are cut")
  func order() {
    let rows = Rows(Self.lengths[8] + Self.lengths[3], columns: 90)
    func irrational(_ n: Int) -> Double { 1 / (Double(n) + 8.5) }
    let whole = Self.product(
      rows, .float64, irrational, Int32.self, width: 1, step: 1, cuts: [])
    for cuts in [[], [1], [3, 4, 700], [1100, 2000], Array(1...2500)] {
      for isNear in [true, false] {
        let found = Self.product(
          rows, .float64, irrational, Int32.self, width: 1, step: 1, cuts: cuts, isNear: isNear)
        #expect(whole.map(\.bitPattern) == found.map(\.bitPattern))
      }
    }
  }

  @Test("what is not a number stays in its row", arguments: [DType.float32, .float64])
  func exceptions(dtype: DType) throws {
    // One entry in each second row of 1,200 is not finite; lengths have no pattern.
    let count = 1200
    let rows = try (arange(9 * count) * 7919 % count).compute()
    let columns = try (arange(9 * count) * 31 % 97).compute()
    let isOdd: NDArray = equal(rows % 2, 1)
    let isMarked: NDArray = equal(columns % 10, 3)
    let isNone: NDArray = equal(columns % 20, 3)
    let bad: NDArray = which(
      isNone, NDArray(floatLiteral: .nan), NDArray(floatLiteral: .infinity))
    let whole: NDArray = (columns + 1).asType(.float64)
    let values = try which(logicalAnd(isOdd, isMarked), bad, whole).asType(dtype).compute()
    let a = try NDArray(
      coordinates: [rows, columns], values: values, shape: [count, 97], format: .csr
    ).compute()
    let x = try (arange(97) % 5 + 1).asType(dtype).compute()
    let d = try (arange(97 * 6) % 5 + 1).asType(dtype).reshaped([97, 6]).compute()
    let dense = try a.asDense().compute()
    let pairs: [(NDArray, NDArray)] = [(a • x, dense • x), (a • d, dense • d)]
    for (got, want) in pairs {
      let found: [Double] = try got.asType(.float64).toArray()
      let expected: [Double] = try want.asType(.float64).toArray()
      // Zeros times infinities are not stored: even rows are finite, and odd ones where nothing is marked.
      for (n, (got, want)) in zip(found, expected).enumerated() where want.isFinite {
        #expect(got == want, "\(n)")
      }
      #expect(found.contains { !$0.isFinite } && found.contains(where: \.isFinite))
    }
  }
}
