import WeftIR

extension ScriptArguments {
  /// A method of quantiles.
  fileprivate func method() throws -> QuantileMethod {
    let name = try string("method")
    if let method = QuantileMethod(rawValue: name) { return method }
    throw failure(
      "method",
      "'\(name)' is no method; there are "
        + QuantileMethod.allCases.map(\.rawValue).joined(separator: ", "), code: .value)
  }

  /// A mode of convolution.
  fileprivate func mode() throws -> ConvolutionMode {
    let name = try string("mode")
    if let mode = ConvolutionMode(rawValue: name) { return mode }
    throw failure("mode", "'\(name)' is no mode; there are full, same, valid", code: .value)
  }

  /// A range of two numbers.
  private static func range(_ value: ScriptValue) throws -> (Double, Double)? {
    guard let items = value.items, items.count == 2, let low = try items[0].asReal(),
      let high = try items[1].asReal()
    else { return nil }
    return (low, high)
  }

  fileprivate func optionalRange(_ name: String) throws -> (Double, Double)? {
    if isNone(name) { return nil }
    if let range = try Self.range(self[name]) { return range }
    throw failure(name, "'\(name)' is \(self[name].summary), expected two numbers")
  }

  fileprivate func ranges(_ name: String) throws -> [(Double, Double)?]? {
    if isNone(name) { return nil }
    return try items(name).map { item in
      if case .none = item { return nil }
      if let range = try Self.range(item) { return range }
      throw failure(name, "'\(name)' is \(self[name].summary), expected pairs of numbers")
    }
  }

  private func bins(_ value: ScriptValue, _ name: String) throws -> HistogramBins {
    if let count = try? value.asInt() { return .count(count) }
    if let edges = try value.asArray(signature.name, site) { return .edges(edges) }
    throw failure(name, "'\(name)' is \(value.summary), expected a number or edges")
  }

  fileprivate func bins() throws -> HistogramBins { try bins(self["bins"], "bins") }

  /// One for all axes, or one an axis.
  fileprivate func binsOfAxes(_ count: Int) throws -> [HistogramBins] {
    if let items = self["bins"].items, items.count == count {
      return try items.map { try bins($0, "bins") }
    }
    return [try bins()]
  }

  /// Distances of a gradient: numbers or 1-d arrays.
  fileprivate func spacings() throws -> [SampleSpacing] {
    let given = rest("varargs")
    if given.isEmpty { return [.uniform(1.0)] }
    return try given.map { value in
      let array = try value.requireArray(signature.name, site)
      return array.rank == 0 ? .uniform(array) : .coordinates(array)
    }
  }
}

extension ScriptFunction {
  static let statistics: [ScriptFunction] = averages + quantiles + counts + signals + sequences

  private static let averages: [ScriptFunction] = [
    ScriptFunction("ptp(a, axis=None, out=None, keepdims=False)", swift: "ptp(x, axis:)") { a in
      .array(ptp(try a.array("a"), try a.axes(), try a.keepAxes(), a.composition))
    },
    ScriptFunction(
      "average(a, axis=None, weights=None, returned=False, *, keepdims=False)",
      swift: "average(x, axis:, weights:)"
    ) { a in
      let result = average(
        try a.array("a"), try a.axes(), try a.optionalArray("weights"), try a.keepAxes(),
        a.composition)
      if try a.bool("returned") { return .tuple(of: [result.average, result.weight]) }
      return .array(result.average)
    },
    ScriptFunction(
      "median(a, axis=None, out=None, overwrite_input=False, keepdims=False)",
      swift: "median(x, axis:)"
    ) { a in
      .array(median(try a.array("a"), try a.axes(), try a.keepAxes(), a.composition))
    },
    ScriptFunction(
      "nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False)",
      swift: "nanmedian(x, axis:)"
    ) { a in
      .array(nanMedian(try a.array("a"), try a.axes(), try a.keepAxes(), a.composition))
    },
    ScriptFunction(
      "cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, "
        + "dtype=None)", swift: "cov(x)"
    ) { a in
      .array(
        cov(
          try a.array("m"), try a.optionalArray("y"), rowVariables: try a.bool("rowvar"),
          bias: try a.bool("bias"), correction: try a.optionalInt("ddof"),
          frequencies: try a.optionalArray("fweights"),
          weights: try a.optionalArray("aweights"), dtype: try a.optionalDType(),
          file: a.file, line: a.line))
    },
    ScriptFunction("corrcoef(x, y=None, rowvar=True, *, dtype=None)", swift: "corrcoef(x)") { a in
      .array(
        corrcoef(
          try a.array("x"), try a.optionalArray("y"), rowVariables: try a.bool("rowvar"),
          dtype: try a.optionalDType(), file: a.file, line: a.line))
    },
  ]

  private static let quantiles: [ScriptFunction] = [
    quantile("quantile", inHundredths: false, ignoringNaN: false),
    quantile("percentile", inHundredths: true, ignoringNaN: false),
    quantile("nanquantile", inHundredths: false, ignoringNaN: true),
    quantile("nanpercentile", inHundredths: true, ignoringNaN: true),
  ]

  private static func quantile(
    _ name: String, inHundredths: Bool, ignoringNaN: Bool
  ) -> ScriptFunction {
    ScriptFunction(
      "\(name)(a, q, axis=None, out=None, overwrite_input=False, method='linear', "
        + "keepdims=False, *, weights=None)",
      swift: "\(name)(x, q, axis:)"
    ) { a in
      .array(
        Weft.quantile(
          try a.array("a"), try a.array("q"), try a.axes(), try a.method(), try a.keepAxes(),
          try a.optionalArray("weights"), ignoringNaN: ignoringNaN, inHundredths: inHundredths,
          a.composition))
    }
  }

  private static let counts: [ScriptFunction] = [
    ScriptFunction(
      "histogram(a, bins=10, range=None, density=None, weights=None)",
      swift: "histogram(x, bins:)"
    ) { a in
      let result = histogram(
        try a.array("a"), try a.bins(), try a.optionalRange("range"),
        try a.optionalArray("weights"), try a.bool("density"), a.composition)
      return .tuple(of: [result.counts, result.edges])
    },
    ScriptFunction(
      "histogram_bin_edges(a, bins=10, range=None, weights=None)",
      swift: "histogramEdges(x, bins:)"
    ) { a in
      let (x, bins, range) = (try a.array("a"), try a.bins(), try a.optionalRange("range"))
      return .array(
        a.composition.one([x] + bins.arrays) { () throws(WeftError) in
          try a.composition.edges(x, bins, range)
        })
    },
    ScriptFunction(
      "histogram2d(x, y, bins=10, range=None, density=None, weights=None)",
      swift: "histogramGrid([x, y], bins:)"
    ) { a in
      let result = histogramGrid(
        [try a.array("x"), try a.array("y")], try a.binsOfAxes(2), try a.ranges("range"),
        try a.optionalArray("weights"), try a.bool("density"), a.composition)
      return .tuple(of: [result.counts] + result.edges)
    },
    ScriptFunction(
      "histogramdd(sample, bins=10, range=None, density=None, weights=None)",
      swift: "histogramGrid(columns, bins:)"
    ) { a in
      let sample = try a.array("sample")
      let columns = try a.composition.columns(sample)
      let result = histogramGrid(
        columns, try a.binsOfAxes(columns.count), try a.ranges("range"),
        try a.optionalArray("weights"), try a.bool("density"), a.composition)
      return try .tuple([.array(result.counts), .tuple(of: result.edges)])
    },
    ScriptFunction("bincount(x, /, weights=None, minlength=0)", swift: "bincount(x)") { a in
      .array(
        bincount(
          try a.array("x"), weights: try a.optionalArray("weights"),
          minLength: try a.int("minlength"), file: a.file, line: a.line))
    },
    ScriptFunction("digitize(x, bins, right=False)", swift: "digitize(x, bins)") { a in
      .array(
        digitize(
          try a.array("x"), try a.array("bins"), right: try a.bool("right"), file: a.file,
          line: a.line))
    },
  ]

  private static let signals: [ScriptFunction] = [
    ScriptFunction("convolve(a, v, mode='full')", swift: "convolve(a, v)") { a in
      .array(
        convolve(
          try a.array("a"), try a.array("v"), mode: try a.mode(), file: a.file, line: a.line))
    },
    ScriptFunction("correlate(a, v, mode='valid')", swift: "correlate(a, v)") { a in
      .array(
        correlate(
          try a.array("a"), try a.array("v"), mode: try a.mode(), file: a.file, line: a.line))
    },
    ScriptFunction(
      "interp(x, xp, fp, left=None, right=None, period=None)", swift: "interp(x, xp, fp)"
    ) { a in
      .array(
        interp(
          try a.array("x"), try a.array("xp"), try a.array("fp"),
          left: try a.optionalArray("left"), right: try a.optionalArray("right"),
          period: try a.optionalReal("period"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "unwrap(p, discont=None, axis=-1, *, period=6.283185307179586)", swift: "unwrap(x)"
    ) { a in
      .array(
        unwrap(
          try a.array("p"), discontinuity: try a.optionalArray("discont"), axis: try a.axis(),
          period: try a.array("period"), file: a.file, line: a.line))
    },
    ScriptFunction(
      "gradient(f, *varargs, axis=None, edge_order=1)", swift: "gradient(x, axis:)"
    ) { a in
      let results = gradient(
        try a.array("f"), try a.spacings(), try a.axes(), try a.int("edge_order"), a.composition)
      return results.count == 1 ? .array(results[0]) : .tuple(of: results)
    },
    ScriptFunction("trapezoid(y, x=None, dx=1.0, axis=-1)", swift: "trapezoid(y, x)") { a in
      .array(
        trapezoid(
          try a.array("y"), try a.optionalArray("x"), dx: try a.array("dx"),
          axis: try a.axis(), file: a.file, line: a.line))
    },
  ]

  private static let sequences: [ScriptFunction] = [
    ScriptFunction(
      "diff(a, n=1, axis=-1, prepend=None, append=None)", swift: "diff(x, n:, axis:)"
    ) { a in
      .array(
        diff(
          try a.array("a"), n: try a.int("n"), axis: try a.axis(),
          prepend: try a.optionalArray("prepend"), append: try a.optionalArray("append"),
          file: a.file, line: a.line))
    },
    ScriptFunction("ediff1d(ary, to_end=None, to_begin=None)", swift: "ediff1d(x)") { a in
      .array(
        ediff1d(
          try a.array("ary"), toEnd: try a.optionalArray("to_end"),
          toBegin: try a.optionalArray("to_begin"), file: a.file, line: a.line))
    },
    ScriptFunction("polyval(p, x)", swift: "polyval(p, x)") { a in
      .array(polyval(try a.array("p"), try a.array("x"), file: a.file, line: a.line))
    },
    ScriptFunction("vander(x, N=None, increasing=False)", swift: "vander(x)") { a in
      .array(
        vander(
          try a.array("x"), columns: try a.optionalInt("N"),
          increasing: try a.bool("increasing"), file: a.file, line: a.line))
    },
  ]
}
