/// How a value is stored: the levels of its axes from outermost to innermost.
public struct Layout: Hashable, Sendable {
  /// How one axis is stored.
  public enum LevelKind: String, Hashable, Sendable {
    /// Every position, in order.
    case dense
  }

  /// The kind of each level.
  public var levels: [LevelKind]
  /// `order[i]` is the axis that level i stores.
  public var order: [Int]

  /// Dense levels in C order.
  public static func dense(rank: Int) -> Layout {
    Layout(levels: Array(repeating: .dense, count: rank), order: Array(0..<rank))
  }

  /// A layout from its parts.
  public init(levels: [LevelKind], order: [Int]) {
    self.levels = levels
    self.order = order
  }
}

extension Layout: CustomStringConvertible {
  /// As the text form writes it: `{dense, dense}`, with the order when it is not C order.
  public var description: String {
    let names = levels.map(\.rawValue).joined(separator: ", ")
    let isCOrder = order == Array(0..<order.count)
    return isCOrder ? "{\(names)}" : "{\(names)} order \(order)"
  }
}
