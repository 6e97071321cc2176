/// The code of a routine: its results from its operands.
public typealias RoutineImplementation =
  @Sendable (Routine, [Buffer], RunContext) throws -> [Buffer]

/// What is no loop nest: a factorisation, a transform, a user's function; called by name.
///
/// A routine has a name, a type rule and facts; an executor's routine table has the code. A user's
/// function brings its code along.
public final class Routine: Hashable, Sendable {
  /// The name in the text form and in executors' tables.
  public let name: String
  /// Options that are part of the routine's meaning, such as `lower=true`.
  public let options: [String: String]
  /// The number of operands, checked before `infer` is asked; nil when `infer` takes any number.
  public let arity: Int?
  /// Whether equal calls may be one.
  public let isPure: Bool
  /// Whether it throws for no data of the types that it takes.
  public let isTotal: Bool
  /// The types of the results from those of the operands.
  public let infer: @Sendable ([TensorType]) throws -> [TensorType]
  /// Whether its own code takes one matrix of zeros and entries as it is stored, and gives dense results.
  public let takesEntries: Bool
  /// The code of a user's function, whose name no other routine has; nil for what tables know.
  public let body: RoutineImplementation?

  /// A routine from its parts.
  public init(
    _ name: String, options: [String: String] = [:], arity: Int? = nil, isPure: Bool = true,
    isTotal: Bool = false, takesEntries: Bool = false, body: RoutineImplementation? = nil,
    infer: @escaping @Sendable ([TensorType]) throws -> [TensorType]
  ) {
    self.name = name
    self.options = options
    self.arity = arity
    self.isPure = isPure
    self.isTotal = isTotal
    self.takesEntries = takesEntries
    self.infer = infer
    self.body = body
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
