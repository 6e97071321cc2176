// Written from Sources/Frontend/Chunks/NDArray+Chunks.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft
import WeftIR

extension Example {
  static let frontendChunksNDArrayChunks: [Example] = [
    Example("Frontend/Chunks/NDArray+Chunks.swift: NDArray.init(_:)", frontendChunksNDArrayChunks1),
    Example("Frontend/Chunks/NDArray+Chunks.swift: NDArray.init(_:)", frontendChunksNDArrayChunks2),
    Example("Frontend/Chunks/NDArray+Chunks.swift: NDArray.rechunked(_:file:line:)", frontendChunksNDArrayChunks3),
    Example("Frontend/Chunks/NDArray+Chunks.swift: NDArray.rechunked(_:file:line:)", frontendChunksNDArrayChunks4),
    Example("Frontend/Chunks/NDArray+Chunks.swift: NDArray.rechunked(axes:file:line:)", frontendChunksNDArrayChunks5),
  ]

  private static func frontendChunksNDArrayChunks1() throws {

    let path = NSTemporaryDirectory() + "weft-source.npy"
    try arange(6).save(to: path)
    try expect("NDArray(try NPYSource(path)) + 1", NDArray(try NPYSource(path)) + 1, "[1 2 3 4 5 6]")
  }

  private static func frontendChunksNDArrayChunks2() throws {

    /// Squares, made when they are needed.
    struct Squares: ArraySource {
      let type = TensorType(.int64, Shape([4]))
      func read() throws -> Buffer { try square(arange(4)).buffer() }
    }

    try expect("NDArray(Squares()) + 1", NDArray(Squares()) + 1, "[ 1  2  5 10]")
  }

  private static func frontendChunksNDArrayChunks3() throws {
    let x = ones([1000, 300]).rechunked([100, "auto"])
    try expect("try x.sum().compute(on: .chunked)", try x.sum().compute(on: .chunked), "300000.0")
    try expect("ones([5]).rechunked([.pieces([2, 2])])", ones([5]).rechunked([.pieces([2, 2])]), "error: rechunked: chunks of [2, 2] positions do not make up axis 0 of extent 5 [value]")
  }

  private static func frontendChunksNDArrayChunks4() throws {
    try expect("try arange(10).rechunked(3).sum().compute(on: .chunked)", try arange(10).rechunked(3).sum().compute(on: .chunked), "45")
  }

  private static func frontendChunksNDArrayChunks5() throws {
    try expect("try ones([4, 6]).rechunked(axes: [-1: 2]).sum(axis: 0).compute(on: .chunked)", try ones([4, 6]).rechunked(axes: [-1: 2]).sum(axis: 0).compute(on: .chunked), "[4. 4. 4. 4. 4. 4.]")
  }
}
