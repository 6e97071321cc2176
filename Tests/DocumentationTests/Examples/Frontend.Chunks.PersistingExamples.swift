// Written from Sources/Frontend/Chunks/Persisting.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendChunksPersisting: [Example] = [
    Example("Frontend/Chunks/Persisting.swift: NDArray.persist(on:progress:)", frontendChunksPersisting1),
    Example("Frontend/Chunks/Persisting.swift: persist(_:on:progress:)", frontendChunksPersisting2),
  ]

  private static func frontendChunksPersisting1() throws {
    let x = try sqrt(arange(10).rechunked(4)).persist()
    try expect("x.chunks", x.chunks, "[[4, 4, 2]]")
    try expect("x.blocks[2]", x.blocks[2], "[2.82842712 3.        ]")
  }

  private static func frontendChunksPersisting2() throws {
    let x = arange(6).rechunked(3)
    let kept = try persist([x + 1, x * x])
    try expect("(kept[0] + kept[1]).sum()", (kept[0] + kept[1]).sum(), "76")
  }
}
