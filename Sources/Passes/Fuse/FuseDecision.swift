import WeftIR

/// Why a row is not computed where it is used.
struct FuseDecision: Sendable {
  /// What separates the row from its users, or what is done instead of storing it.
  enum Reason: Sendable {
    /// A kernel reads it through a view, or repeated.
    case view
    /// A kernel visits other positions, or folds other axes.
    case space
    /// A contraction reads it.
    case contraction
    /// A step that is no kernel reads it.
    case memory
    /// A user runs before the kernel that could hold the row.
    case between
    /// The kernel that could hold the row has no room for it.
    case full
    /// Users run in kernels that cannot be one.
    case apart
    /// Users compute it again.
    case again
  }

  var row: Int
  var reason: Reason
  /// The users that the reason is about.
  var user: Int
  var other: Int

  /// One sentence; `name` gives the text form's name of a row.
  func text(_ name: (Int) -> String) -> String {
    let (row, user, other) = (name(row), name(user), name(other))
    return switch reason {
    case .view: "\(row) stored: its user \(user) reads it through a view"
    case .space: "\(row) stored: the kernel of its user \(user) visits other positions"
    case .contraction: "\(row) stored: its user \(user) is a contraction"
    case .memory: "\(row) stored: its user \(user) reads memory"
    case .between: "\(row) stored: its user \(other) runs before the kernel of its user \(user)"
    case .full: "\(row) stored: the kernel of its user \(user) is full"
    case .apart: "\(row) stored: the kernels of its users \(user) and \(other) cannot be one"
    case .again: "\(row) computed again by its users \(user) and \(other): cheaper than storing it"
    }
  }
}
