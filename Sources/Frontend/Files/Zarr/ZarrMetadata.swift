import WeftIR

/// What the metadata of a Zarr array say: versions 2 (`.zarray`) and 3 (`zarr.json`).
///
/// - Source: Zarr storage specifications 2 and 3, of zarr-specs.readthedocs.io.
struct ZarrMetadata: Sendable {
  let type: TensorType
  /// The extents of every chunk; those at the end are stored whole too.
  let chunkExtents: [Int]
  /// How a chunk's elements are told from its bytes.
  let layers: ChunkLayers
  /// How chunks stand in files; nil where each has its own.
  let shards: ZarrShards?
  /// The element of chunks that are not stored.
  let fill: Scalar
  /// What stands before the indices of a chunk's key, and between them.
  let prefix: String
  let separator: String

  /// Reads the metadata's text.
  ///
  /// - Throws: `file-format` where they are damaged; `unsupported` for what is not read, by its name.
  init(_ bytes: [UInt8], operation: String) throws(WeftError) {
    let object: JSONValue
    do throws(JSONError) {
      object = try JSONParser.parse(bytes)
    } catch {
      throw WeftError(.fileFormat, operation, "the metadata are no JSON: \(error)")
    }
    let fields = ZarrFields(object, operation)
    switch try fields.number("zarr_format") {
    case 2: try self.init(version2: fields)
    case 3: try self.init(version3: fields)
    case let version: throw fields.unsupported("Zarr format \(version)")
    }
  }

  private init(version2 fields: ZarrFields) throws(WeftError) {
    let (dtype, isSwapped) = try Self.dtype(fields.text("dtype"), fields)
    let rank = try fields.extents("shape").count
    let order = fields["order"]?.text ?? "C"
    guard order == "C" || order == "F" else { throw fields.unsupported("chunks in order \(order)") }
    if let filters = fields["filters"]?.items, let first = filters.first {
      throw fields.unsupported("filter \((first["id"]?.text ?? "without a name").prefix(64))")
    }
    var codecs: [ChunkCodec] = []
    if let compressor = fields["compressor"], case .object = compressor {
      codecs.append(try ChunkCodec(compressor["id"]?.text ?? "", fields))
    }
    try self.init(
      fields, dtype, fields.extents("chunks"),
      ChunkLayers(
        codecs: codecs, isByteSwapped: isSwapped, axes: order == "F" ? (0..<rank).reversed() : nil),
      shards: nil, prefix: "", separator: fields["dimension_separator"]?.text ?? ".")
  }

  private init(version3 fields: ZarrFields) throws(WeftError) {
    guard fields["node_type"]?.text == "array" else {
      throw fields.unsupported("a group: name one of its arrays")
    }
    let name = try fields.text("data_type")
    guard let dtype = DType(name: name) else { throw fields.unsupported("data type \(name)") }
    guard let grid = fields["chunk_grid"], grid["name"]?.text == "regular",
      let configuration = grid["configuration"]
    else { throw fields.unsupported("a chunk grid that is not regular") }
    let extents = try ZarrFields(configuration, fields.operation).extents("chunk_shape")
    let encoding = fields["chunk_key_encoding"]
    let isDefault = encoding?["name"]?.text ?? "default" == "default"
    let separator =
      encoding?["configuration"]?["separator"]?.text ?? (isDefault ? "/" : ".")
    let layers = fields["codecs"]?.items ?? []
    var (inner, chunk, shards) = (layers, extents, ZarrShards?.none)
    if let codec = layers.first(where: { $0["name"]?.text == "sharding_indexed" }) {
      guard layers.count == 1, let configuration = codec["configuration"] else {
        throw fields.unsupported("other codecs beside that of shards")
      }
      chunk = try ZarrFields(configuration, fields.operation).extents("chunk_shape")
      inner = configuration["codecs"]?.items ?? []
      shards = try ZarrShards(configuration, shard: extents, chunk: chunk, fields)
    }
    try self.init(
      fields, dtype, chunk,
      ChunkLayers(inner, rank: chunk.count, itemSize: dtype.itemSize, fields), shards: shards,
      prefix: isDefault ? "c" + (fields.extents("shape").isEmpty ? "" : separator) : "",
      separator: separator)
  }

  private init(
    _ fields: ZarrFields, _ dtype: DType, _ chunkExtents: [Int], _ layers: ChunkLayers,
    shards: ZarrShards?, prefix: String, separator: String
  ) throws(WeftError) {
    let shape = try fields.extents("shape")
    type = TensorType(dtype, Shape(shape))
    guard type.byteCount != nil else { throw fields.damaged("\(type) cannot be counted") }
    let files = zip(shards?.counts ?? [], chunkExtents).map { $0 * $1 }
    guard Self.isCountable(shape, chunkExtents, dtype),
      shards == nil || Self.isCountable(shape, files, dtype)
    else { throw fields.damaged("chunks of \(chunkExtents) for \(type)") }
    guard Self.isName(separator) else { throw fields.damaged("the separator of keys is no name") }
    self.chunkExtents = chunkExtents
    self.layers = layers
    self.shards = shards
    fill = try Self.fill(fields["fill_value"] ?? .null, dtype, fields)
    self.prefix = prefix
    self.separator = separator
  }

  /// Whether a chunk, the positions that all chunks reach to, and their number can be counted.
  private static func isCountable(_ shape: [Int], _ chunks: [Int], _ dtype: DType) -> Bool {
    guard chunks.count == shape.count, chunks.allSatisfy({ $0 > 0 }),
      TensorType(dtype, Shape(chunks)).byteCount != nil
    else { return false }
    var count = 1
    for (extent, chunk) in zip(shape, chunks) {
      let (end, isAbove) = extent.addingReportingOverflow(chunk)
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, (end - 1) / chunk))
      if isAbove || overflow { return false }
      count = product
    }
    return true
  }

  /// Keys stay below the store's folder.
  private static func isName(_ separator: String) -> Bool { separator == "." || separator == "/" }

  /// Reads `<f8`.
  private static func dtype(
    _ text: String, _ fields: ZarrFields
  ) throws(WeftError) -> (DType, Bool) {
    let kinds: [Character: String] = ["i": "int", "u": "uint", "f": "float", "c": "complex"]
    let size = Int(text.dropFirst(2)) ?? 0
    if text == "|b1" { return (.bool, false) }
    guard let kind = text.dropFirst().first.flatMap({ kinds[$0] }),
      let dtype = DType(name: "\(kind)\(size * 8)"), "<>|".contains(text.first ?? "x")
    else { throw fields.unsupported("dtype \(text)") }
    return (dtype, text.first == ">")
  }

  private static func fill(
    _ value: JSONValue, _ dtype: DType, _ fields: ZarrFields
  ) throws(WeftError) -> Scalar {
    func part(_ value: JSONValue) throws(WeftError) -> Double {
      switch value {
      case .null: return 0
      case .bool(let isTrue): return isTrue ? 1 : 0
      case .string("NaN"): return .nan
      case .string("Infinity"): return .infinity
      case .string("-Infinity"): return -.infinity
      default:
        guard let number = value.double else {
          throw fields.unsupported("a fill value of this form")
        }
        return number
      }
    }
    if case .integer(let number) = value { return Scalar(number, .int64).converted(to: dtype) }
    if let parts = value.items {
      guard parts.count == 2, dtype.isComplex else {
        throw fields.damaged("the fill value is no element")
      }
      return Scalar(try part(parts[0]), try part(parts[1]), dtype)
    }
    return Scalar(try part(value), 0, dtype)
  }
}

/// The members of a JSON object, with errors that name them.
struct ZarrFields {
  private let object: JSONValue
  let operation: String

  init(_ object: JSONValue, _ operation: String) {
    self.object = object
    self.operation = operation
  }

  subscript(name: String) -> JSONValue? { object[name] }

  func damaged(_ message: String) -> WeftError { WeftError(.fileFormat, operation, message) }
  func unsupported(_ what: String) -> WeftError {
    WeftError(.unsupported, operation, "\(what) is not read")
  }

  func number(_ name: String) throws(WeftError) -> Int {
    guard let number = object[name]?.int else { throw damaged("'\(name)' is no number") }
    return number
  }

  func text(_ name: String) throws(WeftError) -> String {
    guard let text = object[name]?.text else { throw damaged("'\(name)' is no text") }
    return text
  }

  func extents(_ name: String) throws(WeftError) -> [Int] {
    guard let items = object[name]?.items, items.allSatisfy({ ($0.int ?? -1) >= 0 }) else {
      throw damaged("'\(name)' is no list of extents")
    }
    return items.compactMap(\.int)
  }
}
