import WeftIR

extension ScriptFunction {
  /// Questions about values and dtypes, and about the library.
  static let dtypeQueries: [ScriptFunction] = [
    ScriptFunction("dtype(dtype, align=False, copy=False)", swift: "DType.float64") { a in
      .dtype(try a.dtype())
    },
    ScriptFunction("ndim(a)", swift: "x.rank") { a in .integer(try a.array("a").rank) },
    ScriptFunction("shape(a)", swift: "x.shape") { a in
      try a.array("a").scriptAttribute("shape", a.site) ?? .none
    },
    ScriptFunction("size(a, axis=None)", swift: "x.count") { a in
      let x = try a.array("a")
      guard let axes = try a.axes() else { return try x.scriptAttribute("size", a.site) ?? .none }
      let positions = try Axes.normalized(axes, "size", x, a.site)
      var size = 1
      for axis in positions {
        guard let extent = x.extent(axis) else {
          throw a.failure("a", "\(x.expr.type) has extents that only the data tell")
        }
        size *= extent
      }
      return .integer(size)
    },
    ScriptFunction("iscomplexobj(x)", swift: "x.dtype.isComplex") { a in
      .bool(try a.array("x").dtype.isComplex)
    },
    ScriptFunction("isrealobj(x)", swift: "!x.dtype.isComplex") { a in
      .bool(!(try a.array("x").dtype.isComplex))
    },
    ScriptFunction("isscalar(element)", swift: "x.rank == 0") { a in
      switch a["element"] {
      case .integer, .real, .complex, .bool, .string: .bool(true)
      default: .bool(false)
      }
    },
    ScriptFunction("iterable(y)", swift: "x.rank > 0") { a in
      switch a["y"] {
      case .array(let array): .bool(array.rank > 0)
      case .string, .tuple, .list: .bool(true)
      case .record(let record): .bool(record.isTuple)
      default: .bool(false)
      }
    },
    ScriptFunction("issubdtype(arg1, arg2)", swift: "dtype.kind == .signed") { a in
      let dtype = try a.dtype("arg1")
      if case .string(let name) = a["arg2"], let isBelow = dtype.isBelow(name) {
        return .bool(isBelow)
      }
      // As NumPy: Python's types stand for the dtypes of their names.
      return .bool(dtype == (try a.dtype("arg2")))
    },
    ScriptFunction(
      "array.view(x, dtype=None, /)", swift: "x.view(.uint64)"
    ) { a in
      let x = try a.array("x").strong
      return .array(x.view(try a.optionalDType() ?? x.dtype, file: a.file, line: a.line))
    },
    ScriptFunction(
      "vectorize(pyfunc, otypes=None, doc=None, excluded=None, cache=False)",
      swift: "ElementwiseFunction { (x: Int) in x }"
    ) { a in
      guard a.isNone("excluded") else {
        throw a.failure("excluded", "a function by name takes arrays for all its arguments")
      }
      return .function(try a.function("pyfunc"))
    },
    ScriptFunction("frompyfunc(func, nin, nout, /)", swift: "ElementwiseFunction { (x: Int) in x }")
    { a in
      .function(try a.function("func"))
    },
    ScriptFunction("__array_namespace_info__()", swift: "ArrayNamespaceInfo()") { _ in
      .module("__array_namespace_info__")
    },
    ScriptFunction(
      "__array_namespace_info__.capabilities()", swift: "ArrayNamespaceInfo().capabilities"
    ) { _ in
      let given = ArrayNamespaceInfo().capabilities
      return .record(
        ScriptRecord(
          "capabilities",
          [
            ("boolean indexing", .bool(given.booleanIndexing)),
            ("data-dependent shapes", .bool(given.dataDependentShapes)),
            ("max dimensions", .integer(given.maximumRank)),
          ], isTuple: false))
    },
    ScriptFunction(
      "__array_namespace_info__.default_device()", swift: "ArrayNamespaceInfo().defaultDevice"
    ) { _ in
      .string(ArrayNamespaceInfo().defaultDevice)
    },
    ScriptFunction(
      "__array_namespace_info__.devices()", swift: "ArrayNamespaceInfo().devices"
    ) { _ in
      try .list(ArrayNamespaceInfo().devices.map { .string($0) })
    },
    ScriptFunction(
      "__array_namespace_info__.default_dtypes(*, device=None)",
      swift: "ArrayNamespaceInfo().defaultDTypes"
    ) { _ in
      .record(
        ScriptRecord(
          "default_dtypes",
          ArrayNamespaceInfo().defaultDTypes.map { (name: $0.kind, value: .dtype($0.dtype)) },
          isTuple: false))
    },
    ScriptFunction(
      "__array_namespace_info__.dtypes(*, device=None, kind=None)",
      swift: "ArrayNamespaceInfo().dtypes(kind: \"integral\")"
    ) { a in
      let info = ArrayNamespaceInfo()
      var kinds: [String?] = [nil]
      if let items = a["kind"].items {
        kinds = try items.map { item in
          guard case .string(let name) = item else {
            throw a.failure("kind", "\(item.summary) is no kind of dtypes")
          }
          return name
        }
      } else if !a.isNone("kind") {
        kinds = [try a.string("kind", oneOf: ArrayNamespaceInfo.kinds)]
      }
      let chosen = Set(kinds.flatMap { info.dtypes(kind: $0).map(\.name) })
      return .record(
        ScriptRecord(
          "dtypes",
          info.dtypes().filter { chosen.contains($0.name) }
            .map { (name: $0.name, value: .dtype($0.dtype)) }, isTuple: false))
    },
  ]
}

extension DType {
  /// Whether NumPy's abstract type of a name stands above the dtype; nil for another name.
  fileprivate func isBelow(_ name: String) -> Bool? {
    switch name {
    case "generic": true
    case "number": self != .bool
    case "integer": isInteger
    case "signedinteger": kind == .signed
    case "unsignedinteger": kind == .unsigned
    case "inexact": isInexact
    case "floating": isFloat
    case "complexfloating": isComplex
    default: nil
    }
  }
}
