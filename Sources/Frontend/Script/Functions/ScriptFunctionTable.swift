/// All functions that scripts know, by family: the NumPy-to-Weft table.
package struct ScriptFunctionTable: Sendable {
  /// Rows that belong together.
  package struct Family: Sendable {
    package let title: String
    package let functions: [ScriptFunction]
  }

  /// The families in the order of the documentation.
  package let families: [Family]
  private let byName: [String: ScriptFunction]

  /// A table of families; a name belongs to the first row that has it.
  package init(_ families: [Family]) {
    self.families = families
    var byName: [String: ScriptFunction] = [:]
    for function in families.flatMap(\.functions) where byName[function.name] == nil {
      byName[function.name] = function
    }
    for function in families.flatMap(\.functions) {
      for alias in function.aliases where byName[alias] == nil { byName[alias] = function }
    }
    self.byName = byName
  }

  /// The built-in functions; each family is one file of this folder.
  package static let standard = ScriptFunctionTable([
    Family(
      title: "Creation",
      functions: ScriptFunction.creation + ScriptFunction.grids + ScriptFunction.windows),
    Family(title: "Elementwise", functions: ScriptFunction.scaling + ScriptFunction.elementwise),
    Family(
      title: "Functions of functions",
      functions: ScriptFunction.functionMethods + ScriptFunction.functional),
    Family(title: "Comparison and logic", functions: ScriptFunction.comparison),
    Family(
      title: "Data types", functions: ScriptFunction.dtypes + ScriptFunction.dtypeQueries),
    Family(
      title: "Indexing",
      functions: ScriptFunction.indexing + ScriptFunction.taking + ScriptFunction.placing),
    Family(title: "Reductions", functions: ScriptFunction.reductions),
    Family(title: "Statistics", functions: ScriptFunction.statistics),
    Family(title: "Sorting and searching", functions: ScriptFunction.sorting),
    Family(title: "Sets", functions: ScriptFunction.sets),
    Family(title: "Manipulation", functions: ScriptFunction.manipulation),
    Family(title: "Products", functions: ScriptFunction.products + ScriptFunction.contractions),
    Family(title: "Linear algebra", functions: ScriptFunction.linearAlgebra),
    Family(title: "Fourier transforms", functions: ScriptFunction.fourier),
    Family(
      title: "Random numbers", functions: ScriptFunction.random + ScriptFunction.generators),
    Family(title: "Sparse arrays", functions: ScriptFunction.sparse + ScriptFunction.sparseSolvers),
    Family(title: "Chunks", functions: ScriptFunction.chunks),
    Family(title: "Text", functions: ScriptFunction.formatting),
    Family(title: "Bytes and files", functions: ScriptFunction.bytes),
    Family(title: "Methods and operators of arrays", functions: ScriptFunction.arrayMethods),
  ])

  /// The function of a name or alias, with its namespace: `linalg.inv`.
  package subscript(name: String) -> ScriptFunction? { byName[name] }

  /// The method of arrays of a name: a row `array.name`, else a function that is also a method.
  package func method(_ name: String) -> ScriptFunction? {
    if let row = byName["array." + name] { return row }
    guard let function = byName[name], function.isMethod else { return nil }
    return function
  }

  /// Names that begin a namespace.
  package static let namespaces: Set<String> = [
    "linalg", "fft", "random", "random.Generator", "sparse", "sparse.linalg",
  ]

  /// The names closest to a misspelt one, at most three.
  package func suggestions(for name: String, in scope: [String] = []) -> [String] {
    let wanted = Array(name.utf8.prefix(32))
    let limit = max(1, wanted.count / 3)
    let known = scope + byName.keys
    return
      known
      .filter { abs($0.utf8.count - wanted.count) <= limit }
      .map { ($0, Self.distance(wanted, Array($0.utf8))) }
      .filter { $0.1 <= limit }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
      .prefix(3).map(\.0)
  }

  /// The number of letters to insert, delete, replace or swap with a neighbour.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, previous) = (previous, row)
    }
    return previous[b.count]
  }
}
