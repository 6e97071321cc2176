/// What went wrong, in words a program can test for.
public enum ErrorCode: String, Sendable, CaseIterable {
  /// Extents that must agree do not: inner extents of products, weights, stacked operands.
  case shapeMismatch = "shape-mismatch"
  /// Shapes that do not broadcast.
  case broadcast
  /// A dtype that a function has no meaning for, or that does not convert.
  case dtype
  /// An axis out of range, or an array with too few axes.
  case axis
  /// An axis given twice.
  case axisDuplicate = "axis-duplicate"
  /// A shape with another number of elements.
  case reshape
  /// Something between brackets that is no index of the array.
  case index
  /// A position outside an axis; often found at run time.
  case indexOutOfBounds = "index-out-of-bounds"
  /// A script assigns to what cannot be assigned to.
  case assignment
  /// Subscripts that are not of the form, or do not fit the operands.
  case einsum
  /// Arrays that cannot be joined.
  case concatenate
  /// A fold without an identity over no elements.
  case emptyReduction = "empty-reduction"
  /// A negative extent or count.
  case negativeExtent = "negative-extent"
  /// More elements or bytes than can be counted.
  case tooLarge = "too-large"
  /// A Swift integer that the dtype does not hold, or an offset outside a buffer.
  case outOfRange = "out-of-range"
  /// A sparse array would become a dense one of more bytes than the limit for that.
  case wouldDensify = "would-densify"
  /// The memory limit, or the system, refused.
  case outOfMemory = "out-of-memory"
  /// An argument outside what the function takes.
  case value
  /// An array of not just one element where one is needed.
  case scalarConversion = "scalar-conversion"
  /// The truth of an array of several elements.
  case ambiguousTruth = "ambiguous-truth"
  /// A singular matrix; with its position in the stack.
  case singular
  /// A matrix that is not square.
  case notSquare = "not-square"
  /// A matrix that is not positive definite; with its position.
  case notPositiveDefinite = "not-positive-definite"
  /// An iteration without a result, as for NaN; with its position.
  case noConvergence = "no-convergence"
  /// An extent that only the data tell where it must be known.
  case unknownExtent = "unknown-extent"
  /// The system refused to read or write a file.
  case file
  /// A file whose bytes are not what they should be.
  case fileFormat = "file-format"
  /// A name that no executor has.
  case unknownExecutor = "unknown-executor"
  /// An executor that cannot work here.
  case unusableExecutor = "unusable-executor"
  /// What the executor asked for cannot run.
  case unsupported
  /// The task was cancelled.
  case cancelled
  /// A text that cannot be read.
  case syntax
  /// A name that stands for nothing.
  case name
  /// Arguments that do not go together, or that a function does not have.
  case argument
  /// A variable of the environment with a value that means nothing.
  case environment
  /// A mistake of the library, with how to report it.
  case `internal`
}

/// An error that a user can act on: operation, what was given, what was expected, place, one hint.
///
/// ```swift
/// let wrong = ones([2]) + ones([3])
/// let error = wrong.expr.error
/// error?.code  // broadcast
/// error?.message  // cannot broadcast float64[2] with float64[3]
/// ```
public struct WeftError: Error, Hashable, Sendable {
  /// The kind of mistake; stable across versions.
  public var code: ErrorCode
  /// The operation, in the words the user wrote: `matmul`, `x.sum`.
  public var operation: String
  /// What was given and what was expected, with shapes and dtypes.
  public var message: String
  /// The user's line.
  public var site: SourceSite
  /// The text around the mistake, with a caret below it; lines are indented.
  public var excerpt: String?
  /// One thing to do about it.
  public var hint: String?
  /// Other, independent errors of the same `compute()`.
  public var others: [WeftError] = []
  /// What was done before the error, where something was.
  public var partial: PartialResult?

  /// An error from its parts.
  public init(
    _ code: ErrorCode, _ operation: String, _ message: String, site: SourceSite = .none,
    hint: String? = nil
  ) {
    self.code = code
    self.operation = operation
    self.message = message
    self.site = site
    self.hint = hint
  }

  /// The same error at a place, unless it has one already.
  public func located(at site: SourceSite) -> WeftError {
    if self.site != .none { return self }
    var error = self
    error.site = site
    return error
  }
}

/// What an operation had when it failed.
public final class PartialResult: Hashable, Sendable {
  /// The result; whoever threw says of which type.
  public let value: any Sendable

  /// A result that is not all that was asked for.
  public init(_ value: any Sendable) { self.value = value }

  /// Whether both are one object.
  public static func == (a: PartialResult, b: PartialResult) -> Bool { a === b }

  /// Hashes the object's identity.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension WeftError: CustomStringConvertible {
  /// Place, operation, message and code on a line, then the hint and the other errors.
  public var description: String {
    let place = site.description
    var text = place.isEmpty ? "error: " : "\(place): error: "
    text += "\(operation): \(message) [\(code.rawValue)]"
    if let excerpt { text += "\n\(excerpt)" }
    if let hint { text += "\n  hint: \(hint)" }
    for other in others { text += "\n\(other)" }
    return text
  }
}
