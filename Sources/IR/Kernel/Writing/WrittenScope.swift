/// The names that are in scope where a writer stands.
package struct WrittenScope: Sendable {
  /// A variable's memory.
  package struct Variable: Sendable {
    /// Its name, or that of its place.
    package let name: String
    /// How many elements it has.
    package let lanes: Int

    /// A variable of so many lanes.
    package init(_ name: String, lanes: Int) {
      self.name = name
      self.lanes = lanes
    }
  }

  /// The values of locals, by number.
  package var values: [Int: WrittenValue] = [:]
  /// Those that are variables.
  package var variables: [Int: Variable] = [:]

  /// A scope without names.
  package init() {}

  /// Gives a local a value.
  package mutating func bind(_ local: Kernel.Local, _ value: WrittenValue) {
    values[local.id] = value
  }
}
