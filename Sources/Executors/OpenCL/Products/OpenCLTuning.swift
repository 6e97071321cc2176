import WeftIR
import WeftKernelCache

/// The quickest tiles of a device, found by trying them on the first large product of a kind and
/// kept in the disk cache.
final class OpenCLTuning: Sendable {
  /// Products that one tile serves: extents up to the next power of two are alike.
  private struct Kind: Hashable {
    let dtype: DType
    let rows: Int
    let columns: Int
    let summed: Int

    init(_ product: OpenCLProduct) {
      func power(_ axes: [OpenCLProduct.Axis]) -> Int {
        let count = OpenCLProduct.count(axes)
        return Int.bitWidth - count.leadingZeroBitCount
      }
      dtype = product.dtype
      (rows, columns, summed) = (
        power(product.rows), power(product.columns), power(product.summed)
      )
    }
  }

  /// The multiplications that are worth a search.
  private static let leastSearched = 0x1p30

  private let known = Lock<[Kind: OpenCLTile]>([:])
  private let searched = Lock(0)

  /// How many kinds were searched for here.
  var searchCount: Int { searched.withLock { $0 } }

  /// The tile for a product; `seconds` runs it with one, and is asked only in a search.
  func tile(
    for product: OpenCLProduct, on runtime: OpenCLRuntime, seconds: (OpenCLTile) -> Double?
  ) -> OpenCLTile {
    let tiles = OpenCLTile.fitting(runtime.device, itemSize: product.dtype.itemSize)
    let usual = OpenCLTile.usual(
      tiles, rows: OpenCLProduct.count(product.rows),
      columns: OpenCLProduct.count(product.columns))
    if product.work < Self.leastSearched, !runtime.searchesAlways { return usual }
    let kind = Kind(product)
    if let tile = known.withLock({ $0[kind] }) { return tile }
    let key = Array("\(runtime.identity)tile \(kind)".utf8)
    let tile: OpenCLTile
    if let stored = KernelDiskCache.process.find(key)?.first, tiles.indices.contains(Int(stored)) {
      tile = tiles[Int(stored)]
    } else {
      searched.withLock { $0 += 1 }
      let times = tiles.map { seconds($0) ?? .infinity }
      let best = times.indices.min { times[$0] < times[$1] } ?? 0
      tile = times[best].isFinite ? tiles[best] : usual
      if let place = tiles.firstIndex(of: tile) {
        KernelDiskCache.process.store([UInt8(place)], for: key)
      }
    }
    known.withLock { $0[kind] = tile }
    return tile
  }
}
