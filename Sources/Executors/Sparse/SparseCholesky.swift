import WeftIR

/// The Cholesky factor of a sparse matrix in the order that it has, as NumPy's: L with A = L L^H.
///
/// Rows of L come one after the other: the entries of a row are the nodes that the elimination tree
/// reaches from those of A, its elements the solution of a triangular system of such rows.
///
/// - Source: up-looking factorisation, Davis, "Direct Methods for Sparse Linear Systems" (SIAM 2006),
///   4.1, 4.2, 4.7.
struct SparseCholesky<Element: FactorElement> {
  /// The columns of each row of L, ascending, the diagonal last; and the elements.
  private(set) var ends: [Int]
  private(set) var columns: [Int] = []
  private(set) var values: [Element] = []

  /// The factor of a matrix of which the lower triangle is read: row n has the given entries, the
  /// columns ascending.
  init(
    order: Int, token: CancellationToken,
    row: (Int) -> (columns: [Int], values: [Element])
  ) throws {
    var parents = Array(repeating: -1, count: order)
    var ancestors = parents
    var marks = parents
    var work = Array(repeating: Element.zero, count: order)
    // L by columns below the diagonal, as rows are appended, and the diagonal.
    var below: [[(row: Int, value: Element)]] = Array(repeating: [], count: order)
    var diagonal = Array(repeating: 0.0, count: order)
    var stack: [Int] = []
    ends = [0]
    for k in 0..<order {
      if k % 256 == 0 { try token.check() }
      let (places, elements) = row(k)
      // The tree grows by what row k joins.
      for start in places where start < k {
        var node = start
        while node >= 0, node < k {
          let next = ancestors[node]
          ancestors[node] = k
          if next < 0 { parents[node] = k }
          node = next
        }
      }
      marks[k] = k
      stack.removeAll(keepingCapacity: true)
      var pivot = 0.0
      for (column, value) in zip(places, elements) where column <= k {
        if column == k {
          pivot = value.realPart
          continue
        }
        work[column] = value.conjugate
        var node = column
        while marks[node] != k {
          stack.append(node)
          marks[node] = k
          node = parents[node]
        }
      }
      // Descendants have smaller numbers than what they lead to.
      stack.sort()
      for column in stack {
        let element = work[column].divided(by: diagonal[column])
        work[column] = .zero
        for (row, value) in below[column] { work[row] = work[row].minus(value.times(element)) }
        pivot -= element.squaredMagnitude
        let stored = element.conjugate
        below[column].append((k, stored))
        columns.append(column)
        values.append(stored)
      }
      // NaN is not positive either.
      guard pivot > 0 else { throw NotDefinite() }
      diagonal[k] = pivot.squareRoot()
      columns.append(k)
      values.append(Element(real: diagonal[k]))
      ends.append(columns.count)
    }
  }
}

/// Why there is no Cholesky factor.
struct NotDefinite: Error {}

/// Numbers of double precision that a factorisation computes with.
protocol FactorElement: BitwiseCopyable, Sendable {
  static var zero: Self { get }
  init(real: Double)
  var realPart: Double { get }
  var conjugate: Self { get }
  var squaredMagnitude: Double { get }
  func times(_ other: Self) -> Self
  func minus(_ other: Self) -> Self
  func divided(by real: Double) -> Self
  func scalar(_ dtype: DType) -> Scalar
  init(_ scalar: Scalar)
}

extension Double: FactorElement {
  init(real: Double) { self = real }
  init(_ scalar: Scalar) { self = scalar.doubleValue }
  var realPart: Double { self }
  var conjugate: Double { self }
  var squaredMagnitude: Double { self * self }
  func times(_ other: Double) -> Double { self * other }
  func minus(_ other: Double) -> Double { self - other }
  func divided(by real: Double) -> Double { self / real }
  func scalar(_ dtype: DType) -> Scalar { Scalar(self, dtype) }
}

extension SparsePair: FactorElement where Part == Double {
  static var zero: Self { none }
  init(real: Double) { self.init(re: real, im: 0) }
  init(_ scalar: Scalar) { self.init(re: scalar.doubleValue, im: scalar.imaginary) }
  var realPart: Double { re }
  var conjugate: Self { Self(re: re, im: -im) }
  var squaredMagnitude: Double { re * re + im * im }
  func times(_ other: Self) -> Self { Self.product(self, other) }
  func minus(_ other: Self) -> Self { Self(re: re - other.re, im: im - other.im) }
  func divided(by real: Double) -> Self { Self(re: re / real, im: im / real) }
  func scalar(_ dtype: DType) -> Scalar { Scalar(re, im, dtype) }
}
