/// What stands for one axis (or more) between the brackets of `x[...]`.
///
/// ```swift
/// let a = arange(12).reshaped([3, 4])
/// a[1..., .all].type  // int64[2, 4]
/// a[.ellipsis, 0]  // [0 4 8]
/// a[.newAxis, 0].type  // int64[1, 4]
/// a[.stride(from: 2, to: nil, by: -2), 1]  // [9 1]
/// ```
public enum AxisIndex: Sendable {
  /// One position; negative counts from the end. The axis disappears.
  case at(Int)
  /// Positions from start to before stop by a step, as Python's slice: nil and negative alike.
  case slice(start: Int?, stop: Int?, step: Int)
  /// As many whole axes as are left.
  case remaining
  /// A new axis of extent 1.
  case inserted
  /// Positions in an array of integers, or true positions of an array of bool.
  case array(NDArray)
}

/// What can stand between the brackets of `x[...]`: integers, ranges, arrays, `.all` and the like.
public protocol AxisIndexConvertible {
  /// The index that the value stands for.
  var axisIndex: AxisIndex { get }
}

extension AxisIndex: AxisIndexConvertible {
  /// Itself.
  public var axisIndex: AxisIndex { self }
}

extension AxisIndexConvertible where Self == AxisIndex {
  /// The whole axis.
  public static var all: AxisIndex { .slice(start: nil, stop: nil, step: 1) }
  /// As many whole axes as are left.
  public static var ellipsis: AxisIndex { .remaining }
  /// A new axis of extent 1.
  public static var newAxis: AxisIndex { .inserted }
  /// Every nth position; negative goes backwards from the end.
  public static func stride(by step: Int) -> AxisIndex {
    .slice(start: nil, stop: nil, step: step)
  }
  /// Every nth position from a start.
  public static func stride(from start: Int, by step: Int) -> AxisIndex {
    .slice(start: start, stop: nil, step: step)
  }
  /// Every nth position from a start to before a stop.
  public static func stride(from start: Int?, to stop: Int?, by step: Int) -> AxisIndex {
    .slice(start: start, stop: stop, step: step)
  }
}

extension Int: AxisIndexConvertible {
  /// One position.
  public var axisIndex: AxisIndex { .at(self) }
}
extension Range<Int>: AxisIndexConvertible {
  /// The positions of the range.
  public var axisIndex: AxisIndex { .slice(start: lowerBound, stop: upperBound, step: 1) }
}
extension ClosedRange<Int>: AxisIndexConvertible {
  /// The positions of the range.
  public var axisIndex: AxisIndex {
    .slice(start: lowerBound, stop: upperBound == -1 ? nil : upperBound &+ 1, step: 1)
  }
}
extension PartialRangeFrom<Int>: AxisIndexConvertible {
  /// The positions from the bound on; negative counts from the end.
  public var axisIndex: AxisIndex { .slice(start: lowerBound, stop: nil, step: 1) }
}
extension PartialRangeUpTo<Int>: AxisIndexConvertible {
  /// The positions before the bound; negative counts from the end.
  public var axisIndex: AxisIndex { .slice(start: nil, stop: upperBound, step: 1) }
}
extension PartialRangeThrough<Int>: AxisIndexConvertible {
  /// The positions up to the bound; negative counts from the end.
  public var axisIndex: AxisIndex {
    .slice(start: nil, stop: upperBound == -1 ? nil : upperBound &+ 1, step: 1)
  }
}
extension NDArray: AxisIndexConvertible {
  /// Positions, or a mask.
  public var axisIndex: AxisIndex { .array(self) }
}
extension Array: AxisIndexConvertible where Element: ArrayElement {
  /// Positions, or a mask.
  public var axisIndex: AxisIndex { .array(NDArray(self)) }
}
