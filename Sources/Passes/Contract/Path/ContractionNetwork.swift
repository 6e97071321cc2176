/// A sum of products to be ordered: which indices each operand has, which the result keeps.
///
/// Indices are numbers below `extents.count`. An index may stand in any number of operands
/// (hyperedge), in operands and the output (batch), twice in one operand (diagonal) or in one operand
/// alone. What the output does not hold is summed once no other operand holds it.
public struct ContractionNetwork: Hashable, Sendable {
  /// The indices of each operand.
  public let operands: [[Int]]
  /// The indices that the result keeps; none twice.
  public let output: [Int]
  /// The extent of each index, in elements.
  public let extents: [Int]

  /// A network from its parts; every index stands in `extents`, the output's ones in an operand.
  public init(_ operands: [[Int]], to output: [Int], extents: [Int]) {
    self.operands = operands
    self.output = output
    self.extents = extents
  }

  /// What is wrong with the parts, or nil: to be asked where they come from a user.
  public var mistake: String? {
    if operands.isEmpty { return "there are no operands" }
    for (index, extent) in extents.enumerated() where extent < 0 {
      return "index \(index) has the extent \(extent)"
    }
    var stands = Array(repeating: false, count: extents.count)
    for (position, indices) in operands.enumerated() {
      for index in indices {
        guard stands.indices.contains(index) else {
          return "operand \(position) has the index \(index), which has no extent"
        }
        stands[index] = true
      }
    }
    var isKept = Array(repeating: false, count: extents.count)
    for index in output {
      guard isKept.indices.contains(index), stands[index] else {
        return "the output has the index \(index), which stands in no operand"
      }
      if isKept[index] { return "the output has the index \(index) twice" }
      isKept[index] = true
    }
    return nil
  }

  /// The same network without some indices: what one slice over them contracts.
  public func slicing(_ indices: [Int]) -> ContractionNetwork {
    if indices.isEmpty { return self }
    let gone = Set(indices)
    return ContractionNetwork(
      operands.map { $0.filter { !gone.contains($0) } },
      to: output.filter { !gone.contains($0) }, extents: extents)
  }
}
