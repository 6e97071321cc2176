/// What went wrong, in words a program can test for.
public enum ErrorCode: String, Sendable, CaseIterable {
  case shapeMismatch = "shape-mismatch"
  case broadcast
  case dtype
  case axis
  case axisDuplicate = "axis-duplicate"
  case reshape
  case index
  case indexOutOfBounds = "index-out-of-bounds"
  case assignment
  case einsum
  case concatenate
  case emptyReduction = "empty-reduction"
  case negativeExtent = "negative-extent"
  case tooLarge = "too-large"
  case outOfRange = "out-of-range"
  case outOfMemory = "out-of-memory"
  case value
  case scalarConversion = "scalar-conversion"
  case ambiguousTruth = "ambiguous-truth"
  case singular
  case notSquare = "not-square"
  case notPositiveDefinite = "not-positive-definite"
  case noConvergence = "no-convergence"
  case unknownExtent = "unknown-extent"
  case file
  case fileFormat = "file-format"
  case unknownExecutor = "unknown-executor"
  case unusableExecutor = "unusable-executor"
  case unsupported
  case cancelled
  case syntax
  case name
  case argument
  case environment
  case `internal`
}

/// An error that a user can act on: operation, what was given, what was expected, place, one hint.
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
