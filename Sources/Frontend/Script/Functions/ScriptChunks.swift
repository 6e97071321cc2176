import WeftExecution
import WeftIR

extension ScriptFunction {
  /// Methods of arrays that are cut into chunks, under Dask's names.
  static let chunks: [ScriptFunction] = [
    ScriptFunction("array.rechunk(x, chunks='auto', /)", swift: "x.rechunked([100, -1])") { a in
      let array = try a.array("x").strong
      let value = a["chunks"]
      let specs: [ChunkSpec]
      if let items = value.items, value.isTuple {
        specs = try items.map { try chunkSpec($0, a.site) }
      } else {
        specs = Array(repeating: try chunkSpec(value, a.site), count: array.rank)
      }
      return .array(array.rechunked(specs, file: a.file, line: a.line))
    },
    ScriptFunction("array.persist(x, /)", swift: "try x.persist()") { a in
      .array(try a.array("x").strong.persist())
    },
  ]

  /// A chunk specification of Dask's: an extent, -1, None, "auto", a size, or extents of pieces.
  private static func chunkSpec(_ value: ScriptValue, _ site: SourceSite) throws -> ChunkSpec {
    switch value {
    case .integer(let extent):
      return extent == -1 ? .whole : .extent(Int(clamping: extent))
    case .none: return .whole
    case .string(let text): return ChunkSpec(stringLiteral: text)
    case .tuple, .list:
      let pieces = try (value.items ?? []).map { item -> Int in
        guard case .integer(let extent) = item else {
          throw WeftError(.argument, "rechunk", "\(item.summary) is no extent", site: site)
        }
        return Int(clamping: extent)
      }
      return .pieces(pieces)
    default:
      throw WeftError(
        .argument, "rechunk", "\(value.summary) is no specification of chunks", site: site)
    }
  }
}

extension ScriptValue {
  fileprivate var isTuple: Bool { if case .tuple = self { true } else { false } }
}
