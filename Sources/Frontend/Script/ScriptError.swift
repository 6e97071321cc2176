import WeftIR

/// An error of a script: what went wrong and which part of the text is guilty.
public struct ScriptError: Error, Sendable {
  /// What went wrong: code, operation, message, hint.
  public var error: WeftError
  /// The guilty part as offsets of UTF-8 bytes; nil when it is not known.
  public var range: Range<Int>?
  /// The text of the script; empty when the call came from no text.
  public var source: String

  /// An error at a part of a text.
  public init(_ error: WeftError, range: Range<Int>? = nil, source: String = "") {
    self.error = error
    self.range = range
    self.source = source
  }
}

extension ScriptError: CustomStringConvertible {
  /// Message, the line of the script with a caret under the guilty part, and the hint.
  public var description: String {
    let message = "\(error.operation): \(error.message) [\(error.code.rawValue)]"
    var text: String
    if let range, !source.isEmpty {
      text = ScriptDiagnostic.caretMessage(
        source: source, range: range, message: message, hint: error.hint)
    } else {
      text = "error: \(message)"
      if let hint = error.hint { text += "\n  hint: \(hint)" }
    }
    for other in error.others {
      text += "\nerror: \(other.operation): \(other.message) [\(other.code.rawValue)]"
    }
    return text
  }
}

/// An error on its way through the evaluator; who knows the place adds it.
package struct ScriptFailure: Error {
  package var error: WeftError
  package var range: Range<Int>?

  package init(_ error: WeftError, _ range: Range<Int>? = nil) {
    self.error = error
    self.range = range
  }

  /// Whatever a body threw, with a place unless it has one.
  package init(_ thrown: any Error, at range: Range<Int>?) {
    switch thrown {
    case let failure as ScriptFailure:
      self.init(failure.error, failure.range ?? range)
    case let error as WeftError: self.init(error, range)
    case let error as ScriptError: self.init(error.error, range)
    case is CancellationError: self.init(WeftError(.cancelled, "script", "cancelled"), range)
    default: self.init(WeftError(.internal, "script", "\(thrown)"), range)
    }
  }
}
