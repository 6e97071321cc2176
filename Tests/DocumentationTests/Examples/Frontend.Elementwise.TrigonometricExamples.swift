// Written from Sources/Frontend/Elementwise/Trigonometric.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseTrigonometric: [Example] = [
    Example("Frontend/Elementwise/Trigonometric.swift: sin(_:file:line:)", frontendElementwiseTrigonometric1),
    Example("Frontend/Elementwise/Trigonometric.swift: cos(_:file:line:)", frontendElementwiseTrigonometric2),
    Example("Frontend/Elementwise/Trigonometric.swift: tan(_:file:line:)", frontendElementwiseTrigonometric3),
    Example("Frontend/Elementwise/Trigonometric.swift: asin(_:file:line:)", frontendElementwiseTrigonometric4),
    Example("Frontend/Elementwise/Trigonometric.swift: acos(_:file:line:)", frontendElementwiseTrigonometric5),
    Example("Frontend/Elementwise/Trigonometric.swift: atan(_:file:line:)", frontendElementwiseTrigonometric6),
    Example("Frontend/Elementwise/Trigonometric.swift: atan2(_:_:file:line:)", frontendElementwiseTrigonometric7),
    Example("Frontend/Elementwise/Trigonometric.swift: sinh(_:file:line:)", frontendElementwiseTrigonometric8),
    Example("Frontend/Elementwise/Trigonometric.swift: cosh(_:file:line:)", frontendElementwiseTrigonometric9),
    Example("Frontend/Elementwise/Trigonometric.swift: tanh(_:file:line:)", frontendElementwiseTrigonometric10),
    Example("Frontend/Elementwise/Trigonometric.swift: asinh(_:file:line:)", frontendElementwiseTrigonometric11),
    Example("Frontend/Elementwise/Trigonometric.swift: acosh(_:file:line:)", frontendElementwiseTrigonometric12),
    Example("Frontend/Elementwise/Trigonometric.swift: atanh(_:file:line:)", frontendElementwiseTrigonometric13),
  ]

  private static func frontendElementwiseTrigonometric1() throws {
    try expect("sin(NDArray([0, Double.pi / 2]))", sin(NDArray([0, Double.pi / 2])), "[0. 1.]")
  }

  private static func frontendElementwiseTrigonometric2() throws {
    try expect("cos(NDArray([0, .pi]))", cos(NDArray([0, .pi])), "[ 1. -1.]")
  }

  private static func frontendElementwiseTrigonometric3() throws {
    try expect("tan([0, 1])", tan([0, 1]), "[0.         1.55740772]")
  }

  private static func frontendElementwiseTrigonometric4() throws {
    try expect("asin([0, 1, 2])", asin([0, 1, 2]), "[0.         1.57079633        nan]")
  }

  private static func frontendElementwiseTrigonometric5() throws {
    try expect("acos([1, 0, -1])", acos([1, 0, -1]), "[0.         1.57079633 3.14159265]")
  }

  private static func frontendElementwiseTrigonometric6() throws {
    try expect("atan([0, 1])", atan([0, 1]), "[0.         0.78539816]")
  }

  private static func frontendElementwiseTrigonometric7() throws {
    try expect("atan2([1, -1], [1, -1])", atan2([1, -1], [1, -1]), "[ 0.78539816 -2.35619449]")
  }

  private static func frontendElementwiseTrigonometric8() throws {
    try expect("sinh([0, 1])", sinh([0, 1]), "[0.         1.17520119]")
  }

  private static func frontendElementwiseTrigonometric9() throws {
    try expect("cosh([0, 1])", cosh([0, 1]), "[1.         1.54308063]")
  }

  private static func frontendElementwiseTrigonometric10() throws {
    try expect("tanh([0, 1, 100])", tanh([0, 1, 100]), "[0.         0.76159416 1.        ]")
  }

  private static func frontendElementwiseTrigonometric11() throws {
    try expect("asinh([0, 1])", asinh([0, 1]), "[0.         0.88137359]")
  }

  private static func frontendElementwiseTrigonometric12() throws {
    try expect("acosh([1, 2, 0])", acosh([1, 2, 0]), "[0.        1.3169579       nan]")
  }

  private static func frontendElementwiseTrigonometric13() throws {
    try expect("atanh([0, 0.5, 1])", atanh([0, 0.5, 1]), "[0.         0.54930614        inf]")
  }
}
