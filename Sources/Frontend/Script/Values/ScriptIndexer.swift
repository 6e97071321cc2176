import WeftIR

/// NumPy's objects that only brackets give something: `r_[0:3, 7]`, `mgrid[0:2, 0:1:5j]`.
package enum ScriptIndexer: String, Sendable, CaseIterable {
  case rows = "r_"
  case columns = "c_"
  case index = "s_"
  case indexTuple = "index_exp"
  case grid = "mgrid"
  case openGrid = "ogrid"

  /// What the object gives for a key.
  func element(at key: ScriptValue, _ site: SourceSite) throws -> ScriptValue {
    let isTuple = if case .tuple = key { true } else { false }
    let items = isTuple ? key.items ?? [] : [key]
    guard items.count <= 1024 else {
      throw WeftError(.index, rawValue, "an index has \(items.count) items", site: site)
    }
    switch self {
    case .index: return key
    case .indexTuple: return isTuple ? key : try .tuple([key])
    case .rows: return .array(try joined(items, Layout(), site))
    case .columns:
      return .array(try joined(items, Layout(axis: -1, rank: 2, position: 0), site))
    case .grid, .openGrid:
      let columns = try items.map { try coordinates($0, site) }
      if !isTuple { return .array(columns[0]) }
      let (file, line) = (ScriptSite.file, UInt(ScriptSite.anchor(of: site) ?? 0))
      return self == .grid
        ? .array(mgrid(columns, file: file, line: line))
        : .tuple(of: ogrid(columns, file: file, line: line))
    }
  }

  // MARK: - Joining

  /// How `r_` joins: along an axis, items with fewer axes than `rank` get axes of extent 1, and
  /// stand at `position` among them.
  private struct Layout {
    var axis = 0
    var rank = 1
    var position = -1
  }

  private func joined(
    _ items: [ScriptValue], _ given: Layout, _ site: SourceSite
  ) throws -> NDArray {
    var layout = given
    var items = items
    if case .string(let text) = items.first {
      layout = try directive(text, layout, site)
      items.removeFirst()
    }
    let call = Call(rawValue, site)
    var dtypes: [DType] = []
    var weak: WeakKind?
    var parts: [NDArray] = []
    for item in items {
      if let (scalar, kind) = try item.hostScalar() {
        weak = weak.map { max($0, kind) } ?? kind
        parts.append(NDArray(Building.constant(scalar, site: site)))
        continue
      }
      let array: NDArray
      if case .slice = item {
        array = try span(item, site)
      } else {
        array = try item.requireArray(rawValue, site).strong
      }
      dtypes.append(array.dtype)
      parts.append(try raised(array, layout, call))
    }
    let dtype = DType.promoted(dtypes)
    let common = weak.map { dtype?.promoted(withWeak: $0) ?? $0.defaultDType } ?? dtype
    parts = parts.map { part in
      let extra = Array(repeating: 1, count: max(0, layout.rank - part.rank))
      return call.convert(call.reshape(part, codes: extra + part.codes), to: common ?? part.dtype)
    }
    return concatenate(parts, axis: layout.axis, name: rawValue, site: site)
  }

  /// `'axis'`, `'axis,rank'` or `'axis,rank,position'`.
  private func directive(
    _ text: String, _ layout: Layout, _ site: SourceSite
  ) throws -> Layout {
    let numbers = text.split(separator: ",").map { Int($0.filter { $0 != " " }) }
    guard (1...3).contains(numbers.count), let axis = numbers[0], numbers.allSatisfy({ $0 != nil }),
      let rank = numbers.count > 1 ? numbers[1] : layout.rank, (0...64).contains(rank)
    else {
      throw WeftError(
        .argument, rawValue, "'\(text.prefix(20))' is no directive of one to three integers",
        site: site, hint: "there are no matrices: 'r' and 'c' have no meaning")
    }
    let position = numbers.count > 2 ? numbers[2] ?? -1 : layout.position
    return Layout(axis: axis, rank: rank, position: position)
  }

  /// An item with as many axes as the layout asks for.
  private func raised(_ array: NDArray, _ layout: Layout, _ call: Call) throws -> NDArray {
    let missing = layout.rank - array.rank
    guard missing > 0, !array.expr.isPoison else { return array }
    var start = layout.position
    if start < 0 { start += missing + 1 }
    guard layout.position != -1, start >= 0, start <= missing else {
      return call.reshape(array, codes: Array(repeating: 1, count: missing) + array.codes)
    }
    return call.reshape(
      array,
      codes: Array(repeating: 1, count: start) + array.codes
        + Array(repeating: 1, count: missing - start))
  }

  // MARK: - Spans

  /// The numbers of a slice: `0:3`, `0:1:0.25`, `0:1:5j` for five with both ends.
  private func span(_ item: ScriptValue, _ site: SourceSite) throws -> NDArray {
    guard case .slice(let start, let stop, let step) = item else {
      throw WeftError(.index, rawValue, "takes slices, not \(item.kindName)", site: site)
    }
    if case .complex(let re, let im) = step {
      return linspace(
        try number(start, 0, site), try number(stop, nil, site),
        count: try Self.count(re, im, rawValue, site), file: ScriptSite.file,
        line: UInt(ScriptSite.anchor(of: site) ?? 0))
    }
    guard let arange = ScriptFunctionTable.standard["arange"] else { return NDArray(scalar: 0) }
    let bounds = [
      start.isNone ? .integer(0) : start, stop, step.isNone ? .integer(1) : step,
    ].map { ScriptArgumentValue($0) }
    if stop.isNone { throw WeftError(.index, rawValue, "a slice has no end", site: site) }
    return try arange.call(bounds, anchor: ScriptSite.anchor(of: site) ?? 0)
      .requireArray(rawValue, site)
  }

  private static func count(
    _ re: Double, _ im: Double, _ name: String, _ site: SourceSite
  ) throws -> Int {
    let count = (re * re + im * im).squareRoot()
    guard count < 0x1p31 else {
      throw WeftError(.tooLarge, name, "\(count) points are too many", site: site)
    }
    return Int(count)
  }

  private func number(
    _ value: ScriptValue, _ fallback: Double?, _ site: SourceSite
  ) throws -> NDArray {
    if value.isNone, let fallback { return NDArray(scalar: fallback) }
    guard let number = try value.asReal() else {
      throw WeftError(.index, rawValue, "\(value.summary) is no bound of a slice", site: site)
    }
    return NDArray(scalar: number)
  }

  /// The coordinates of a slice as grids compute them: position times step plus start.
  private func coordinates(_ item: ScriptValue, _ site: SourceSite) throws -> NDArray {
    guard case .slice(let start, let stop, let step) = item, !stop.isNone else {
      throw WeftError(.index, rawValue, "takes slices with an end", site: site)
    }
    let call = Call(rawValue, site)
    guard let first = start.isNone ? 0 : try start.asReal(), let last = try stop.asReal() else {
      throw WeftError(.index, rawValue, "\(item.kindName) has no real bounds", site: site)
    }
    let bounds = [start, stop, step]
    var isWhole = bounds.allSatisfy { bound in
      if case .integer = bound { true } else { bound.isNone }
    }
    let (count, delta): (Int, Double)
    if case .complex(let re, let im) = step {
      count = try Self.count(re, im, rawValue, site)
      delta = count == 1 ? 1 : (last - first) / Double(count - 1)
      isWhole = false
    } else {
      guard let given = step.isNone ? 1 : try step.asReal(), given != 0 else {
        throw WeftError(.index, rawValue, "the step is \(step.summary)", site: site)
      }
      delta = given
      let extent = ((last - first) / delta).rounded(.up)
      guard extent < 0x1p53 else {
        throw WeftError(.tooLarge, rawValue, "\(extent) points are too many", site: site)
      }
      count = extent > 0 ? Int(extent) : 0
    }
    let dtype: DType = isWhole ? .int64 : .float64
    let counts = call.convert(call.counts([count]), to: dtype)
    return call.apply(
      .add, call.apply(.multiply, counts, call.number(delta, dtype)), call.number(first, dtype))
  }
}

extension ScriptValue {
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
