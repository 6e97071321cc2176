// Written from Sources/Frontend/Creation/Literals.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendCreationLiterals: [Example] = [
    Example("Frontend/Creation/Literals.swift: NDArray.init(arrayLiteral:)", frontendCreationLiterals1),
    Example("Frontend/Creation/Literals.swift: NDArray.init(_:file:line:)", frontendCreationLiterals2),
    Example("Frontend/Creation/Literals.swift: NDArray.init(_:shape:file:line:)", frontendCreationLiterals3),
    Example("Frontend/Creation/Literals.swift: NDArray.init(copying:shape:file:line:)", frontendCreationLiterals4),
    Example("Frontend/Creation/Literals.swift: NDArray.init(unsafeNoCopy:shape:file:line:release:)", frontendCreationLiterals5),
  ]

  private static func frontendCreationLiterals1() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    try expect("a.type", a.type, "int64[2, 2]")
    let b: NDArray = [1, 2.5]
    try expect("b.type", b.type, "float64[2]")
  }

  private static func frontendCreationLiterals2() throws {
    let celsius: [Double] = [20.5, 21, 19.25]
    try expect("NDArray(celsius) * 1.8 + 32", NDArray(celsius) * 1.8 + 32, "[68.9  69.8  66.65]")
  }

  private static func frontendCreationLiterals3() throws {
    try expect("NDArray([1, 2, 3, 4, 5, 6], shape: [2, 3])", NDArray([1, 2, 3, 4, 5, 6], shape: [2, 3]), "[[1 2 3]\n [4 5 6]]")
  }

  private static func frontendCreationLiterals4() throws {
    let values: [Float] = [1, 2, 3, 4]
    try expect("values.withUnsafeBufferPointer { NDArray(copying: $0, shape: [2, 2]) }", values.withUnsafeBufferPointer { NDArray(copying: $0, shape: [2, 2]) }, "[[1. 2.]\n [3. 4.]]")
  }

  private static func frontendCreationLiterals5() throws {
    let memory = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 4)
    memory.initialize(repeating: 5)
    nonisolated(unsafe) let owned = memory
    let a = NDArray(unsafeNoCopy: UnsafeBufferPointer(memory), shape: [4]) { owned.deallocate() }
    try expect("a + 1", a + 1, "[6 6 6 6]")
  }
}
