import WeftIR

/// A sparse array in a `.npz` archive, as SciPy and pydata/sparse write it.
///
/// - Source: `scipy.sparse.save_npz`: `format`, `shape`, `data` and `indices` with `indptr`, or `row` with `col`;
///   `sparse.save_npz`: `data`, `shape`, `fill_value` and `coords`.
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
    } else if names.contains("indptr") {
      throw WeftError(
        .fileFormat, operation, "arrays of pydata/sparse's GCXS are not read here",
        hint: "save them as COO")
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
    guard values.rank == 1, shape.allSatisfy({ $0 >= 0 }) else {
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
        let fill = file.names.contains("fill_value") ? try array("fill_value") : 0
        let element = try fill.buffer().scalar(at: 0)
        return try NDArray(
          coordinates: axes, values: values, shape: shape,
          fill: NDArray(Building.constant(element, site: .none)))
      default:
        throw failure("sparse arrays of format '\(format.prefix(32))' are not read here")
      }
    } catch {
      if error.code == .fileFormat || error.code == .outOfMemory { throw error }
      throw failure("\(error.operation): \(error.message)")
    }
  }

  private func compressed(_ shape: [Int], _ values: NDArray) throws(WeftError) -> NDArray {
    let (ends, inner) = (try integers("indptr"), try integers("indices"))
    let isRows = format == "csr"
    guard shape.count == 2, ends.count == shape[isRows ? 0 : 1] + 1 else {
      throw failure("indptr has \(ends.count) elements for shape \(shape)")
    }
    let base = ends.base.assumingMemoryBound(to: Int64.self)
    guard base[0] == 0, Int(base[ends.count - 1]) == inner.count,
      (1..<ends.count).allSatisfy({ base[$0 - 1] <= base[$0] })
    else { throw failure("indptr does not count up from 0 to the \(inner.count) indices") }
    let outer = try Buffer(
      allocating: TensorType(.int64, Shape([inner.count])), in: Session.current.memory)
    let target = outer.base.assumingMemoryBound(to: Int64.self)
    for row in 0..<ends.count - 1 {
      for entry in Int(base[row])..<Int(base[row + 1]) { target[entry] = Int64(row) }
    }
    let axes = [NDArray(outer), NDArray(inner)]
    return try NDArray(
      coordinates: isRows ? axes : axes.reversed(), values: values, shape: shape,
      format: isRows ? .csr : .csc)
  }

  // MARK: - Writing

  /// Writes a sparse array: matrices whose fill is zero as SciPy's CSR or CSC, others as
  /// pydata/sparse's COO.
  ///
  /// - Throws: `file` when the system refuses.
  static func write(_ elements: SparseElements, to path: String) throws(WeftError) {
    let extents = elements.type.shape.codes
    let shape = try NDArray(extents).buffer()
    if elements.type.rank == 2, !elements.fill.boolValue {
      let isColumns =
        elements.layout.order == [1, 0] && elements.layout.leadingDenseLevels == 1
      let layout = isColumns ? Layout.csc() : Layout.csr()
      let rows = try Session.current.sparse { try $0.array(elements, in: layout) }
      if case .compressed(let positions, let coordinates) = rows.levels[1] {
        try NPZFile.write(
          [
            ("indices", coordinates), ("indptr", positions), ("shape", shape),
            ("data", rows.values),
          ], to: path, format: isColumns ? "csc" : "csr")
      }
      return
    }
    let layout = Layout.coordinates(rank: extents.count)
    let (ordered, lists) = try Session.current.sparse { builder in
      let ordered = try builder.array(elements, in: layout)
      return (ordered, try builder.coordinates(of: ordered))
    }
    let coordinates = try Weft.stack(lists.map { NDArray($0) }, axis: 0).buffer()
    let fill = try NDArray(Building.constant(elements.fill, site: .none)).buffer()
    try NPZFile.write(
      [("data", ordered.values), ("shape", shape), ("coords", coordinates), ("fill_value", fill)],
      to: path)
  }
}
