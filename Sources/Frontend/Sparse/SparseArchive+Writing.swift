import WeftIR

extension SparseArchive {
  /// Writes a sparse array: matrices whose fill is zero as SciPy's CSR, CSC or COO, rows along other axes as
  /// pydata/sparse's GCXS, others as its COO, which SciPy reads too where the fill is zero.
  ///
  /// - Throws: `file` when the system refuses.
  static func write(_ elements: SparseElements, to path: String) throws(WeftError) {
    let extents = elements.type.shape.codes
    let shape = try NDArray(extents).buffer()
    if try writePacked(elements, shape, to: path) { return }
    let isMatrix = extents.count == 2 && !elements.fill.boolValue
    if isMatrix, elements.layout.leadingDenseLevels == 1 {
      return try writeRows(elements, shape, to: path)
    }
    if try writeGeneralised(elements, shape, to: path) { return }
    let layout = Layout.coordinates(rank: extents.count)
    let (ordered, lists) = try Session.current.sparse { builder in
      let ordered = try builder.array(elements, in: layout)
      return (ordered, try builder.coordinates(of: ordered))
    }
    if isMatrix {
      return try write(
        [("row", lists[0]), ("col", lists[1]), ("shape", shape), ("data", ordered.values)],
        toSciPy: path, format: "coo")
    }
    let coordinates = try Weft.stack(lists.map { NDArray($0) }, axis: 0).buffer()
    let fill = try NDArray(Building.constant(elements.fill, site: .none)).buffer()
    let parts = [
      (name: "data", buffer: ordered.values), ("shape", shape), ("coords", coordinates),
      ("fill_value", fill),
    ]
    if elements.fill.boolValue { return try NPZFile.write(parts, to: path, format: "coo") }
    try write(parts, toSciPy: path, format: "coo")
  }

  /// Writes an array without a fill, which SciPy is to read as a sparse array and not as a matrix.
  private static func write(
    _ parts: [(name: String, buffer: Buffer)], toSciPy path: String, format: String
  ) throws(WeftError) {
    let mark = (
      name: "_is_array", buffer: try NDArray(Building.constant(Scalar(true), site: .none)).buffer()
    )
    try NPZFile.write(parts + [mark], to: path, format: format)
  }

  /// Writes a matrix with one dense level as SciPy's CSR or CSC.
  private static func writeRows(
    _ elements: SparseElements, _ shape: Buffer, to path: String
  ) throws(WeftError) {
    let isColumns = elements.layout.order == [1, 0]
    let rows = try Session.current.sparse {
      try $0.array(elements, in: isColumns ? .csc() : .csr())
    }
    guard case .compressed(let positions, let coordinates) = rows.levels[1] else { return }
    try write(
      [
        ("indices", coordinates), ("indptr", positions), ("shape", shape), ("data", rows.values),
      ], toSciPy: path, format: isColumns ? "csc" : "csr")
  }

  /// Writes an array with dense levels as pydata/sparse's GCXS; false for others, and where places along the other
  /// axes have no number.
  private static func writeGeneralised(
    _ elements: SparseElements, _ shape: Buffer, to path: String
  ) throws(WeftError) -> Bool {
    let (extents, lead) = (elements.type.shape.codes, elements.layout.leadingDenseLevels)
    let leading = elements.layout.order.prefix(lead).sorted()
    let rest = extents.indices.filter { !leading.contains($0) }
    guard elements.layout.packing == .elements, lead > 0, lead < extents.count,
      Shape(rest.map { extents[$0] }).count != nil
    else { return false }
    let (ordered, lists) = try Session.current.sparse { builder in
      let ordered = try builder.array(
        elements, in: .generalised(rank: extents.count, leading: leading))
      return (ordered, try builder.coordinates(of: ordered))
    }
    guard case .compressed(let positions, _) = ordered.levels[lead] else { return false }
    var places = NDArray(lists[rest[0]])
    for axis in rest.dropFirst() {
      places = places * NDArray(integerLiteral: extents[axis]) + NDArray(lists[axis])
    }
    try NPZFile.write(
      [
        ("data", ordered.values), ("shape", shape), ("indices", try places.buffer()),
        ("indptr", positions), ("compressed_axes", try NDArray(leading).buffer()),
        ("fill_value", try NDArray(Building.constant(elements.fill, site: .none)).buffer()),
      ], to: path, format: "gcxs")
    return true
  }

  /// Writes blocks and diagonals as SciPy's BSR and DIA; false for other arrays, and for blocks that
  /// reach beyond the matrix.
  private static func writePacked(
    _ elements: SparseElements, _ shape: Buffer, to path: String
  ) throws(WeftError) -> Bool {
    let extents = elements.type.shape.codes
    if elements.fill.boolValue { return false }
    func values(_ shape: [Int]) -> Buffer {
      elements.values.reinterpreted(as: TensorType(elements.type.dtype, Shape(shape)))
    }
    switch (elements.layout.packing, elements.levels.first, elements.levels.last) {
    case (.blocks(let height, let width), _, .compressed(let positions, let coordinates)):
      if extents[0] % height != 0 || extents[1] % width != 0 { return false }
      try write(
        [
          ("indices", coordinates), ("indptr", positions), ("shape", shape),
          ("data", values([coordinates.count, height, width])),
        ], toSciPy: path, format: "bsr")
    case (.diagonals, .compressed(_, let offsets), _):
      try write(
        [("offsets", offsets), ("shape", shape), ("data", values([offsets.count, extents[1]]))],
        toSciPy: path, format: "dia")
    default: return false
    }
    return true
  }
}
