/// What is no loop nest: a factorisation, a transform, a user's function; called by name.
///
/// A routine has a name, a type rule and facts, and no code: an executor's routine table has that.
public final class Routine: Hashable, Sendable {
  /// The name in the text form and in executors' tables.
  public let name: String
  /// Options that are part of the routine's meaning, such as `lower=true`.
  public let options: [String: String]
  /// The number of operands, checked before `infer` is asked; nil when `infer` takes any number.
  public let arity: Int?
  /// Whether equal calls may be one.
  public let isPure: Bool
  /// The types of the results from those of the operands.
  public let infer: @Sendable ([TensorType]) throws -> [TensorType]

  /// A routine from its parts.
  public init(
    _ name: String, options: [String: String] = [:], arity: Int? = nil, isPure: Bool = true,
    infer: @escaping @Sendable ([TensorType]) throws -> [TensorType]
  ) {
    self.name = name
    self.options = options
    self.arity = arity
    self.isPure = isPure
    self.infer = infer
  }

  /// Whether names and options are equal.
  public static func == (a: Routine, b: Routine) -> Bool {
    a === b || a.name == b.name && a.options == b.options
  }

  /// Hashes name and options.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(options)
  }
}
