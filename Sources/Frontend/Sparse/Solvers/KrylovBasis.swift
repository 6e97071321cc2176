import WeftIR

/// Orthonormal vectors, the rows of a matrix that grows.
struct KrylovBasis {
  /// The vectors so far.
  private(set) var rows: NDArray
  /// The last vector.
  private(set) var last: NDArray
  private(set) var count: Int

  /// A basis of one vector of length 1.
  init(_ first: NDArray) {
    last = first
    rows = first.reshaped([1, -1])
    count = 1
  }

  /// A basis of vectors that are orthonormal already, and the next one.
  init(rows: NDArray, count: Int, next: NDArray) throws(WeftError) {
    self.rows = rows
    self.count = count
    last = next
    try append(next)
  }

  /// What is left of a vector after its parts along the basis are taken out, those parts, and the
  /// length of what is left; computed.
  ///
  /// - Source: classical Gram-Schmidt twice, Giraud and others, Numer. Math. 101 (2005) 87.
  func orthogonalised(_ image: NDArray) throws(WeftError) -> [NDArray] {
    let first = rows.conjugated • image
    let once = image - first • rows
    let second = rows.conjugated • once
    let rest = once - second • rows
    return try compute([rest, first + second, rest.length])
  }

  /// Adds a vector of length 1 that is orthogonal to the others.
  mutating func append(_ vector: NDArray) throws(WeftError) {
    rows = try concatenate([rows, vector.reshaped([1, -1])]).compute()
    last = rows[count]
    count += 1
  }
}
