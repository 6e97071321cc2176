// Written from Sources/Frontend/Files/Zarr/ChunkCompression.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFilesZarrChunkCompression: [Example] = [
    Example("Frontend/Files/Zarr/ChunkCompression.swift: ChunkCompression", frontendFilesZarrChunkCompression1),
  ]

  private static func frontendFilesZarrChunkCompression1() throws {
    try expect("ChunkCompression(\"zstd:3\")", ChunkCompression("zstd:3"), "zstd:3")
    try expect("ChunkCompression(\"blosc:lz4:5:bitshuffle\")", ChunkCompression("blosc:lz4:5:bitshuffle"), "blosc:lz4:5:bitshuffle")
    try expect("ChunkCompression(\"rar\") == nil", ChunkCompression("rar") == nil, "true")
  }
}
