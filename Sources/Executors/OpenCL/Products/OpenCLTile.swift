/// How a matrix product is cut: a work-group computes a block of the result, each of its items a part
/// of that in registers, from slices of the operands in local memory.
struct OpenCLTile: Hashable, Sendable {
  /// The work-items of a group, along rows and columns.
  let itemRows: Int
  let itemColumns: Int
  /// The results of an item, along rows and columns.
  let rows: Int
  let columns: Int
  /// The summed positions of a slice.
  let depth: Int

  /// The work-items of a group.
  var items: Int { itemRows * itemColumns }
  /// The rows of a block.
  var blockRows: Int { itemRows * rows }
  /// The columns of a block.
  var blockColumns: Int { itemColumns * columns }
  /// Elements of local memory; an unused row and column keep items out of each other's banks.
  var localElements: Int { depth * (blockRows + 1 + blockColumns + 1) }

  /// The tiles that are tried, the usual first; the last fits every device.
  private static let candidates = [
    OpenCLTile(itemRows: 16, itemColumns: 16, rows: 4, columns: 4, depth: 16),
    OpenCLTile(itemRows: 16, itemColumns: 16, rows: 8, columns: 8, depth: 8),
    OpenCLTile(itemRows: 8, itemColumns: 16, rows: 8, columns: 4, depth: 16),
    OpenCLTile(itemRows: 8, itemColumns: 8, rows: 8, columns: 8, depth: 16),
    OpenCLTile(itemRows: 16, itemColumns: 16, rows: 2, columns: 2, depth: 16),
    OpenCLTile(itemRows: 8, itemColumns: 8, rows: 4, columns: 4, depth: 16),
    OpenCLTile(itemRows: 8, itemColumns: 8, rows: 2, columns: 2, depth: 8),
    OpenCLTile(itemRows: 1, itemColumns: 1, rows: 2, columns: 2, depth: 4),
  ]

  /// The tiles that a device has room for, the usual first.
  static func fitting(_ device: OpenCLDevice, itemSize: Int) -> [OpenCLTile] {
    let fitting = candidates.filter {
      $0.items <= device.mostItemsOfGroup && $0.localElements * itemSize <= device.localBytes
        && $0.items > 1
    }
    return fitting.isEmpty ? candidates.suffix(1) : fitting
  }

  /// The tile of a small product: the first whose block is not mostly empty.
  static func usual(_ tiles: [OpenCLTile], rows: Int, columns: Int) -> OpenCLTile {
    tiles.first { $0.blockRows <= 2 * rows && $0.blockColumns <= 2 * columns }
      ?? tiles[tiles.count - 1]
  }
}
