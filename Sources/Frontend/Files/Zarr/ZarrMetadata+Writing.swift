import WeftIR

extension ZarrMetadata {
  /// The metadata of an array to be written.
  ///
  /// - Throws: `argument` for another version than 2 and 3 or a compression that it does not have; `unsupported`
  ///   for a dtype that it does not have.
  init(
    writing type: TensorType, chunks: [Int], compression: ChunkCompression, version: Int,
    operation: String
  ) throws(WeftError) {
    guard version == 2 || version == 3 else {
      throw WeftError(.argument, operation, "Zarr version \(version); there are 2 and 3")
    }
    try compression.check(version: version, operation: operation)
    let text = try Self.text(type, chunks, compression, version, operation)
    try self.init(Array(text.utf8), operation: operation)
  }

  /// The name of the file that holds the text of a version.
  static func fileName(version: Int) -> String { version == 2 ? ".zarray" : "zarr.json" }

  /// What zarr-python writes for such an array.
  static func text(
    _ type: TensorType, _ chunks: [Int], _ compression: ChunkCompression, _ version: Int,
    _ operation: String
  ) throws(WeftError) -> String {
    let shape = list(type.shape.codes)
    let dtype = type.dtype
    let zero =
      dtype == .bool ? "false" : dtype.isComplex ? "[0.0, 0.0]" : dtype.isFloat ? "0.0" : "0"
    if version == 2 {
      guard dtype != .bfloat16 else {
        throw WeftError(
          .unsupported, operation, "Zarr version 2 has no bfloat16", hint: "version 3 has")
      }
      return """
        {
          "chunks": \(list(chunks)),
          "compressor": \(compression.version2),
          "dtype": "\(NPYHeader.descr(dtype))",
          "fill_value": \(zero),
          "filters": null,
          "order": "C",
          "shape": \(shape),
          "zarr_format": 2
        }
        """
    }
    let endian = dtype.itemSize > 1 ? #", "configuration": {"endian": "little"}"# : ""
    let more = compression.version3(itemSize: dtype.itemSize).map { ", \($0)" } ?? ""
    return """
      {
        "zarr_format": 3,
        "node_type": "array",
        "shape": \(shape),
        "data_type": "\(dtype.name)",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": \(list(chunks))}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": \(zero),
        "codecs": [{"name": "bytes"\(endian)}\(more)],
        "attributes": {}
      }
      """
  }

  private static func list(_ extents: [Int]) -> String {
    "[" + extents.map { "\($0)" }.joined(separator: ", ") + "]"
  }
}

extension ChunkCompression {
  /// The member `compressor` of `.zarray`.
  fileprivate var version2: String {
    switch self {
    case .none: "null"
    case .gzip(let level): #"{"id": "gzip", "level": \#(level)}"#
    case .zlib(let level): #"{"id": "zlib", "level": \#(level)}"#
    case .zstd(let level): #"{"id": "zstd", "level": \#(level)}"#
    case .blosc(let settings):
      #"{"id": "blosc", "cname": "\#(settings.compressor.rawValue)", "clevel": \#(settings.level), "#
        + #""shuffle": \#(settings.shuffle.code), "blocksize": 0}"#
    }
  }

  /// The codec behind `bytes` in `zarr.json`.
  fileprivate func version3(itemSize: Int) -> String? {
    switch self {
    case .none, .zlib: nil
    case .gzip(let level): #"{"name": "gzip", "configuration": {"level": \#(level)}}"#
    case .zstd(let level):
      #"{"name": "zstd", "configuration": {"level": \#(level), "checksum": false}}"#
    case .blosc(let settings):
      #"{"name": "blosc", "configuration": {"typesize": \#(itemSize), "#
        + #""cname": "\#(settings.compressor.rawValue)", "clevel": \#(settings.level), "#
        + #""shuffle": "\#(settings.shuffle.rawValue)", "blocksize": 0}}"#
    }
  }
}
