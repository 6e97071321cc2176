/// The y with the least |H y - beta e1| for a Hessenberg matrix H that grows by columns.
///
/// Rotations make H triangular, a column after the other; what is left of the right-hand side is the residual.
///
/// - Source: Saad and Schultz, SIAM J. Sci. Stat. Comput. 7 (1986) 856, 3.2.
struct HessenbergSystem {
  /// A complex number.
  struct Number {
    var re, im: Double

    static func + (a: Self, b: Self) -> Self { Self(re: a.re + b.re, im: a.im + b.im) }
    static func - (a: Self, b: Self) -> Self { Self(re: a.re - b.re, im: a.im - b.im) }
    static func * (a: Self, b: Self) -> Self {
      Self(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
    }
    static func * (a: Double, b: Self) -> Self { Self(re: a * b.re, im: a * b.im) }
    var conjugate: Self { Self(re: re, im: -im) }
    var magnitude: Double { (re * re + im * im).squareRoot() }

    /// Its quotient by another number; zero where that is zero.
    func divided(by b: Self) -> Self {
      let square = b.re * b.re + b.im * b.im
      return square == 0 ? Self(re: 0, im: 0) : (1 / square) * (self * b.conjugate)
    }
  }

  /// The columns of the triangular matrix.
  private var columns: [[Number]] = []
  private var rotations: [(cosine: Double, sine: Number)] = []
  /// The right-hand side, rotated.
  private var side: [Number]

  init(beta: Double) { side = [Number(re: beta, im: 0)] }

  /// The least length for the columns so far.
  var residual: Double { side.last?.magnitude ?? 0 }

  /// Adds a column, one element longer than the triangle.
  mutating func append(_ column: [Number]) {
    var column = column
    for (n, rotation) in rotations.enumerated() {
      let (upper, lower) = (column[n], column[n + 1])
      column[n] = rotation.cosine * upper + rotation.sine * lower
      column[n + 1] = rotation.cosine * lower - rotation.sine.conjugate * upper
    }
    let n = rotations.count
    let (upper, lower) = (column[n], column[n + 1])
    let length = (upper.magnitude * upper.magnitude + lower.magnitude * lower.magnitude)
      .squareRoot()
    var rotation = (cosine: 1.0, sine: Number(re: 0, im: 0))
    if upper.magnitude > 0 {
      let phase = (1 / upper.magnitude) * upper
      rotation = (upper.magnitude / length, (1 / length) * (phase * lower.conjugate))
      column[n] = length * phase
    } else if length > 0 {
      rotation = (0, (1 / length) * lower.conjugate)
      column[n] = Number(re: length, im: 0)
    }
    rotations.append(rotation)
    columns.append(Array(column[...n]))
    let last = side[n]
    side[n] = rotation.cosine * last
    side.append(-1 * (rotation.sine.conjugate * last))
  }

  /// The y that has it.
  var solution: [Number] {
    var y = Array(side.dropLast())
    for n in columns.indices.reversed() {
      y[n] = y[n].divided(by: columns[n][n])
      for row in 0..<n { y[row] = y[row] - columns[n][row] * y[n] }
    }
    return y
  }
}
