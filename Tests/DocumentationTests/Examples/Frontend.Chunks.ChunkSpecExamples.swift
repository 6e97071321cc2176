// Written from Sources/Frontend/Chunks/ChunkSpec.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendChunksChunkSpec: [Example] = [
    Example("Frontend/Chunks/ChunkSpec.swift: ChunkSpec", frontendChunksChunkSpec1),
  ]

  private static func frontendChunksChunkSpec1() throws {
    let specs: [ChunkSpec] = [100, -1, "auto", "64MiB", .pieces([3, 4])]
    try expect("specs", specs, "[100, whole, auto, 64.0 MiB, [3, 4]]")
  }
}
