import WeftIR

/// OpenCL C of tiled matrix products.
///
/// Extents and strides are arguments: one program for a dtype, a tile and the number of axes of each
/// group. A work-group computes one block; slices of the operands go through local memory.
/// Source: the blocking of Goto & van de Geijn 2008, section 4, with registers for the inner block.
struct OpenCLProductText: Hashable, Sendable {
  let dtype: DType
  let tile: OpenCLTile
  /// How many axes each group has.
  let batch: Int
  let rows: Int
  let columns: Int
  let summed: Int
  /// Whether the device multiplies and adds with one rounding as fast as with two.
  let hasFMA: Bool

  init(_ product: OpenCLProduct, _ tile: OpenCLTile, _ device: OpenCLDevice) {
    dtype = product.dtype
    self.tile = tile
    batch = product.batch.count
    rows = product.rows.count
    columns = product.columns.count
    summed = product.summed.count
    hasFMA = product.dtype == .float64 || device.hasFMA
  }

  /// The arguments behind the three arrays, in the order of the text's parameters.
  static func arguments(_ product: OpenCLProduct) -> [Int64] {
    var values = [
      OpenCLProduct.count(product.rows), OpenCLProduct.count(product.columns),
      OpenCLProduct.count(product.summed), product.aOffset, product.bOffset,
      product.isAlongSummed(.a) ? 1 : 0, product.isAlongSummed(.b) ? 1 : 0,
    ]
    func add(_ axes: [OpenCLProduct.Axis], _ arrays: [OpenCLProduct.Array]) {
      for (place, axis) in axes.enumerated() {
        if place > 0 { values.append(axis.extent) }
        values += arrays.map { axis.stride($0) }
      }
    }
    add(product.batch, [.a, .b, .c])
    add(product.rows, [.a, .c])
    add(product.columns, [.b, .c])
    add(product.summed, [.a, .b])
    return values.map(Int64.init)
  }

  var source: String {
    let type = OpenCLNames.element(dtype)
    let (bm, bn, depth) = (tile.blockRows, tile.blockColumns, tile.depth)
    let groups: [(String, Int, [String])] = [
      ("batch", batch, ["a", "b", "c"]), ("row", rows, ["a", "c"]),
      ("column", columns, ["b", "c"]), ("inner", summed, ["a", "b"]),
    ]
    var parameters = [
      "__global const \(type) *a", "__global const \(type) *b", "__global \(type) *c",
    ]
    parameters += [
      "rows", "columns", "inners", "aStart", "bStart", "aAlong", "bAlong",
    ].map { "const long \($0)" }
    for (name, count, arrays) in groups {
      for place in 0..<count {
        if place > 0 { parameters.append("const long \(name)\(place)") }
        parameters += arrays.map { "const long \(name)\(place)\($0)" }
      }
    }
    /// Where a position of a group lies in an array.
    func place(_ position: String, _ group: Int, _ array: String) -> String {
      let (name, count, _) = groups[group]
      if count == 0 { return "0" }
      var terms: [String] = []
      var rest = position
      for axis in (0..<count).reversed() {
        let digit = axis == 0 ? "(\(rest))" : "((\(rest)) % \(name)\(axis))"
        terms.append("\(digit) * \(name)\(axis)\(array)")
        if axis > 0 { rest = "(\(rest)) / \(name)\(axis)" }
      }
      return terms.joined(separator: " + ")
    }
    /// Fills local memory with a slice of an array; what lies outside is 0.
    func slice(_ array: String, _ block: Int, _ group: Int, _ first: String, _ most: String)
      -> String
    {
      """
          for (int e = item; e < \(block * depth); e += \(tile.items)) {
            const int i = \(array)Along ? e / \(depth) : e % \(block);
            const int l = \(array)Along ? e % \(depth) : e / \(block);
            const long m = \(first) + i, k = start + l;
            \(array)Part[l * \(block + 1) + i] = m < \(most) && k < inners
              ? \(array)[\(place("m", group, array)) + \(place("k", 3, array))] : 0;
          }

      """
    }
    let multiply = hasFMA ? "fma(x[r], y[s], sum[r][s])" : "sum[r][s] + x[r] * y[s]"
    return """
      #pragma OPENCL FP_CONTRACT OFF
      \(dtype == .float64 ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable" : "")
      __kernel __attribute__((reqd_work_group_size(\(tile.items), 1, 1)))
      void \(OpenCLPrograms.symbol)(
        \(parameters.joined(separator: ",\n  "))) {
        __local \(type) aPart[\(depth * (bm + 1))];
        __local \(type) bPart[\(depth * (bn + 1))];
        const int item = get_local_id(0);
        const int column = item % \(tile.itemColumns), row = item / \(tile.itemColumns);
        const long down = (rows + \(bm - 1)) / \(bm), across = (columns + \(bn - 1)) / \(bn);
        const long block = get_group_id(0), batch = block / (down * across);
        const long firstRow = block / across % down * \(bm);
        const long firstColumn = block % across * \(bn);
        a += aStart + \(place("batch", 0, "a"));
        b += bStart + \(place("batch", 0, "b"));
        c += \(place("batch", 0, "c"));
        \(type) sum[\(tile.rows)][\(tile.columns)];
        for (int r = 0; r < \(tile.rows); r++)
          for (int s = 0; s < \(tile.columns); s++) sum[r][s] = 0;
        for (long start = 0; start < inners; start += \(depth)) {
      \(slice("a", bm, 1, "firstRow", "rows"))\
      \(slice("b", bn, 2, "firstColumn", "columns"))\
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int l = 0; l < \(depth); l++) {
            \(type) x[\(tile.rows)], y[\(tile.columns)];
            #pragma unroll
            for (int r = 0; r < \(tile.rows); r++)
              x[r] = aPart[l * \(bm + 1) + row + r * \(tile.itemRows)];
            #pragma unroll
            for (int s = 0; s < \(tile.columns); s++)
              y[s] = bPart[l * \(bn + 1) + column + s * \(tile.itemColumns)];
            #pragma unroll
            for (int r = 0; r < \(tile.rows); r++)
              #pragma unroll
              for (int s = 0; s < \(tile.columns); s++) sum[r][s] = \(multiply);
          }
          barrier(CLK_LOCAL_MEM_FENCE);
        }
        for (int r = 0; r < \(tile.rows); r++) {
          const long m = firstRow + row + r * \(tile.itemRows);
          for (int s = 0; s < \(tile.columns); s++) {
            const long n = firstColumn + column + s * \(tile.itemColumns);
            if (m < rows && n < columns)
              c[\(place("m", 1, "c")) + \(place("n", 2, "c"))] = sum[r][s];
          }
        }
      }

      """
  }
}
