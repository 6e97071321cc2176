import WeftIR

extension ScriptFunction {
  static let fourier: [ScriptFunction] =
    [
      alongAxis("fft", fft(_:n:axis:norm:file:line:)),
      alongAxis("ifft", ifft(_:n:axis:norm:file:line:)),
      alongAxis("rfft", rfft(_:n:axis:norm:file:line:)),
      alongAxis("irfft", irfft(_:n:axis:norm:file:line:)),
      alongAxis("hfft", hfft(_:n:axis:norm:file:line:)),
      alongAxis("ihfft", ihfft(_:n:axis:norm:file:line:)),
      alongAxes("fftn", fftn(_:s:axes:norm:file:line:)),
      alongAxes("ifftn", ifftn(_:s:axes:norm:file:line:)),
      alongAxes("rfftn", rfftn(_:s:axes:norm:file:line:)),
      alongAxes("irfftn", irfftn(_:s:axes:norm:file:line:)),
      alongTwo("fft2", fftn(_:s:axes:norm:file:line:)),
      alongTwo("ifft2", ifftn(_:s:axes:norm:file:line:)),
      alongTwo("rfft2", rfftn(_:s:axes:norm:file:line:)),
      alongTwo("irfft2", irfftn(_:s:axes:norm:file:line:)),
    ] + bins

  private static let bins: [ScriptFunction] = [
    ScriptFunction(
      "fft.fftfreq(n, d=1.0, *, dtype=None, device=None)", swift: "fftfreq(n, d:)"
    ) { a in
      let frequencies = fftfreq(try a.int("n"), d: try a.real("d"), file: a.file, line: a.line)
      return .array(frequencies.converted(to: try a.optionalDType() ?? .float64, site: a.site))
    },
    ScriptFunction(
      "fft.rfftfreq(n, d=1.0, *, dtype=None, device=None)", swift: "rfftfreq(n, d:)"
    ) { a in
      let frequencies = rfftfreq(try a.int("n"), d: try a.real("d"), file: a.file, line: a.line)
      return .array(frequencies.converted(to: try a.optionalDType() ?? .float64, site: a.site))
    },
    ScriptFunction("fft.fftshift(x, axes=None)", swift: "fftshift(x, axes:)") { a in
      .array(
        fftshift(try a.array("x"), axes: try a.axes("axes"), file: a.file, line: a.line))
    },
    ScriptFunction("fft.ifftshift(x, axes=None)", swift: "ifftshift(x, axes:)") { a in
      .array(
        ifftshift(try a.array("x"), axes: try a.axes("axes"), file: a.file, line: a.line))
    },
  ]

  private typealias Along =
    @Sendable (
      NDArray, Int?, Int, FourierNorm, StaticString, UInt
    ) -> NDArray
  private typealias AlongSeveral =
    @Sendable (
      NDArray, [Int]?, [Int]?, FourierNorm, StaticString, UInt
    ) -> NDArray

  private static func alongAxis(_ name: String, _ transform: @escaping Along) -> ScriptFunction {
    ScriptFunction(
      "fft.\(name)(a, n=None, axis=-1, norm=None)", swift: "\(name)(a, n:, axis:, norm:)"
    ) { a in
      .array(
        transform(
          try a.array("a"), try a.optionalInt("n"), try a.axis(), try a.fourierNorm(), a.file,
          a.line))
    }
  }

  private static func alongAxes(
    _ name: String, _ transform: @escaping AlongSeveral
  ) -> ScriptFunction {
    ScriptFunction(
      "fft.\(name)(a, s=None, axes=None, norm=None)", swift: "\(name)(a, s:, axes:, norm:)"
    ) { a in
      .array(
        transform(
          try a.array("a"), try a.optionalInts("s"), try a.axes("axes"), try a.fourierNorm(),
          a.file, a.line))
    }
  }

  /// As `alongAxes` with the last two axes by default.
  private static func alongTwo(
    _ name: String, _ transform: @escaping AlongSeveral
  ) -> ScriptFunction {
    ScriptFunction(
      "fft.\(name)(a, s=None, axes=None, norm=None)",
      swift: "\(name.dropLast())n(a, s:, axes: [-2, -1], norm:)"
    ) { a in
      .array(
        transform(
          try a.array("a"), try a.optionalInts("s"), try a.axes("axes") ?? [-2, -1],
          try a.fourierNorm(), a.file, a.line))
    }
  }
}

extension ScriptArguments {
  /// The norm of a transform; None is backward.
  fileprivate func fourierNorm() throws -> FourierNorm {
    if isNone("norm") { return .backward }
    let text = try string("norm", oneOf: FourierNorm.allCases.map(\.rawValue))
    return FourierNorm(rawValue: text) ?? .backward
  }
}
