import WeftIR

/// What a search for the ends of a spectrum asks of a basis that grows by products with a matrix.
protocol KrylovBasis {
  /// Values of the projected matrix, with its vectors.
  associatedtype Pairs: RitzPairs
  /// Vectors of the whole space that belong to values.
  associatedtype Vectors
  /// The greatest number of vectors.
  var order: Int { get }
  /// The number of vectors.
  var count: Int { get }
  /// The distance of 1 from the next number of the dtype.
  var rounding: Double { get }
  /// Adds vectors until there are so many, and tells what they say of the values.
  mutating func expanded(to width: Int) throws(WeftError) -> Pairs
  /// Goes on with some of the pairs in place of the basis.
  mutating func restart(_ pairs: Pairs, _ kept: [Int]) throws(WeftError)
  /// Goes on with vectors that belong to values, and a new start beside them.
  mutating func restart(from vectors: Vectors, _ values: [Double]) throws(WeftError)
  /// Vectors of the whole space, by rows.
  func combined(_ pairs: Pairs, _ chosen: [Int]) throws(WeftError) -> Vectors
  /// Some rows of the basis.
  func kept(_ places: [Int]) throws(WeftError) -> Vectors
}

/// Values of a projected matrix.
protocol RitzPairs {
  var values: [Double] { get }
  /// How far each is from one of the matrix itself.
  var residuals: [Double] { get }
}

/// What the product with the vector behind a basis has along the basis.
enum KrylovCoupling {
  /// A number for each row.
  case rows([Double])
  /// The length of what was left before it, along the last row.
  case last(Double)

  /// The greatest number in magnitude.
  var size: Double {
    switch self {
    case .rows(let parts): parts.map(abs).max() ?? 0
    case .last(let length): abs(length)
    }
  }

  /// The numbers, and whether there is one for each row.
  var numbers: (values: [Double], areForRows: Bool) {
    switch self {
    case .rows(let parts): (parts, true)
    case .last(let length): ([length], false)
    }
  }

  /// The numbers along so many rows.
  func column(_ count: Int) -> [Double] {
    switch self {
    case .rows(let parts): return parts
    case .last(let length):
      var column = Array(repeating: 0.0, count: count)
      if count > 0 { column[count - 1] = length }
      return column
    }
  }
}

/// What tells programs of steps apart.
struct KrylovSteps: Hashable {
  let count: Int
  let couplesRows: Bool

  var numbers: [Int] { [count, couplesRows ? 1 : 0] }
}

extension KrylovBasis {
  /// Whether the basis is one of the whole space.
  var isWhole: Bool { count >= order }

  /// A matrix with numbers on its diagonal.
  static func diagonal(_ values: [Double]) -> [[Double]] {
    values.indices.map { n in values.indices.map { $0 == n ? values[n] : 0 } }
  }
}

/// How many steps a program of a basis makes at most.
let mostKrylovSteps = 8

/// First vectors.
enum KrylovStart {
  /// The start that was given, or one of our own, as a row of length 1.
  static func row(
    _ start: NDArray?, _ order: Int, _ dtype: DType, _ call: Call
  ) throws(WeftError) -> NDArray {
    guard let start else {
      let vector = NDArray.unpatterned(0, order, dtype)
      return try (vector / vector.length).reshaped([1, order]).compute()
    }
    if let error = start.expr.error { throw error }
    guard start.count == order else {
      throw call.error(
        .shapeMismatch, "the start is \(start.expr.type), expected \(order) elements")
    }
    if start.dtype.isComplex, !dtype.isComplex {
      throw call.error(.dtype, "the start is \(start.expr.type), the matrix \(dtype)")
    }
    let vector = start.reshaped([order]).asType(dtype)
    let results: [NDArray] = try compute([vector, vector.length])
    let length = try results[1].double
    guard length > 0, length.isFinite else {
      throw call.error(.value, "the start has length \(length)")
    }
    return try (results[0] / results[1]).reshaped([1, order]).compute()
  }
}

extension NDArray {
  /// Numbers without a pattern that some eigenvector might be orthogonal to; others for each `start`.
  static func unpatterned(_ start: Int, _ order: Int, _ dtype: DType) -> NDArray {
    (sin(arange(1, order + 1).asType(.float64) * (12.9898 + Double(start))) + 0.1).asType(dtype)
  }

  /// A vector without its parts along the rows of a matrix, which are orthonormal.
  func orthogonal(to rows: NDArray) -> NDArray { self - (rows.conjugated • self) • rows }

  /// Rows without their parts along other rows and along the rows before them, to first order; and the greatest part
  /// of each. `weighed` are the rows times the metric in which all are orthonormal.
  func cleaned(beside rows: NDArray?, weighed: NDArray) -> (rows: NDArray, parts: NDArray) {
    let among = tril(weighed • conjugated.T, offset: -1)
    let largest = abs(among).max(axis: 1)
    guard let rows else { return (self - among • self, largest) }
    let along = weighed • rows.conjugated.T
    return (
      self - along • rows - among • self, maximum(abs(along).max(axis: 1), largest)
    )
  }
}
