import WeftIR

/// An executor of dense arrays that has kernels of its own over the entries of sparse ones.
///
/// What it does not do runs where it would without a device, and is told of.
public protocol EntryDevice: Executor {
  /// The result of some work on entries; nil where no kernel does it.
  ///
  /// `host` gives the result without the device: the first run of a kernel is compared with it.
  func run(
    _ work: EntryWork, at site: SourceSite, _ context: RunContext,
    host: @escaping @Sendable () throws -> Buffer
  ) throws -> Buffer?
}

/// Entries by rows: `ends[n]..<ends[n + 1]` are those of row n, whose columns and values stand there.
public struct EntryRows: Sendable {
  /// As many as rows, and one; `int32` or `int64`.
  public let ends: Buffer
  /// A column for each entry, of the dtype of `ends`.
  public let columns: Buffer
  /// A value for each entry.
  public let values: Buffer

  /// Rows from the arrays of a layout whose levels are dense ones over a compressed one; nil for others.
  public init?(_ elements: SparseElements) {
    guard elements.layout.packing == .elements,
      elements.layout.leadingDenseLevels == elements.layout.rank - 1,
      case .compressed(let ends, let columns)? = elements.levels.last,
      elements.layout.levels.last == .compressed, ends.type.dtype == columns.type.dtype
    else { return nil }
    (self.ends, self.columns, values) = (ends, columns, elements.values)
  }

  /// The number of rows.
  public var count: Int { ends.count - 1 }
}

/// An axis along which two arrays are walked.
public struct EntryAxis: Hashable, Sendable {
  /// The number of positions.
  public let extent: Int
  /// Elements between neighbours in what is read.
  public let source: Int
  /// Elements between neighbours in what is written.
  public let target: Int

  /// An axis from its parts.
  public init(extent: Int, source: Int, target: Int) {
    (self.extent, self.source, self.target) = (extent, source, target)
  }
}

/// Work on entries by rows.
public struct EntryWork: Sendable {
  /// What is done.
  public enum Kind: Sendable {
    /// Each row times a dense array over columns, for all positions of some free axes, with a semiring's
    /// sums and products.
    ///
    /// Rows of the result are `rowStride` elements apart, those of the factor for neighbouring columns
    /// `columnStride`.
    case times(
      factor: Buffer, over: Semiring, rowStride: Int, columnStride: Int, free: [EntryAxis])
    /// The fold of each row of so many elements, of which those that are not stored are the fill.
    case fold(ScalarFunction, fill: Scalar, extent: Int)
    /// The elements of a dense array at the entries: rows are walked along axes, the last one
    /// fastest; of these only extents and `source` count.
    case take(from: Buffer, rows: [EntryAxis], columnStride: Int)
    /// All elements, densely; rows are as many columns long as said.
    case dense(fill: Scalar, columns: Int, rowStride: Int, columnStride: Int)
  }

  /// The entries.
  public let rows: EntryRows
  /// What is done with them.
  public let kind: Kind
  /// What comes of it.
  public let type: TensorType

  /// Work from its parts.
  public init(_ rows: EntryRows, _ kind: Kind, type: TensorType) {
    (self.rows, self.kind, self.type) = (rows, kind, type)
  }
}
