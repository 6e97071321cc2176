import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ScriptEvaluator {
  /// What a name stands for: a variable, a function, a constant, a dtype, a namespace.
  ///
  /// - Throws: `name`, with the names that are close.
  func value(of name: String, _ range: Range<Int>) throws(ScriptFailure) -> ScriptValue {
    if let variable = variables[name] { return variable }
    if let function = table[name], !name.hasPrefix("array.") { return .function(function) }
    if let constant = Self.constant(name) { return constant }
    if let indexer = ScriptIndexer(rawValue: name) { return .indexer(indexer) }
    if let dtype = DType(name: name) { return .dtype(dtype) }
    switch name {
    case "np", "xp", "numpy", "jnp": return .module("")
    default: break
    }
    if ScriptFunctionTable.namespaces.contains(name) { return .module(name) }
    let close = table.suggestions(for: name, in: Array(variables.keys))
    throw ScriptFailure(
      WeftError(
        .name, "script", "nothing is named '\(name)'",
        hint: close.isEmpty ? nil : "did you mean \(close.joined(separator: ", "))?"), range)
  }

  /// A member of a namespace.
  func member(
    _ name: String, of module: String, _ range: Range<Int>
  ) throws(ScriptFailure) -> ScriptValue {
    let path = module.isEmpty ? name : "\(module).\(name)"
    if module.isEmpty {
      if let constant = Self.constant(name) { return constant }
      if let indexer = ScriptIndexer(rawValue: name) { return .indexer(indexer) }
      // `np.bool` is a dtype, the bare `bool` a function.
      if name.utf8.count > 2, let dtype = ScriptValue.dtype(named: name) { return .dtype(dtype) }
      if ScriptFunctionTable.namespaces.contains(name) { return .module(name) }
    }
    if ScriptFunctionTable.namespaces.contains(path) { return .module(path) }
    if let function = table[path] { return .function(function) }
    let close = table.suggestions(for: path)
    throw ScriptFailure(
      WeftError(
        .name, module.isEmpty ? "np" : module, "has no function '\(name)'",
        hint: close.isEmpty ? nil : "did you mean \(close.joined(separator: ", "))?"), range)
  }

  /// The constants of the standard.
  static func constant(_ name: String) -> ScriptValue? {
    switch name {
    case "pi": .real(.pi)
    case "e": .real(M_E)
    case "inf": .real(.infinity)
    case "nan": .real(.nan)
    case "newaxis": ScriptValue.none
    case "euler_gamma": .real(0.577_215_664_901_532_9)
    // NumPy's abstract types, which only issubdtype knows.
    case "generic", "number", "integer", "signedinteger", "unsignedinteger", "inexact", "floating",
      "complexfloating":
      .string(name)
    default: nil
    }
  }
}
