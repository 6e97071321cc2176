import CWeft

/// What the elements of a matrix in memory tell, at a price that follows what there is to find.
///
/// A matrix without structure answers after a few elements: both far corners differ from zero and
/// from each other. Zeros are counted from the ends of rows inwards, so the look at a band costs
/// about as many elements as the band leaves out, and symmetry stops at the first pair that differs.
public struct MatrixLook {
  private let base: UnsafeRawPointer
  private let rows: Int
  private let columns: Int
  private let parts: Int
  private let isDouble: Bool

  /// A look at a row-major matrix; nil for dtypes that are not floats or complex numbers of them.
  public init?(_ base: UnsafeRawPointer, rows: Int, columns: Int, dtype: DType) {
    switch dtype {
    case .float32, .complex64: isDouble = false
    case .float64, .complex128: isDouble = true
    default: return nil
    }
    parts = dtype.isComplex ? 2 : 1
    self.base = base
    self.rows = rows
    self.columns = columns
  }

  /// Where zeros are, whether the matrix is symmetric, and whether it is the identity.
  ///
  /// A band is told only where it leaves out an eighth of the elements or more; `finite` is not
  /// looked for.
  public func facts() -> Facts {
    guard rows > 0, columns > 0 else { return .none }
    let isSquare = rows == columns
    let (right, left) = (isZero(0, columns - 1), isZero(rows - 1, 0))
    guard right || left || isSquare else { return .none }
    var facts = Facts.none
    if right || left { facts = zeros(isSquare: isSquare) }
    if facts.contains(.zero) { return facts }
    if facts.isDiagonal, isSquare, hasUnitDiagonal {
      return Facts(
        Facts.identity.properties.subtracting(.absentZeros), lower: 0, upper: 0)
    }
    if facts.isDiagonal, isSquare, parts == 1, hasPositiveDiagonal {
      facts.properties.insert(.positiveDefinite)
    }
    let mayBeSymmetric = isSquare && right == left && facts.lower == facts.upper
    if mayBeSymmetric, isSymmetric { facts.properties.insert(.symmetric) }
    return facts
  }

  /// Whether a few elements that lie an eighth of the order beside the diagonal are all zero.
  var mayBeNarrow: Bool {
    let order = min(rows, columns)
    guard order >= 16 else { return false }
    return (0..<Self.probes).allSatisfy { n in
      let row = order / 4 + order / 2 * n / Self.probes
      return isZero(row, row / 2) && isZero(row, row + (order - row) / 2)
    }
  }

  /// Rows in which elements are asked for before a whole matrix is.
  private static let probes = 16

  /// Whether all elements of a matrix are finite.
  public var isFinite: Bool {
    let count = Int64(rows * columns * parts)
    return isDouble
      ? weft_all_finite_f64(base.assumingMemoryBound(to: Double.self), count) != 0
      : weft_all_finite_f32(base.assumingMemoryBound(to: Float.self), count) != 0
  }

  /// Whether the real parts on the diagonal are all greater than zero.
  public var hasPositiveDiagonal: Bool {
    (0..<min(rows, columns)).allSatisfy { number($0, $0, part: 0) > 0 }
  }

  // MARK: - Elements

  private func number(_ row: Int, _ column: Int, part: Int) -> Double {
    let index = (row * columns + column) * parts + part
    return isDouble
      ? base.load(fromByteOffset: index * 8, as: Double.self)
      : Double(base.load(fromByteOffset: index * 4, as: Float.self))
  }

  private func isZero(_ row: Int, _ column: Int) -> Bool {
    (0..<parts).allSatisfy { number(row, column, part: $0) == 0 }
  }

  private var hasUnitDiagonal: Bool {
    (0..<rows).allSatisfy {
      number($0, $0, part: 0) == 1 && (parts == 1 || number($0, $0, part: 1) == 0)
    }
  }

  private var isSymmetric: Bool {
    let order = Int64(rows)
    return isDouble
      ? weft_is_symmetric_f64(
        base.assumingMemoryBound(to: Double.self), order, Int32(parts)) != 0
      : weft_is_symmetric_f32(base.assumingMemoryBound(to: Float.self), order, Int32(parts)) != 0
  }

  /// The first column of a row that holds something, or the number of columns.
  private func first(_ row: Int) -> Int {
    let (start, count) = (row * columns * parts, Int64(columns * parts))
    let index =
      isDouble
      ? weft_first_nonzero_f64(base.assumingMemoryBound(to: Double.self) + start, count)
      : weft_first_nonzero_f32(base.assumingMemoryBound(to: Float.self) + start, count)
    return Int(index) / parts
  }

  /// The last column of a row that holds something, or -1.
  private func last(_ row: Int) -> Int {
    let (start, count) = (row * columns * parts, Int64(columns * parts))
    let index =
      isDouble
      ? weft_last_nonzero_f64(base.assumingMemoryBound(to: Double.self) + start, count)
      : weft_last_nonzero_f32(base.assumingMemoryBound(to: Float.self) + start, count)
    return index < 0 ? -1 : Int(index) / parts
  }

  // MARK: - Zeros

  private func zeros(isSquare: Bool) -> Facts {
    var (lower, upper) = (-Facts.wide, -Facts.wide)
    // The columns that each row spans.
    var spans: [Range<Int>] = []
    spans.reserveCapacity(rows)
    for row in 0..<rows {
      let end = last(row)
      if end < 0 {
        spans.append(0..<0)
        continue
      }
      let start = first(row)
      spans.append(start..<end + 1)
      lower = max(lower, row - start)
      upper = max(upper, end - row)
      // Rows that reach from edge to edge early on leave nothing to find.
      if row < rows / 8, lower >= rows - 1 - rows / 8, upper >= columns - 1 - columns / 8 {
        return .none
      }
    }
    if upper == -Facts.wide { return Facts([.zero, .symmetric, .constant]) }
    let order = min(rows, columns)
    var facts = Facts.none
    if lower < order - order / 8 { facts.lower = lower }
    if upper < order - order / 8 { facts.upper = upper }
    if isSquare { facts.blocks = Self.blocks(spans) }
    return facts
  }

  /// The finest blocks along the diagonal that hold all spans; none where there is but one, or
  /// where they are as many as a diagonal's.
  private static func blocks(_ spans: [Range<Int>]) -> [Int] {
    let order = spans.count
    // The first column that rows from each on hold.
    var least = Array(repeating: order, count: order + 1)
    for row in stride(from: order - 1, through: 0, by: -1) {
      least[row] = min(least[row + 1], spans[row].isEmpty ? order : spans[row].lowerBound)
    }
    var blocks: [Int] = []
    var (reach, start) = (0, 0)
    for end in 1...order {
      if !spans[end - 1].isEmpty { reach = max(reach, spans[end - 1].upperBound) }
      guard reach <= end, least[end] >= end else { continue }
      blocks.append(end - start)
      start = end
      if blocks.count > mostBlocks { return [] }
    }
    return blocks.count > 1 ? blocks : []
  }

  /// More blocks than this are a band.
  private static let mostBlocks = 64
}

extension Buffer {
  /// The facts that a look at a matrix in memory finds; the first asks the elements.
  ///
  /// Nothing for other ranks than 2; of other dtypes than floats and complex numbers of them only
  /// whether most elements are zero.
  public var facts: Facts {
    if let known = look.load() { return known.facts }
    let codes = type.shape.codes
    var facts = Facts.none
    if codes.count == 2,
      let matrix = MatrixLook(base, rows: codes[0], columns: codes[1], dtype: type.dtype)
    {
      facts = matrix.facts()
    }
    if codes.count == 2,
      SparseLook.isMostlyZero(base, count: count, dtype: type.dtype)
    {
      facts.properties.insert(.sparse)
    }
    return look.storeIfNil(FoundFacts(facts)).facts
  }

  /// Whether a matrix may be a narrow band, by a few of its elements, unless more is known.
  public var mayBeNarrow: Bool {
    if look.load() != nil { return true }
    let codes = type.shape.codes
    guard codes.count == 2 else { return false }
    return MatrixLook(base, rows: codes[0], columns: codes[1], dtype: type.dtype)?.mayBeNarrow
      ?? false
  }

  /// Whether no element is infinite or NaN; the first asks the elements.
  public var isFinite: Bool {
    switch finiteness.load(ordering: .relaxed) {
    case 1: return true
    case 2: return false
    default: break
    }
    var isFinite = !type.dtype.isInexact
    if let elements = MatrixLook(base, rows: 1, columns: count, dtype: type.dtype) {
      isFinite = elements.isFinite
    }
    finiteness.store(isFinite ? 1 : 2, ordering: .relaxed)
    return isFinite
  }
}

/// What a look found, kept with the buffer.
final class FoundFacts: Sendable {
  let facts: Facts
  init(_ facts: Facts) { self.facts = facts }
}
