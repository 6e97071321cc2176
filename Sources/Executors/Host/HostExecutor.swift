import CBLAS
import CHost
import WeftIR
import WeftPasses

/// Runs graphs on this machine's cores: fused kernels over tiles, OpenBLAS for contractions.
///
/// What it has no code for runs row by row on the fallback executor, which is noted in the steps
/// and as an event.
public struct HostExecutor: Executor {
  /// The name that sessions choose it by.
  public let name = "blas"
  private let fallback: any Executor

  /// An executor that gives what it cannot run to another.
  public init(fallback: any Executor) { self.fallback = fallback }

  /// Multiplies two small matrices; without BLAS its own loops serve.
  public func probe() -> Availability {
    if let reason = BlasLibrary.unavailable {
      return .available("no BLAS: \(reason), own loops")
    }
    guard BlasLibrary.multipliesRight() else {
      return .available("no BLAS: \(BlasLibrary.name) multiplies wrongly, own loops")
    }
    return .available("\(BlasLibrary.name), AVX level \(weft_tile_level())")
  }

  /// Whether a row runs here; the rest goes to the fallback.
  public func supports(_ row: Int, of graph: Graph) -> Support {
    let op = graph.rows[row].op
    switch op {
    case .input, .constant, .iota, .random, .convert, .broadcast, .reshape, .permute, .slice,
      .reverse, .store, .contract:
      return .native
    case .map, .reduce:
      if Self.isNative(row, of: graph) { return .native }
      let types = graph.operands(row).map { "\(graph.type($0).dtype)" }.joined(separator: ", ")
      return .none(reason: "no loop for \(op.name) of \(types)")
    case .scan, .argReduce, .pad, .concatenate, .gather, .scatter, .compress, .sort, .call:
      return RowCode.isNative(row, of: graph)
        ? .native : .none(reason: "\(op.name) runs on \(fallback.name)")
    }
  }

  /// What memory and steps cost here; measured once a machine and kept in the kernel cache.
  public var measuredRates: CostRates? { HostRates.ofMachine }

  /// Plans kernels, contractions and memory.
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    try HostPlanner.plan(graph, fallback: fallback, context)
  }

  /// Whether a kernel can hold a map, conversion or reduction.
  static func isNative(_ row: Int, of graph: Graph) -> Bool {
    let operands = graph.operands(row)
    switch graph.rows[row].op {
    case .map(let f):
      let values = operands[f == .select ? operands.startIndex + 1 : operands.startIndex]
      return graph.types(row).first?.shape.isKnown == true
        && TileFunctions.isNative(f, graph.type(values).dtype)
    case .convert, .random: return graph.types(row).first?.shape.isKnown == true
    case .reduce(let f, _):
      let type = graph.type(operands[operands.startIndex])
      return type.shape.isKnown && f.isCommutative && TileFunctions.isNative(f, type.dtype)
    // Compiled kernels hold them; without those they are rows (`RowCode`).
    case .gather, .argReduce, .scan, .scatter: return true
    default: return false
    }
  }
}

/// OpenBLAS, opened at first use.
enum BlasLibrary {
  /// Why there is none, or nil.
  static let unavailable: String? = weft_blas_open().map { String(cString: $0) }

  /// Name, version and the processor it was tuned for.
  static var name: String {
    let words = String(cString: weft_blas_config()).split(separator: " ").prefix(2)
    let core = String(cString: weft_blas_corename())
    return words.isEmpty ? "BLAS" : words.joined(separator: " ") + (core.isEmpty ? "" : " \(core)")
  }

  /// Whether a product that is known comes out.
  static func multipliesRight() -> Bool {
    let a: [Double] = [1, 2, 3, 4]
    let b: [Double] = [5, 6, 7, 8]
    var c: [Double] = [.nan, .nan, .nan, .nan]
    weft_blas_dgemm(
      Int32(WEFT_BLAS_ROW_MAJOR), Int32(WEFT_BLAS_NO_TRANS), Int32(WEFT_BLAS_NO_TRANS), 2, 2, 2, 1,
      a, 2, b, 2, 0, &c, 2)
    return c == [19, 22, 43, 50]
  }
}
