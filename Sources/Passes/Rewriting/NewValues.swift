import WeftIR

/// The values of a new graph that stand for those of an old one.
final class NewValues {
  private var values: [[Value]]

  init(count: Int) { values = Array(repeating: [], count: count) }

  func set(_ row: Int, _ new: [Value]) { values[row] = new }
  func value(_ old: Value) -> Value { values[old.index][Int(old.result)] }
}
