import WeftIR

/// Adds the sums of chunks up, for one part of complex numbers.
struct PartSum: Sendable {
  private let part: Int

  /// A sum of the real parts, 0, or the imaginary ones, 1.
  init(_ part: Int) { self.part = part }

  /// Writes the part of each result; partial sums are `[outer, chunks, inner]` in float64.
  ///
  /// - Source: the error of each addition by Knuth's TwoSum (TAOCP vol. 2, 4.2.2, theorem B).
  func run(_ partials: Buffer, _ result: Buffer) {
    guard let extents = partials.type.shape.known else { return }
    let (chunks, inner) = (extents[1], extents[2])
    let sums = partials.base.assumingMemoryBound(to: Double.self)
    for outer in 0..<extents[0] {
      for column in 0..<inner {
        // -0.0 changes no first element.
        var (sum, lost) = (-0.0, 0.0)
        for chunk in 0..<chunks {
          let value = sums[(outer * chunks + chunk) * inner + column]
          let next = sum + value
          let back = next - sum
          lost += (sum - (next - back)) + (value - back)
          sum = next
        }
        let total = lost.magnitude > 0 ? sum + lost : sum
        let place = 2 * (outer * inner + column) + part
        if result.type.dtype == .complex64 {
          result.base.assumingMemoryBound(to: Float.self)[place] = Float(total)
        } else {
          result.base.assumingMemoryBound(to: Double.self)[place] = total
        }
      }
    }
  }
}
