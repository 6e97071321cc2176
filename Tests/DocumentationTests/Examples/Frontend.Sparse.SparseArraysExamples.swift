// Written from Sources/Frontend/Sparse/SparseArrays.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSparseArrays: [Example] = [
    Example("Frontend/Sparse/SparseArrays.swift: NDArray.asSparse(_:fill:file:line:)", frontendSparseSparseArrays1),
    Example("Frontend/Sparse/SparseArrays.swift: NDArray.asDense(file:line:)", frontendSparseSparseArrays2),
    Example("Frontend/Sparse/SparseArrays.swift: NDArray.init(coordinates:values:shape:fill:format:)", frontendSparseSparseArrays3),
    Example("Frontend/Sparse/SparseArrays.swift: NDArray.layout()", frontendSparseSparseArrays4),
    Example("Frontend/Sparse/SparseArrays.swift: NDArray.storedCount()", frontendSparseSparseArrays5),
    Example("Frontend/Sparse/SparseArrays.swift: NDArray.density()", frontendSparseSparseArrays6),
    Example("Frontend/Sparse/SparseArrays.swift: NDArray.fillValue()", frontendSparseSparseArrays7),
    Example("Frontend/Sparse/SparseArrays.swift: NDArray.entries()", frontendSparseSparseArrays8),
  ]

  private static func frontendSparseSparseArrays1() throws {
    let a: NDArray = [[0, 0, 3], [4, 0, 0]]
    let s = a.asSparse(.csr)
    try expect("s", s, "<int64[2, 3] in {dense, compressed} fill int64 0, 2 stored>")
    try expect("cos(s)", cos(s), "<float64[2, 3] in {dense, compressed} fill float64 1.0, 2 stored>")
    try expect("s.asDense() * 2", s.asDense() * 2, "[[0 0 6]\n [8 0 0]]")
    try expect("NDArray([1, 2]).asSparse(.csr)", NDArray([1, 2]).asSparse(.csr), "error: asSparse: int64[2] has no format csr [value]")
  }

  private static func frontendSparseSparseArrays2() throws {
    let a = eye(2).asSparse()
    try expect("a.asDense()", a.asDense(), "[[1. 0.]\n [0. 1.]]")
  }

  private static func frontendSparseSparseArrays3() throws {
    let s = try NDArray(coordinates: [[0, 1, 0], [2, 0, 2]], values: [3, 4, 5], shape: [2, 3])
    try expect("s.asDense()", s.asDense(), "[[0 0 8]\n [4 0 0]]")
    let huge = try NDArray(
      coordinates: [[0, 999_999_999_999], [7, 8]], values: [0.5, 2], shape: [1 << 40, 1 << 40])
    try expect("(huge * 2).sum()", (huge * 2).sum(), "5.0")
    try expect("try NDArray(coordinates: [[2], [0]], values: [1], shape: [2, 3])", try NDArray(coordinates: [[2], [0]], values: [1], shape: [2, 3]), "error: sparse: coordinate 2 of entry 0 is out of bounds for axis 0 with extent 2 [index-out-of-bounds]")
  }

  private static func frontendSparseSparseArrays4() throws {
    let s = eye(3).asSparse(.csr)
    try expect("try s.layout()", try s.layout(), "{dense, compressed} fill float64 0.0")
    try expect("try cos(s).layout()", try cos(s).layout(), "{dense, compressed} fill float64 1.0")
    try expect("try s.T.layout()", try s.T.layout(), "{dense, compressed} order [1, 0] fill float64 0.0")
    try expect("try (s + arange(3)).layout()", try (s + arange(3)).layout(), "{dense, dense}")
  }

  private static func frontendSparseSparseArrays5() throws {
    try expect("try eye(4).asSparse().storedCount()", try eye(4).asSparse().storedCount(), "4")
    try expect("try eye(4).storedCount()", try eye(4).storedCount(), "16")
  }

  private static func frontendSparseSparseArrays6() throws {
    try expect("try eye(4).asSparse().density()", try eye(4).asSparse().density(), "0.25")
  }

  private static func frontendSparseSparseArrays7() throws {
    try expect("try (eye(2).asSparse() + 1).fillValue()", try (eye(2).asSparse() + 1).fillValue(), "1.0")
  }

  private static func frontendSparseSparseArrays8() throws {
    let a: NDArray = [[0, 7], [8, 0]]
    let (coordinates, values) = try a.asSparse().entries()
    try expect("coordinates[1]", coordinates[1], "[1 0]")
    try expect("values", values, "[7 8]")
  }
}
