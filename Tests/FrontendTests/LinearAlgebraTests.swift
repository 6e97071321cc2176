import Testing
import Weft

/// Whether elements agree up to a bound times the greatest expected.
func expectNear(
  _ got: NDArray, _ want: [Double], _ bound: Double = 1e-13,
  _ place: SourceLocation = #_sourceLocation
) throws {
  let values: [Double] = try got.asType(.float64).toArray()
  #expect(values.count == want.count, sourceLocation: place)
  let scale = want.map { Swift.abs($0) }.max() ?? 0
  for (a, b) in zip(values, want) {
    #expect(Swift.abs(a - b) <= bound * Swift.max(scale, 1), "\(values)", sourceLocation: place)
  }
}

/// Numbers without pattern, the same at every run.
func scattered(_ shape: [Int], seed: Double = 1) -> NDArray {
  let k = arange(shape.reduce(1, *)).asType(.float64)
  // Of a phase that is linear the matrix would have rank 2.
  return sin(k * k * 0.7318 + k * 12.9898 + seed).reshaped(shape)
}

/// Complex numbers without pattern.
func scatteredComplex(_ shape: [Int]) -> NDArray {
  scattered(shape) + scattered(shape, seed: 2) * Complex<Double>(0, 1)
}

@Suite("Linear algebra") struct LinearAlgebraTests {
  let a: NDArray = [[4.0, 1, 2], [1, 3, 0], [2, 0, 5]]

  private func code(_ x: NDArray) -> String? {
    do {
      _ = try x.compute()
      return nil
    } catch {
      return error.code.rawValue
    }
  }

  private func expectZero(
    _ x: NDArray, _ bound: Double = 1e-12, _ place: SourceLocation = #_sourceLocation
  ) throws {
    let greatest: Double = try abs(x).asType(.float64).max().item()
    #expect(greatest <= bound, sourceLocation: place)
  }

  @Test("values are NumPy's")
  func values() throws {
    try expectNear(
      inv(a),
      [
        0.3488372093023256, -0.11627906976744187, -0.13953488372093023, -0.11627906976744187,
        0.372093023255814, 0.04651162790697675, -0.13953488372093023, 0.04651162790697675,
        0.2558139534883721,
      ])
    try expectNear(det(a), [43])
    try expectNear(eigvalsh(a), [1.8548973087995775, 3.476023602918134, 6.669079088282287])
    try expectNear(
      cholesky(a),
      [
        2, 0, 0, 0.5, 1.6583123951777, 0, 1, -0.30151134457776363, 1.9771421064483223,
      ])
    try expectNear(svdvals(a[..<2]), [4.939863045407476, 2.5686091747514985])
    try expectNear(cond(a), [3.595389920856738])
    try expectNear(norm(a, order: 1), [7])
    try expectNear(norm(a, order: .nuclear), [12])
    let b: NDArray = [[1.0, 2], [3, 4], [5, 6]]
    try expectNear(
      pinv(b),
      [
        -1.3333333333333337, -0.33333333333333287, 0.6666666666666665, 1.0833333333333335,
        0.3333333333333329, -0.4166666666666665,
      ])
    let fit = lstsq(b, [1.0, 0, 2])
    try expectNear(fit.solution, [0, 0.25])
    try expectNear(fit.residuals, [1.5])
    #expect(try fit.rank.item(Int.self) == 2)
  }

  @Test("factors multiply to the matrix", arguments: [false, true])
  func factors(isComplex: Bool) throws {
    func matrix(_ shape: [Int]) -> NDArray {
      isComplex ? scatteredComplex(shape) : scattered(shape)
    }
    func adjoint(_ x: NDArray) -> NDArray { conj(x).mT }
    for shape in [[5, 3], [3, 5], [2, 4, 4], [2, 3, 6, 2]] {
      let x = matrix(shape)
      for mode in [QRMode.reduced, .complete] {
        let (q, r) = qr(x, mode: mode)
        try expectZero(matmul(q, r) - x)
        try expectZero(matmul(adjoint(q), q) - eye(q.shape.last.flatMap(\.self) ?? 0))
      }
      try expectZero(abs(qr(x, mode: .r).r) - abs(qr(x).r))
      let (u, s, vh) = svd(x, fullMatrices: false)
      try expectZero(matmul(u * expandDims(s, axis: -2), vh) - x)
      try expectZero(svdvals(x) - s)
      let full = svd(x)
      try expectZero(matmul(adjoint(full.u), full.u) - eye(full.u.shape.last.flatMap(\.self) ?? 0))
      try expectZero(matmul(full.vh, adjoint(full.vh)) - eye(shape[shape.count - 1]))
      try expectZero(matmul(matmul(x, pinv(x)), x) - x)
    }
    let square = matrix([3, 4, 4])
    try expectZero(matmul(square, inv(square)) - eye(4), 1e-10)
    let positive = matmul(square, adjoint(square)) + eye(4)
    for upper in [false, true] {
      let (w, v) = eigh(positive, upper: upper)
      try expectZero(matmul(positive, v) - v * expandDims(w, axis: -2))
      try expectZero(eigvalsh(positive, upper: upper) - w)
      let factor = cholesky(positive, upper: upper)
      let product =
        upper ? matmul(adjoint(factor), factor) : matmul(factor, adjoint(factor))
      try expectZero(product - positive)
      try expectZero(upper ? tril(factor, offset: -1) : triu(factor, offset: 1), 0)
    }
    let (w, v) = eig(square)
    #expect(w.dtype == .complex128)
    try expectZero(matmul(square, v) - v * expandDims(w, axis: -2))
    let (sign, logabs) = slogdet(square)
    try expectZero(sign * exp(logabs) - det(square))
  }

  @Test("the right-hand side is a vector only when it has one axis; stacks broadcast")
  func solving() throws {
    let x = scattered([2, 1, 3, 3])
    let b = scattered([4, 3, 2])
    let y = solve(x, b)
    #expect(y.shape == [2, 4, 3, 2])
    try expectZero(matmul(x, y) - b)
    let v = scattered([3])
    #expect(solve(x, v).shape == [2, 1, 3])
    try expectZero(matmul(x, expandDims(solve(x, v), axis: -1)) - expandDims(v, axis: -1))
    #expect(solve([[2, 0], [0, 4]], [2, 4]).dtype == .float64)
    #expect(try solve([[2, 0], [0, 4]], [2, 4]).toArray(of: Double.self) == [1, 1])
    #expect(code(solve(x, scattered([4]))) == "shape-mismatch")
  }

  @Test("only one triangle is read")
  func triangles() throws {
    let lower: NDArray = [[4.0, 99], [1, 3]]
    let upper: NDArray = [[4.0, 1], [99, 3]]
    try expectZero(eigvalsh(lower) - eigvalsh(upper, upper: true))
    try expectZero(cholesky(lower) - cholesky(upper, upper: true).mT)
  }

  @Test("what is wrong with shapes and dtypes is told when building")
  func buildingErrors() throws {
    let wide = zeros([2, 3])
    for bad in [inv(wide), det(wide), cholesky(wide), eigh(wide).values, slogdet(wide).sign] {
      #expect(bad.expr.error?.code == .notSquare)
    }
    for bad in [inv(zeros([3])), qr(zeros([3])).q, svd(zeros([3])).s, det(zeros([]))] {
      #expect(bad.expr.error?.code == .shapeMismatch)
    }
    #expect(inv(zeros([2, 2], dtype: .float16)).expr.error?.code == .dtype)
    #expect(norm(a, order: 3).expr.error?.code == .value)
    #expect(cond(zeros([0, 0])).expr.error?.code == .emptyReduction)
  }

  @Test("run-time errors name the matrix of the stack")
  func runTimeErrors() throws {
    let stack = stack([a, zeros([3, 3]), a], axis: 0)
    for (bad, wanted) in [
      (inv(stack), "singular"), (solve(stack, zeros([3])), "singular"),
      (cholesky(stack), "not-positive-definite"),
      (svdvals(stack / stack), "no-convergence"), (eigh(stack / stack).values, "no-convergence"),
    ] {
      let error = #expect(throws: WeftError.self) { try bad.compute() }
      #expect(error?.code.rawValue == wanted)
      let position = wanted == "no-convergence" ? "[0]" : "[1]"
      #expect(error?.message.contains("matrix \(position)") == true, "\(error?.message ?? "")")
      #expect(error?.description.contains("LinearAlgebraTests.swift") == true)
    }
  }

  @Test("NaN goes through LU and QR, and stops iterations")
  func notANumber() throws {
    let x = NDArray([.nan, 1, 1, 2]).reshaped([2, 2])
    #expect(try isnan(det(x)).item(Bool.self))
    #expect(try isnan(inv(x)).any().item(Bool.self))
    #expect(code(cholesky(x)) == "not-positive-definite")
    #expect(code(svd(x).s) == "no-convergence")
    #expect(code(eig(x).values) == "no-convergence")
    #expect(code(lstsq(x, [1.0, 2]).solution) == "no-convergence")
  }

  @Test("empty stacks and matrices without elements")
  func empty() throws {
    let none = zeros([0, 3, 3])
    #expect(try inv(none).compute().shape == [0, 3, 3])
    #expect(try det(none).compute().shape == [0])
    #expect(try eig(none).vectors.compute().shape == [0, 3, 3])
    #expect(try svd(none).u.compute().shape == [0, 3, 3])
    #expect(try solve(none, zeros([3, 2])).compute().shape == [0, 3, 2])
    let small = zeros([2, 0, 0])
    #expect(try det(small).toArray(of: Double.self) == [1, 1])
    #expect(try slogdet(small).logabsdet.toArray(of: Double.self) == [0, 0])
    #expect(try inv(small).compute().shape == [2, 0, 0])
    #expect(try eigh(small).values.compute().shape == [2, 0])
    #expect(try svd(zeros([0, 2])).vh.toArray(of: Double.self) == [1, 0, 0, 1])
    #expect(try qr(zeros([2, 0]), mode: .complete).q.toArray(of: Double.self) == [1, 0, 0, 1])
    #expect(try pinv(zeros([0, 2])).compute().shape == [2, 0])
    #expect(try matrixRank(zeros([0, 2])).item(Int.self) == 0)
    #expect(try lstsq(zeros([3, 0]), ones([3])).residuals.toArray(of: Double.self) == [3])
    #expect(try lstsq(zeros([0, 2]), zeros([0])).solution.toArray(of: Double.self) == [0, 0])
    #expect(try matrixNorm(zeros([0, 2]), order: 1).item(Double.self) == 0)
  }

  @Test("determinants neither overflow nor vanish on the way")
  func determinants() throws {
    let x = eye(4) * ([1e200, 1e200, 1e-200, 1e-199] as NDArray)
    try expectNear(det(x), [10])
    #expect(try det(zeros([2, 2])).item(Double.self) == 0)
    #expect(try slogdet(zeros([2, 2])).logabsdet.item(Double.self) == -.infinity)
    #expect(try slogdet([[0.0, 1], [1, 0]]).sign.item(Double.self) == -1)
  }

  @Test("ranks and residuals of matrices without full rank")
  func deficient() throws {
    let x = ones([3, 2])
    #expect(try matrixRank(x).item(Int.self) == 1)
    #expect(try matrixRank([0.0, 0]).item(Int.self) == 0)
    #expect(try matrixRank([0.0, 2]).item(Int.self) == 1)
    let fit = lstsq(x, [1.0, 2, 3])
    try expectNear(fit.solution, [1, 1])
    try expectNear(fit.residuals, [2])
    #expect(try fit.rank.item(Int.self) == 1)
    try expectNear(matmul(x, pinv(x)), Array(repeating: 1.0 / 3, count: 9))
    #expect(try cond(zeros([2, 2])).item(Double.self) == .infinity)
  }

  @Test("norms of vectors and matrices")
  func norms() throws {
    let x: NDArray = [[3.0, -4], [0, 12]]
    try expectNear(vectorNorm(x), [13])
    try expectNear(vectorNorm(x, order: 1, axes: [0]), [3, 16])
    try expectNear(vectorNorm(x, order: 0, axes: [1]), [2, 1])
    try expectNear(vectorNorm(x, order: -.infinity, axes: [1]), [3, 0])
    try expectNear(vectorNorm(x, order: 3, axes: [0]), [3, 12.146356], 1e-6)
    try expectNear(matrixNorm(x, order: 1), [16])
    try expectNear(matrixNorm(x, order: .infinity), [12])
    #expect(matrixNorm(zeros([2, 3, 4]), order: 2, keepAxes: true).shape == [2, 1, 1])
    try expectNear(matrixNorm(x, order: 1, axes: (1, 0)), [12])
    #expect(norm(zeros([2, 3], dtype: .complex64)).dtype == .float32)
    #expect(norm([3, 4]).dtype == .float64)
  }

  @Test("stacks in parts on several threads give the same bits")
  func threads() throws {
    let x = scattered([64, 24, 24])
    let whole: [Double] = try inv(x).toArray()
    let single: [Double] = try inv(x[5]).toArray()
    #expect(Array(whole[5 * 576..<6 * 576]) == single)
  }
}
