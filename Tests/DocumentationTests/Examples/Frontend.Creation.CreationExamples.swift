// Written from Sources/Frontend/Creation/Creation.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendCreationCreation: [Example] = [
    Example("Frontend/Creation/Creation.swift: zeros(_:dtype:file:line:)", frontendCreationCreation1),
    Example("Frontend/Creation/Creation.swift: ones(_:dtype:file:line:)", frontendCreationCreation2),
    Example("Frontend/Creation/Creation.swift: full(_:_:dtype:file:line:)", frontendCreationCreation3),
    Example("Frontend/Creation/Creation.swift: zeros(like:dtype:file:line:)", frontendCreationCreation4),
    Example("Frontend/Creation/Creation.swift: ones(like:dtype:file:line:)", frontendCreationCreation5),
    Example("Frontend/Creation/Creation.swift: full(like:_:dtype:file:line:)", frontendCreationCreation6),
    Example("Frontend/Creation/Creation.swift: arange(_:_:_:dtype:file:line:)", frontendCreationCreation7),
    Example("Frontend/Creation/Creation.swift: arange(_:_:dtype:file:line:)", frontendCreationCreation8),
    Example("Frontend/Creation/Creation.swift: arange(_:dtype:file:line:)", frontendCreationCreation9),
    Example("Frontend/Creation/Creation.swift: linspace(_:_:count:endpoint:dtype:axis:file:line:)", frontendCreationCreation10),
    Example("Frontend/Creation/Creation.swift: eye(_:_:offset:dtype:file:line:)", frontendCreationCreation11),
  ]

  private static func frontendCreationCreation1() throws {
    try expect("zeros([2, 3])", zeros([2, 3]), "[[0. 0. 0.]\n [0. 0. 0.]]")
    try expect("zeros([3], dtype: .int32).type", zeros([3], dtype: .int32).type, "int32[3]")
  }

  private static func frontendCreationCreation2() throws {
    try expect("ones([2, 2])", ones([2, 2]), "[[1. 1.]\n [1. 1.]]")
    try expect("ones([2, 2], dtype: .bool)", ones([2, 2], dtype: .bool), "[[ True  True]\n [ True  True]]")
  }

  private static func frontendCreationCreation3() throws {
    try expect("full([2, 2], 7)", full([2, 2], 7), "[[7 7]\n [7 7]]")
    try expect("full([2, 3], [1, 2, 3], dtype: .float32)", full([2, 3], [1, 2, 3], dtype: .float32), "[[1. 2. 3.]\n [1. 2. 3.]]")
  }

  private static func frontendCreationCreation4() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    try expect("zeros(like: a)", zeros(like: a), "[[0 0]\n [0 0]]")
  }

  private static func frontendCreationCreation5() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    try expect("ones(like: a, dtype: .float64)", ones(like: a, dtype: .float64), "[[1. 1.]\n [1. 1.]]")
  }

  private static func frontendCreationCreation6() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    try expect("full(like: a, 9)", full(like: a, 9), "[[9 9]\n [9 9]]")
  }

  private static func frontendCreationCreation7() throws {
    try expect("arange(1, 10, 3)", arange(1, 10, 3), "[1 4 7]")
    try expect("arange(0.0, 1.0, 0.25)", arange(0.0, 1.0, 0.25), "[0.   0.25 0.5  0.75]")
    try expect("arange(5, 0, -2)", arange(5, 0, -2), "[5 3 1]")
  }

  private static func frontendCreationCreation8() throws {
    try expect("arange(2, 5)", arange(2, 5), "[2 3 4]")
  }

  private static func frontendCreationCreation9() throws {
    try expect("arange(4)", arange(4), "[0 1 2 3]")
    try expect("arange(4, dtype: .float32) / 2", arange(4, dtype: .float32) / 2, "[0.  0.5 1.  1.5]")
  }

  private static func frontendCreationCreation10() throws {
    try expect("linspace(0, 1, count: 5)", linspace(0, 1, count: 5), "[0.   0.25 0.5  0.75 1.  ]")
    try expect("linspace(0, 1, count: 4, endpoint: false)", linspace(0, 1, count: 4, endpoint: false), "[0.   0.25 0.5  0.75]")
    try expect("linspace([0, 10], [1, 20], count: 3)", linspace([0, 10], [1, 20], count: 3), "[[ 0.  10. ]\n [ 0.5 15. ]\n [ 1.  20. ]]")
  }

  private static func frontendCreationCreation11() throws {
    try expect("eye(2)", eye(2), "[[1. 0.]\n [0. 1.]]")
    try expect("eye(2, 3, offset: 1, dtype: .int64)", eye(2, 3, offset: 1, dtype: .int64), "[[0 1 0]\n [0 0 1]]")
  }
}
