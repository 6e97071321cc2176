import WeftIR

/// How a sparse array stores its entries.
///
/// ```swift
/// SparseFormat.csr.layout(rank: 2)  // {dense, compressed} fill bool false
/// SparseFormat.blocks(rows: 2, columns: 3).layout(rank: 2)  // {dense, compressed} blocks [2, 3] fill bool false
/// SparseFormat(name: "gcxs")?.layout(rank: 3)  // {dense, nonunique, singleton} fill bool false
/// ```
public enum SparseFormat: Hashable, Sendable {
  /// The coordinates of each entry: COO.
  case coordinates
  /// The columns of each row of a matrix: CSR.
  case csr
  /// The rows of each column of a matrix: CSC.
  case csc
  /// Fibres of fibres: CSF; of a matrix DCSR.
  case fibres
  /// An array of entries for each position of the axes given: GCXS.
  case generalised(leading: [Int])
  /// Dense blocks of a matrix: BSR.
  case blocks(rows: Int, columns: Int)
  /// Diagonals of a matrix: DIA.
  case diagonals

  /// The format of a name, as SciPy and pydata/sparse have them, blocks of two rows and columns; nil for another name.
  public init?(name: String) {
    switch name {
    case "coo": self = .coordinates
    case "csr": self = .csr
    case "csc": self = .csc
    case "csf", "dcsr": self = .fibres
    case "gcxs": self = .generalised(leading: [0])
    case "bsr": self = .blocks(rows: 2, columns: 2)
    case "dia": self = .diagonals
    default: return nil
    }
  }

  /// A format that has, or is made by way of, an end for each row of a matrix; coordinates where that would be most
  /// of what is stored.
  static func rows(
    _ rows: Int, entries: Int, as format: SparseFormat = .csr
  ) -> SparseFormat {
    rows >> 3 <= max(entries, leastRows) ? format : .coordinates
  }

  /// Ends of eight times as many rows take half a mebibyte at most: they are there whatever the number of entries.
  private static let leastRows = 1 << 14

  /// The levels of arrays of a rank; nil where the format has none for it.
  public func layout(rank: Int, fill: Scalar = Scalar(false)) -> Layout? {
    let layout: Layout
    switch self {
    case .coordinates: layout = .coordinates(rank: rank, fill: fill)
    case .csr: layout = .csr(fill: fill)
    case .csc: layout = .csc(fill: fill)
    case .fibres: layout = .fibres(rank: rank, fill: fill)
    case .generalised(let axes):
      guard axes.allSatisfy({ $0 >= 0 && $0 < rank }), Set(axes).count == axes.count,
        axes.count < rank
      else { return nil }
      layout = .generalised(rank: rank, leading: axes, fill: fill)
    case .blocks(let rows, let columns): layout = .blocks(rows: rows, columns: columns, fill: fill)
    case .diagonals: layout = .diagonals(fill: fill)
    }
    return rank > 0 && layout.rank == rank && layout.problem == nil ? layout : nil
  }
}
