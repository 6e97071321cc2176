import WeftIR
import WeftPasses

/// A contraction of two arrays as matrix products, by strides alone: nothing is copied first.
///
/// Labels are *batch* (both arrays and the result), *rows* (the first and the result), *columns* (the
/// second and the result) and *summed*. Neighbours that lie evenly in all three arrays are one axis.
struct OpenCLProduct: Sendable {
  /// An axis with its strides in the two arrays and the result.
  struct Axis: Hashable, Sendable {
    var extent: Int
    var a: Int
    var b: Int
    var c: Int

    func stride(_ array: Array) -> Int {
      switch array {
      case .a: a
      case .b: b
      case .c: c
      }
    }
  }

  enum Array { case a, b, c }

  let dtype: DType
  let batch: [Axis]
  let rows: [Axis]
  let columns: [Axis]
  let summed: [Axis]
  /// Where the first elements lie.
  let aOffset: Int
  let bOffset: Int

  /// The product of two views; nil where it is no product of matrices with several rows and columns
  /// of float32 or float64.
  init?(_ contraction: Contraction, _ a: StridedView, _ b: StridedView, _ dtype: DType) {
    guard contraction.operands.count == 2, dtype == .float32 || dtype == .float64 else {
      return nil
    }
    var axes = [Axis](
      repeating: Axis(extent: 1, a: 0, b: 0, c: 0), count: contraction.labelCount)
    // A label that stands twice walks along the diagonal.
    for (label, place) in zip(contraction.operands[0], a.shape.indices) {
      axes[label].extent = a.shape[place]
      axes[label].a += a.strides[place]
    }
    for (label, place) in zip(contraction.operands[1], b.shape.indices) {
      axes[label].extent = b.shape[place]
      axes[label].b += b.strides[place]
    }
    let extents = contraction.output.map { axes[$0].extent }
    for (label, stride) in zip(contraction.output, StridedView.contiguousStrides(extents)) {
      axes[label].c = stride
    }
    let (left, right) = (Set(contraction.operands[0]), Set(contraction.operands[1]))
    let output = contraction.output
    func group(_ labels: [Int]) -> [Axis] { Self.joined(labels.map { axes[$0] }) }
    batch = group(output.filter { left.contains($0) && right.contains($0) })
    rows = group(output.filter { left.contains($0) && !right.contains($0) })
    columns = group(output.filter { !left.contains($0) && right.contains($0) })
    let inner = left.union(right).subtracting(output)
    summed = group(inner.sorted { (axes[$0].a, axes[$0].b, $1) > (axes[$1].a, axes[$1].b, $0) })
    self.dtype = dtype
    (aOffset, bOffset) = (a.offset, b.offset)
    if Self.count(rows) < 2 || Self.count(columns) < 2 { return nil }
  }

  /// Axes without those of extent 1, neighbours joined.
  private static func joined(_ axes: [Axis]) -> [Axis] {
    var result: [Axis] = []
    for axis in axes where axis.extent != 1 {
      if let last = result.last, last.a == axis.a * axis.extent, last.b == axis.b * axis.extent,
        last.c == axis.c * axis.extent
      {
        result[result.count - 1] = axis
        result[result.count - 1].extent *= last.extent
      } else {
        result.append(axis)
      }
    }
    return result
  }

  /// The positions of some axes.
  static func count(_ axes: [Axis]) -> Int { axes.reduce(1) { $0 * $1.extent } }

  /// The multiplications.
  var work: Double {
    [batch, rows, columns, summed].reduce(1.0) { $0 * Double(Self.count($1)) }
  }

  /// Whether slices of an array are read along the summed axes, which is how its elements lie.
  func isAlongSummed(_ array: Array) -> Bool {
    let own = array == .a ? rows : columns
    guard let inner = summed.last else { return false }
    guard let outer = own.last else { return true }
    return abs(inner.stride(array)) < abs(outer.stride(array))
  }

  /// The blocks of the results.
  func blocks(_ tile: OpenCLTile) -> Int {
    let down = (Self.count(rows) + tile.blockRows - 1) / tile.blockRows
    let across = (Self.count(columns) + tile.blockColumns - 1) / tile.blockColumns
    return Self.count(batch) * down * across
  }
}
