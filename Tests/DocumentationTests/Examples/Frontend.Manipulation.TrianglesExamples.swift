// Written from Sources/Frontend/Manipulation/Triangles.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationTriangles: [Example] = [
    Example("Frontend/Manipulation/Triangles.swift: tri(_:_:offset:dtype:file:line:)", frontendManipulationTriangles1),
    Example("Frontend/Manipulation/Triangles.swift: tril(_:offset:file:line:)", frontendManipulationTriangles2),
    Example("Frontend/Manipulation/Triangles.swift: triu(_:offset:file:line:)", frontendManipulationTriangles3),
    Example("Frontend/Manipulation/Triangles.swift: diagonal(_:offset:axis1:axis2:file:line:)", frontendManipulationTriangles4),
    Example("Frontend/Manipulation/Triangles.swift: trace(_:offset:axis1:axis2:dtype:file:line:)", frontendManipulationTriangles5),
    Example("Frontend/Manipulation/Triangles.swift: diag(_:offset:file:line:)", frontendManipulationTriangles6),
    Example("Frontend/Manipulation/Triangles.swift: diagFlat(_:offset:file:line:)", frontendManipulationTriangles7),
  ]

  private static func frontendManipulationTriangles1() throws {
    try expect("tri(3, dtype: .int64)", tri(3, dtype: .int64), "[[1 0 0]\n [1 1 0]\n [1 1 1]]")
  }

  private static func frontendManipulationTriangles2() throws {
    try expect("tril([[1, 2], [3, 4]])", tril([[1, 2], [3, 4]]), "[[1 0]\n [3 4]]")
  }

  private static func frontendManipulationTriangles3() throws {
    try expect("triu([[1, 2], [3, 4]])", triu([[1, 2], [3, 4]]), "[[1 2]\n [0 4]]")
    try expect("triu(ones([3, 3]), offset: 1)", triu(ones([3, 3]), offset: 1), "[[0. 1. 1.]\n [0. 0. 1.]\n [0. 0. 0.]]")
  }

  private static func frontendManipulationTriangles4() throws {
    try expect("diagonal([[1, 2, 3], [4, 5, 6]])", diagonal([[1, 2, 3], [4, 5, 6]]), "[1 5]")
    try expect("diagonal([[1, 2, 3], [4, 5, 6]], offset: 1)", diagonal([[1, 2, 3], [4, 5, 6]], offset: 1), "[2 6]")
  }

  private static func frontendManipulationTriangles5() throws {
    try expect("trace([[1, 2], [3, 4]])", trace([[1, 2], [3, 4]]), "5")
  }

  private static func frontendManipulationTriangles6() throws {
    try expect("diag([1, 2])", diag([1, 2]), "[[1 0]\n [0 2]]")
    try expect("diag([[1, 2], [3, 4]])", diag([[1, 2], [3, 4]]), "[1 4]")
  }

  private static func frontendManipulationTriangles7() throws {
    try expect("diagFlat([[1, 2]], offset: 1)", diagFlat([[1, 2]], offset: 1), "[[0 1 0]\n [0 0 2]\n [0 0 0]]")
  }
}
