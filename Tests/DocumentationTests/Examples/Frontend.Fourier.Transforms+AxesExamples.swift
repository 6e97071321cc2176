// Written from Sources/Frontend/Fourier/Transforms+Axes.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFourierTransformsAxes: [Example] = [
    Example("Frontend/Fourier/Transforms+Axes.swift: fftn(_:s:axes:norm:file:line:)", frontendFourierTransformsAxes1),
    Example("Frontend/Fourier/Transforms+Axes.swift: ifftn(_:s:axes:norm:file:line:)", frontendFourierTransformsAxes2),
    Example("Frontend/Fourier/Transforms+Axes.swift: fft2(_:s:axes:norm:file:line:)", frontendFourierTransformsAxes3),
    Example("Frontend/Fourier/Transforms+Axes.swift: rfftn(_:s:axes:norm:file:line:)", frontendFourierTransformsAxes4),
    Example("Frontend/Fourier/Transforms+Axes.swift: irfftn(_:s:axes:norm:file:line:)", frontendFourierTransformsAxes5),
  ]

  private static func frontendFourierTransformsAxes1() throws {
    try expect("fftn([[1, 2], [3, 4]])", fftn([[1, 2], [3, 4]]), "[[10.+0.j -2.+0.j]\n [-4.+0.j  0.+0.j]]")
  }

  private static func frontendFourierTransformsAxes2() throws {
    try expect("ifftn([[10, -2], [-4, 0]])", ifftn([[10, -2], [-4, 0]]), "[[1.+0.j 2.+0.j]\n [3.+0.j 4.+0.j]]")
  }

  private static func frontendFourierTransformsAxes3() throws {
    try expect("fft2([[1, 0], [0, 1]])", fft2([[1, 0], [0, 1]]), "[[2.+0.j 0.+0.j]\n [0.+0.j 2.+0.j]]")
  }

  private static func frontendFourierTransformsAxes4() throws {
    try expect("rfftn([[1, 2, 3, 4], [5, 6, 7, 8]])", rfftn([[1, 2, 3, 4], [5, 6, 7, 8]]), "[[ 36.+0.j  -4.+4.j  -4.+0.j]\n [-16.+0.j   0.+0.j   0.+0.j]]")
  }

  private static func frontendFourierTransformsAxes5() throws {
    try expect("irfftn(rfftn([[1, 2], [3, 4]]))", irfftn(rfftn([[1, 2], [3, 4]])), "[[1. 2.]\n [3. 4.]]")
  }
}
