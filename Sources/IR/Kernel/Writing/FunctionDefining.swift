/// A text of kernels in which functions of the library are defined once each.
public protocol FunctionDefining {
  /// The names of functions that are defined.
  var functions: Set<String> { get set }
  /// The name of the function that stands for some words.
  static func functionName(_ words: [String]) -> String
  /// Writes the definition of a function of values in some lanes.
  mutating func define(
    _ name: String, _ body: KernelFunction, lanes: Int) throws(WeftError)
}

extension FunctionDefining {
  /// The body of a function that is short enough to be written where it is used.
  public func shortBody(_ f: ScalarFunction, _ dtype: DType) -> KernelFunction? {
    guard let body = KernelLibrary.function(f, dtype), body.body.count <= 6 else { return nil }
    let isStraight = body.body.allSatisfy { if case .define = $0 { true } else { false } }
    return isStraight ? body : nil
  }

  /// The name of the function that computes a scalar function in some lanes.
  public mutating func function(
    _ f: ScalarFunction, _ dtype: DType, lanes: Int
  ) throws(WeftError) -> String {
    try defined(
      [f.name, dtype.name, "\(lanes)"], KernelLibrary.function(f, dtype), lanes,
      missing: "\(f.name) of \(dtype)")
  }

  /// The name of the function that converts, as `astype` does, in some lanes.
  public mutating func conversion(
    _ from: DType, _ to: DType, lanes: Int
  ) throws(WeftError) -> String {
    try defined(
      ["convert", from.name, to.name, "\(lanes)"], KernelLibrary.conversion(from: from, to: to),
      lanes, missing: "the conversion from \(from) to \(to)")
  }

  private mutating func defined(
    _ words: [String], _ body: KernelFunction?, _ lanes: Int, missing: String
  ) throws(WeftError) -> String {
    let name = Self.functionName(words)
    if functions.contains(name) { return name }
    guard let body else {
      throw WeftError(.internal, "compile", "no kernel function for \(missing)")
    }
    functions.insert(name)
    try define(name, body, lanes: lanes)
    return name
  }
}
