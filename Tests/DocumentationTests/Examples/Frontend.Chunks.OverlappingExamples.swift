// Written from Sources/Frontend/Chunks/Overlapping.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendChunksOverlapping: [Example] = [
    Example("Frontend/Chunks/Overlapping.swift: OverlapDepth", frontendChunksOverlapping1),
    Example("Frontend/Chunks/Overlapping.swift: NDArray.mapOverlap(depth:boundary:trim:dtype:file:line:_:)", frontendChunksOverlapping2),
    Example("Frontend/Chunks/Overlapping.swift: NDArray.mapOverlap(axes:boundary:trim:dtype:file:line:_:)", frontendChunksOverlapping3),
    Example("Frontend/Chunks/Overlapping.swift: NDArray.mapOverlap(depths:boundaries:trim:dtype:file:line:_:)", frontendChunksOverlapping4),
  ]

  private static func frontendChunksOverlapping1() throws {
    let same: OverlapDepth = 2
    try expect("same.before", same.before, "2")
    try expect("OverlapDepth(before: 1, after: 0).after", OverlapDepth(before: 1, after: 0).after, "0")
  }

  private static func frontendChunksOverlapping2() throws {
    let x = arange(8).rechunked(3)
    try expect("x.mapOverlap(depth: 1, boundary: .periodic) { roll($0, 1) + roll($0, -1) }", x.mapOverlap(depth: 1, boundary: .periodic) { roll($0, 1) + roll($0, -1) }, "[ 8  2  4  6  8 10 12  6]")
    try expect("x.mapOverlap(depth: 9) { $0 }", x.mapOverlap(depth: 9) { $0 }, "error: mapOverlap: depth 9 is greater than axis 0 of int64[8] [value]")
  }

  private static func frontendChunksOverlapping3() throws {
    let x = arange(8).reshaped([2, 4]).rechunked([1, 2])
    try expect("x.mapOverlap(axes: [1: OverlapDepth(before: 1, after: 0)], boundary: .constant(100)) {\n  cumsum($0, axis: 1)\n}", x.mapOverlap(axes: [1: OverlapDepth(before: 1, after: 0)], boundary: .constant(100)) {
      cumsum($0, axis: 1)
    }, "[[100 101   3   6]\n [104 109  11  18]]")
  }

  private static func frontendChunksOverlapping4() throws {
    let x = arange(6).reshaped([3, 2]).rechunked([2, 2])
    try expect("x.mapOverlap(depths: [1, 0], boundaries: [.nearest, .none]) { 2 * $0 - roll($0, 1, axis: 0) }", x.mapOverlap(depths: [1, 0], boundaries: [.nearest, .none]) { 2 * $0 - roll($0, 1, axis: 0) }, "[[0 1]\n [4 5]\n [6 7]]")
  }
}
