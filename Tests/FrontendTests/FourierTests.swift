import Testing
import Weft

@Suite("Fourier transforms") struct FourierTests {
  private func expectClose(
    _ a: NDArray, _ b: NDArray, _ bound: Double = 1e-13, _ place: SourceLocation = #_sourceLocation
  ) throws {
    #expect(a.type == b.type, sourceLocation: place)
    let difference: Double = try abs(a - b).asType(.float64).max().item()
    let scale: Double = try abs(b).asType(.float64).max().item()
    #expect(difference <= bound * Swift.max(scale, 1), sourceLocation: place)
  }

  /// The sums of the definition.
  private func definition(_ x: NDArray, _ n: Int) -> NDArray {
    let bins = arange(n).reshaped([n, 1]) * arange(n) % n
    let angles = bins.asType(.float64) * (-2 * Double.pi / Double(n))
    return matmul(cos(angles) + sin(angles) * Complex<Double>(0, 1), x)
  }

  @Test(
    "every length has the sums of the definition",
    arguments: [
      1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 25, 30, 49, 53, 60, 64, 97, 100, 101,
      121, 127, 128, 143, 211, 257, 263, 269, 360, 509, 512,
    ])
  func lengths(n: Int) throws {
    let x = scatteredComplex([n])
    let y = fft(x)
    try expectClose(y, definition(x, n), 3e-14 * Double(n).squareRoot())
    try expectClose(ifft(y), x, 1e-14)
    let points = scattered([n])
    let half = rfft(points)
    try expectClose(half, fft(points)[..<(n / 2 + 1)], 1e-14)
    try expectClose(irfft(half, n: n), points, 1e-14)
    try expectClose(irfft(half, n: n), real(ifft(fft(points))), 1e-14)
    try expectClose(hfft(ihfft(points), n: n), points, 1e-14)
  }

  @Test("values are NumPy's")
  func values() throws {
    let y = fft([1.0, 2, 4, 8, 16])
    try expectNear(
      real(y),
      [
        31, -3.1458980337503153, -9.854101966249685, -9.854101966249685, -3.1458980337503153,
      ])
    try expectNear(
      imag(y),
      [0, 15.66593223730204, 4.424767466914009, -4.424767466914009, -15.66593223730204])
    let half = NDArray([1.0, 2, 3]) + NDArray([0.0, -1, 0]) * Complex<Double>(0, 1)
    try expectNear(
      irfft(half, n: 5),
      [
        2.2, -0.14318419123191758, 0.15872089866696826, -0.3115073031670103,
        -0.9040294042680405,
      ])
    try expectNear(
      hfft(half, n: 5),
      [
        11, -4.520147021340202, -1.5575365158350514, 0.7936044933348412, -0.7159209561595878,
      ])
    #expect(try fftfreq(5, d: 0.5).toArray(of: Double.self) == [0, 0.4, 0.8, -0.8, -0.4])
    #expect(try rfftfreq(4).toArray(of: Double.self) == [0, 0.25, 0.5])
    #expect(try fftshift(arange(5)).toArray(of: Int.self) == [3, 4, 0, 1, 2])
    #expect(try ifftshift(fftshift(arange(5))).toArray(of: Int.self) == [0, 1, 2, 3, 4])
  }

  @Test("lengths cut and pad, axes move, norms scale")
  func options() throws {
    let x = scattered([3, 4, 5])
    try expectClose(fft(x, n: 3), fft(x[.ellipsis, ..<3]))
    let padded = concatenate([x, zeros([3, 4, 2])], axis: 2)
    try expectClose(fft(x, n: 7), fft(padded))
    try expectClose(fft(x, axis: 0), fft(x.T).T)
    for norm in FourierNorm.allCases {
      try expectClose(irfft(rfft(x, norm: norm), n: 5, norm: norm), x)
      try expectClose(real(ifftn(fftn(x, norm: norm), norm: norm)), x)
      try expectClose(irfftn(rfftn(x, norm: norm), s: [3, 4, 5], norm: norm), x)
    }
    try expectClose(fft2(x), fft(fft(x), axis: 1))
    try expectClose(rfftn(x), fftn(x)[.ellipsis, ..<3])
    #expect(fftn(x, s: [2, 6]).shape == [3, 2, 6])
    #expect(fftn(x, s: [2, -1], axes: [0, 2]).shape == [2, 4, 5])
  }

  @Test("dtypes are NumPy's")
  func dtypes() throws {
    #expect(fft(zeros([4], dtype: .float32)).dtype == .complex64)
    #expect(fft(zeros([4], dtype: .float16)).dtype == .complex64)
    #expect(fft(zeros([4], dtype: .int8)).dtype == .complex128)
    #expect(irfft(zeros([4], dtype: .complex64)).dtype == .float32)
    let x = scattered([100])
    try expectClose(
      fft(x.asType(.float32)), fft(x.asType(.float32).asType(.float64)).asType(.complex64), 1e-7)
  }

  @Test("mistakes are told when building")
  func errors() throws {
    let x = zeros([4])
    #expect(fft(x, n: 0).expr.error?.code == .value)
    #expect(fft(x, axis: 3).expr.error?.code == .axis)
    #expect(fft(zeros([0])).expr.error?.code == .value)
    #expect(irfft(zeros([1])).expr.error?.code == .value)
    #expect(rfft(fft(x)).expr.error?.code == .dtype)
    #expect(fftn(x, s: [1, 2]).expr.error?.code == .value)
    #expect(fftn(x, s: [1, 2], axes: [0]).expr.error?.code == .value)
    #expect(fftfreq(0).expr.error?.code == .value)
  }

  @Test("no rows, many rows, NaN")
  func rows() throws {
    #expect(try fft(zeros([0, 4])).compute().shape == [0, 4])
    let x = scattered([600, 96])
    try expectClose(fft(x)[599], fft(x[599]), 0)
    let bad = NDArray([.nan, 1, 2, 3])
    #expect(try isnan(fft(bad)).all().item(Bool.self))
  }
}
