import WeftIR

/// A sparse array in a `.npz` archive, as SciPy and pydata/sparse write it.
///
/// - Source: `scipy.sparse.save_npz`: `format`, `shape`, `data` and `indices` with `indptr`, or `row` with `col`, or
///   `offsets`; `sparse.save_npz`: `data`, `shape`, `fill_value` and `coords`, or `indices`, `indptr` and
///   `compressed_axes`.
struct SparseArchive {
  private let file: NPZFile
  private let format: String
  private let operation: String

  /// The archive, when it holds a sparse array.
  ///
  /// - Throws: `file-format` for a damaged archive and a format that is not read here.
  init?(_ file: NPZFile, operation: String) throws(WeftError) {
    let names = Set(file.names)
    guard names.isSuperset(of: ["data", "shape"]) else { return nil }
    if names.contains("coords") {
      format = "coords"
    } else if names.contains("format"), let format = try file.text("format") {
      self.format = format
    } else if names.isSuperset(of: ["indptr", "indices"]) {
      format = "gcxs"
    } else {
      return nil
    }
    self.file = file
    self.operation = operation
  }

  private func failure(_ message: String) -> WeftError {
    WeftError(.fileFormat, operation, message)
  }

  private func array(_ name: String) throws(WeftError) -> NDArray {
    NDArray(try file.array(name))
  }

  private func integers(_ name: String) throws(WeftError) -> Buffer {
    let array = try array(name)
    guard array.dtype.isInteger, array.rank == 1 else {
      throw failure("\(name) is \(array.expr.type), expected integers along one axis")
    }
    return try array.asType(.int64).buffer()
  }

  /// The sparse array.
  ///
  /// - Throws: `file-format` where parts do not go together.
  func array() throws(WeftError) -> NDArray {
    let extents = try integers("shape")
    let shape = (0..<extents.count).map { Int(extents.scalar(at: $0).intValue) }
    let values = try array("data")
    let rank = ["bsr": 3, "dia": 2][format] ?? 1
    guard values.rank == rank, shape.allSatisfy({ $0 >= 0 }),
      format != "bsr" && format != "dia" || shape.count == 2
    else {
      throw failure("data is \(values.expr.type), the shape \(shape)")
    }
    do throws(WeftError) {
      switch format {
      case "csr", "csc": return try compressed(shape, values)
      case "coo":
        let axes = [try integers("row"), try integers("col")].map { NDArray($0) }
        return try NDArray(coordinates: axes, values: values, shape: shape)
      case "coords":
        let coordinates = try array("coords")
        guard coordinates.rank == 2 else { throw failure("coords is \(coordinates.expr.type)") }
        let axes = (0..<(coordinates.shape[0] ?? 0)).map { coordinates[$0] }
        return try NDArray(coordinates: axes, values: values, shape: shape, fill: try fill())
      case "gcxs": return try generalised(shape, values)
      case "bsr": return try blocks(shape, values)
      case "dia": return try diagonals(shape, values)
      default:
        throw failure("sparse arrays of format '\(format.prefix(32))' are not read here")
      }
    } catch {
      if error.code == .fileFormat || error.code == .outOfMemory { throw error }
      throw failure("\(error.operation): \(error.message)")
    }
  }

  private func compressed(_ shape: [Int], _ values: NDArray) throws(WeftError) -> NDArray {
    let isRows = format == "csr"
    if isRows, shape.count == 1 {
      return try NDArray(coordinates: [try nodes(1).inner], values: values, shape: shape)
    }
    guard shape.count == 2 else { throw failure("the shape is \(shape), not that of a matrix") }
    let (outer, inner) = try nodes(shape[isRows ? 0 : 1])
    let axes = [outer, inner]
    return try NDArray(
      coordinates: isRows ? axes : axes.reversed(), values: values, shape: shape,
      format: isRows ? .csr : .csc)
  }

  private func fill() throws(WeftError) -> NDArray {
    guard file.names.contains("fill_value") else { return 0 }
    let fill = try array("fill_value")
    guard fill.count == 1 else { throw failure("fill_value is \(fill.expr.type)") }
    return NDArray(Building.constant(try fill.buffer().scalar(at: 0), site: .none))
  }

  /// For each index the row that it is in, of so many, and the index.
  private func nodes(_ rows: Int) throws(WeftError) -> (outer: NDArray, inner: NDArray) {
    let (ends, inner) = (try integers("indptr"), try integers("indices"))
    guard ends.count > 0, ends.count - 1 == rows else {
      throw failure("indptr has \(ends.count) elements for \(rows) rows")
    }
    let base = ends.base.assumingMemoryBound(to: Int64.self)
    guard base[0] == 0, Int(base[ends.count - 1]) == inner.count,
      (1..<ends.count).allSatisfy({ base[$0 - 1] <= base[$0] })
    else { throw failure("indptr does not count up from 0 to the \(inner.count) indices") }
    let outer = try list(inner.count)
    let target = outer.base.assumingMemoryBound(to: Int64.self)
    for row in 0..<ends.count - 1 {
      for entry in Int(base[row])..<Int(base[row + 1]) { target[entry] = Int64(row) }
    }
    return (NDArray(outer), NDArray(inner))
  }

  private func list(_ count: Int) throws(WeftError) -> Buffer {
    try Buffer(allocating: TensorType(.int64, Shape([count])), in: Session.current.memory)
  }

  /// pydata/sparse's GCXS: rows are places of the compressed axes, indices places of the others.
  private func generalised(_ shape: [Int], _ values: NDArray) throws(WeftError) -> NDArray {
    if shape.count == 1 {
      return try NDArray(
        coordinates: [NDArray(try integers("indices"))], values: values, shape: shape,
        fill: try fill())
    }
    let named = try integers("compressed_axes")
    let leading = (0..<named.count).map { Int(named.scalar(at: $0).intValue) }
    guard leading.allSatisfy(shape.indices.contains), Set(leading).count == leading.count,
      !leading.isEmpty, leading.count < shape.count,
      let rows = Shape(leading.map { shape[$0] }).count
    else { throw failure("compressed_axes are \(leading) for shape \(shape)") }
    let (outer, inner) = try nodes(rows)
    let rest = shape.indices.filter { !leading.contains($0) }
    guard let columns = Shape(rest.map { shape[$0] }).count else {
      throw failure("the shape \(shape) has too many elements")
    }
    // What is out of bounds would come back into them by division.
    let isInside: Bool = try logicalAnd(
      greaterEqual(inner, 0), less(inner, NDArray(integerLiteral: columns))
    )
    .all().item()
    guard isInside || inner.count == 0 else {
      throw failure("an index is not below \(columns)")
    }
    var axes = [NDArray](repeating: outer, count: shape.count)
    for (own, place) in [(leading, outer), (rest, inner)] {
      var stride = 1
      for axis in own.reversed() {
        axes[axis] = floorDivide(place, NDArray(integerLiteral: stride)) % max(1, shape[axis])
        stride *= max(1, shape[axis])
      }
    }
    return try NDArray(
      coordinates: axes, values: values, shape: shape, fill: try fill(),
      format: .generalised(leading: leading))
  }

  /// SciPy's BSR: a block for each index.
  private func blocks(_ shape: [Int], _ values: NDArray) throws(WeftError) -> NDArray {
    let extents = values.shape.compactMap { $0 }
    let (height, width) = (extents[1], extents[2])
    guard height > 0, width > 0, shape[0] % height == 0, shape[1] % width == 0 else {
      throw failure("blocks of \(height) times \(width) elements do not fill shape \(shape)")
    }
    let (outer, inner) = try nodes(shape[0] / height)
    guard inner.count == extents[0] else {
      throw failure("\(extents[0]) blocks for \(inner.count ?? 0) indices")
    }
    let all = [extents[0], height, width]
    // What is out of bounds might come back into them by the product.
    let isInside: Bool = try logicalAnd(
      greaterEqual(inner, 0), less(inner, NDArray(integerLiteral: shape[1] / width))
    ).all().item()
    guard isInside || inner.count == 0 else { throw failure("an index is not that of a block") }
    let rows = outer.reshaped([-1, 1, 1]) * height + arange(height).reshaped([height, 1])
    let columns = inner.reshaped([-1, 1, 1]) * width + arange(width)
    let axes = [rows, columns].map { $0.broadcasted(to: all).reshaped([-1]) }
    let flat = values.reshaped([-1])
    return try NDArray(
      coordinates: axes, values: flat, shape: shape,
      format: .rows(shape[0], entries: flat.count ?? 0, as: .blocks(rows: height, columns: width)))
  }

  /// SciPy's DIA: a row of values for each diagonal, each at its column.
  private func diagonals(_ shape: [Int], _ values: NDArray) throws(WeftError) -> NDArray {
    let offsets = try integers("offsets")
    let extents = values.shape.compactMap { $0 }
    guard offsets.count == extents[0] else {
      throw failure("\(extents[0]) diagonals for \(offsets.count) offsets")
    }
    var places: [(row: Int, column: Int, place: Int)] = []
    for diagonal in 0..<offsets.count {
      let offset = Int(offsets.scalar(at: diagonal).intValue)
      guard offset > -max(1, shape[0]), offset < max(1, shape[1]) else {
        // SciPy writes and ignores diagonals outside the matrix.
        continue
      }
      let (reach, isBeyond) = shape[0].addingReportingOverflow(offset)
      let end = min(shape[1], extents[1], isBeyond ? .max : reach)
      for column in max(0, offset)..<max(0, offset, end) {
        places.append((column - offset, column, diagonal * extents[1] + column))
      }
    }
    let (rows, columns, from) = (
      try list(places.count), try list(places.count), try list(places.count)
    )
    for (n, place) in places.enumerated() {
      rows.base.assumingMemoryBound(to: Int64.self)[n] = Int64(place.row)
      columns.base.assumingMemoryBound(to: Int64.self)[n] = Int64(place.column)
      from.base.assumingMemoryBound(to: Int64.self)[n] = Int64(place.place)
    }
    let flat = values.reshaped([-1])
    return try NDArray(
      coordinates: [NDArray(rows), NDArray(columns)],
      values: places.isEmpty ? flat[..<0] : take(flat, NDArray(from)), shape: shape,
      // A diagonal has a place for each column here.
      format: .rows(max(shape[0], shape[1]), entries: places.count, as: .diagonals))
  }
}
