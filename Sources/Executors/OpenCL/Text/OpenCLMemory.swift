import WeftIR

extension OpenCLWriter {
  // MARK: - Loads

  /// The element, or the elements, of a buffer.
  func load(
    _ buffer: Int, at index: WrittenValue, _ renderer: inout OpenCLRenderer
  ) -> WrittenValue {
    let dtype = dtype(of: buffer)
    let element = OpenCLNames.element(dtype)
    if case .uniform(let name, _) = index {
      return define("p\(buffer)[\(name)]" + (dtype == .bool ? " != 0" : ""), dtype, 1)
    }
    let type = "\(element)\(lanes)"
    let text: String
    switch index {
    case .affine(let base, .constant(1)) where mask == nil:
      let name =
        rest == nil ? vectors(element, &renderer).get : contiguousPart(element, &renderer)
      text = "\(name)(p\(buffer) + \(base)\(rest.map { ", \($0)" } ?? ""))"
    case .affine(let base, let stride) where mask == nil:
      let name = strided(element, &renderer)
      text = "\(name)(p\(buffer) + \(base), \(stride.text), \(rest ?? "\(lanes)"))"
    default:
      let places = spread(index, lanes)
      if let mask {
        let name = masked(element, &renderer)
        text = "\(name)(p\(buffer), \(places), \(self.mask(mask.name, mask.bytes, to: 4)))"
      } else {
        text = "\(gather(element, &renderer))(p\(buffer), \(places), \(rest ?? "\(lanes)"))"
      }
    }
    if dtype == .bool {
      return .mask(emit("char\(lanes)", "\(text) != (\(type))(0)"), bytes: 1)
    }
    return .varying(emit(type, text), dtype)
  }

  /// The names of what reads and writes vectors of elements side by side, wherever they begin.
  ///
  /// Drivers made of clang take them whole; their `vload` and `vstore` may take them apart.
  private func vectors(
    _ element: String, _ renderer: inout OpenCLRenderer
  ) -> (get: String, put: String) {
    let lanes = lanes
    let type = "\(element)\(lanes)"
    _ = renderer.helper("any_\(type)") { name in
      """
      #ifdef __clang__
      typedef \(type) __attribute__((aligned(sizeof(\(element))))) \(name);
      #define get_\(type)(p) (*(__global const \(name) *)(p))
      #define put_\(type)(v, p) (*(__global \(name) *)(p) = (v))
      #else
      #define get_\(type)(p) vload\(lanes)(0, p)
      #define put_\(type)(v, p) vstore\(lanes)(v, 0, p)
      #endif

      """
    }
    return ("get_\(type)", "put_\(type)")
  }

  // Lanes behind the last element read it again, so that they compute nothing worse than it does.

  private func contiguousPart(_ element: String, _ renderer: inout OpenCLRenderer) -> String {
    let get = vectors(element, &renderer).get
    return reader(
      "part", element, "const int rest", "last", "if (l < rest) e = p[l];", &renderer
    ) { lanes in
      "  if (rest == \(lanes)) return \(get)(p);\n  const \(element) last = p[rest - 1];\n"
    }
  }

  private func strided(_ element: String, _ renderer: inout OpenCLRenderer) -> String {
    reader(
      "strided", element, "const long stride, const int rest", "p[min(l, rest - 1) * stride]", "",
      &renderer)
  }

  private func gather(_ element: String, _ renderer: inout OpenCLRenderer) -> String {
    reader(
      "gather", element, "const long\(lanes) index, const int rest", "p[i[min(l, rest - 1)]]", "",
      &renderer
    ) { _ in "  const long *i = (const long *)&index;\n" }
  }

  private func masked(_ element: String, _ renderer: inout OpenCLRenderer) -> String {
    reader(
      "masked", element, "const long\(lanes) index, const int\(lanes) mask", "0",
      "if (m[l]) e = p[i[l]];", &renderer
    ) { _ in
      "  const long *i = (const long *)&index;\n  const int *m = (const int *)&mask;\n"
    }
  }

  /// What makes one vector operation of a loop over its lanes, where the processor has that.
  private func lanesLoop(_ body: String) -> String {
    """
      #pragma clang loop vectorize(enable) vectorize_width(\(lanes))
      for (int l = 0; l < \(lanes); l++) \(body)

    """
  }

  /// A function that reads an element for each lane: its first value, then what a statement makes of it.
  private func reader(
    _ stem: String, _ element: String, _ parameters: String, _ first: String, _ statement: String,
    _ renderer: inout OpenCLRenderer, _ before: (Int) -> String = { _ in "" }
  ) -> String {
    let lanes = lanes
    let body =
      statement.isEmpty
      ? "t[l] = \(first);" : "{\n    \(element) e = \(first);\n    \(statement)\n    t[l] = e;\n  }"
    let text =
      before(lanes) + "  \(element)\(lanes) v;\n  \(element) *t = (\(element) *)&v;\n"
      + lanesLoop(body)
    return renderer.helper("\(stem)_\(element)\(lanes)") { name in
      "static inline \(element)\(lanes) \(name)(\n  __global const \(element) *p, "
        + "\(parameters)) {\n\(text)  return v;\n}\n"
    }
  }

  /// The element of a constant table.
  func entry(
    _ bits: [UInt64], _ index: WrittenValue, _ dtype: DType, _ renderer: inout OpenCLRenderer
  ) -> WrittenValue {
    let stored: DType = dtype.itemSize == 8 ? .uint64 : .uint32
    let table = renderer.table(bits, stored)
    let element = OpenCLNames.element(stored)
    let lanes = common([index])
    let type = OpenCLNames.type(dtype, lanes)
    let text: String
    if lanes == 1 {
      text = "\(table)[\(scalar(index))]"
    } else {
      let places = OpenCLNames.element(index.dtype)
      let loop = lanesLoop("t[l] = p[i[l]];")
      let name = renderer.helper("entry_\(element)_\(places)\(lanes)") { name in
        "static inline \(element)\(lanes) \(name)(\n  __constant const \(element) *p, "
          + "const \(places)\(lanes) index) {\n"
          + "  const \(places) *i = (const \(places) *)&index;\n"
          + "  \(element)\(lanes) v;\n  \(element) *t = (\(element) *)&v;\n"
          + loop + "  return v;\n}\n"
      }
      text = "\(name)(\(table), \(spread(index, lanes)))"
    }
    return define(dtype == stored ? text : "as_\(type)(\(text))", dtype, lanes)
  }

  // MARK: - Stores

  func store(
    _ value: WrittenValue, to buffer: Int, at index: WrittenValue, past: String?,
    _ renderer: inout OpenCLRenderer
  ) {
    let dtype = dtype(of: buffer)
    let element = OpenCLNames.element(dtype)
    if case .uniform(let name, _) = index {
      let statement = "p\(buffer)[\(name)] = \(scalar(value));"
      if case .items = renderer.style, !isShared {
        // All work-items stand here: one writes what all have computed. What is read too must not
        // change before all have read it, nor be read before it has changed.
        let barrier = "barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);"
        if loaded.contains(buffer) { line(barrier) }
        line("if (get_local_id(0) == 0) \(statement)")
        if loaded.contains(buffer) { line(barrier) }
      } else {
        line(statement)
      }
      return
    }
    var text = dtype == .bool ? mask(value, bytes: 1) : spread(value, lanes)
    if dtype == .bool { text = "as_uchar\(lanes)(\(text)) & (uchar\(lanes))(1)" }
    switch index {
    case .affine(let base, .constant(1)) where mask == nil:
      let put = vectors(element, &renderer).put
      guard let rest else {
        if let past {
          storePast("", text, "p\(buffer) + \(base)", element, put: put, if: past, &renderer)
        } else {
          line("\(put)(\(text), p\(buffer) + \(base));")
        }
        return
      }
      let name = writer(
        "put_part", element, "const int rest", "if (l < rest) p[l] = t[l];", &renderer
      ) { "  if (rest == \($0)) {\n    \(put)(v, p);\n    return;\n  }\n" }
      let part = "\(name)(\(text), p\(buffer) + \(base), \(rest));"
      if let past {
        line("if (\(rest) == \(lanes))")
        storePast("  ", text, "p\(buffer) + \(base)", element, put: put, if: past, &renderer)
        line("else \(part)")
      } else {
        line(part)
      }
    case .affine(let base, let stride) where mask == nil:
      let name = writer(
        "put_strided", element, "const long stride, const int rest",
        "if (l < rest) p[l * stride] = t[l];", &renderer)
      line("\(name)(\(text), p\(buffer) + \(base), \(stride.text), \(rest ?? "\(lanes)"));")
    default:
      let name = writer(
        "put_masked", element, "const long\(lanes) index, const int\(lanes) mask",
        "if (m[l]) p[i[l]] = t[l];", &renderer
      ) { _ in
        "  const long *i = (const long *)&index;\n  const int *m = (const int *)&mask;\n"
      }
      let lanesThatRun = mask.map { self.mask($0.name, $0.bytes, to: 4) } ?? lanesOfRest(bytes: 4)
      line("\(name)(\(text), p\(buffer), \(spread(index, lanes)), \(lanesThatRun));")
    }
  }

  private func writer(
    _ stem: String, _ element: String, _ parameters: String, _ statement: String,
    _ renderer: inout OpenCLRenderer, _ before: (Int) -> String = { _ in "" }
  ) -> String {
    let lanes = lanes
    let text =
      before(lanes) + "  const \(element) *t = (const \(element) *)&v;\n"
      + lanesLoop(statement)
    return renderer.helper("\(stem)_\(element)\(lanes)") { name in
      "static inline void \(name)(\n  const \(element)\(lanes) v, __global \(element) *p, "
        + "\(parameters)) {\n\(text)}\n"
    }
  }

  /// The lanes that have elements in the last pass of a loop, as a mask.
  func lanesOfRest(bytes: Int) -> String {
    let element = OpenCLNames.signed(bytes)
    guard let rest else { return "(\(element)\(lanes))(-1)" }
    return "(\(OpenCLNames.iota(element, lanes)) < (\(element)\(lanes))(\(rest)))"
  }
}
