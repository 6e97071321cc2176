import Testing
import Weft

/// Extreme arguments give arrays or errors; nothing traps, hangs or allocates when building.
@Suite("Hostile arguments")
struct HostileArgumentTests {
  private static let numbers = [
    Int.min, Int.min + 1, -(1 << 62), -1, 0, 1, 3, 1 << 31, 1 << 32, 1 << 62, Int.max - 1, Int.max,
  ]
  private static let arrays: [NDArray] = [
    5, zeros([0]), arange(3), ones([2, 3]), zeros([2, 0, 3]), arange(1 << 40),
    ones([2, 2, 2], dtype: .complex64), NDArray([true, false]),
    flatNonzero(NDArray([1, 0, 2])), zeros([-1]),
  ]

  /// Whether all are arrays or errors with a code.
  private func check(_ results: [NDArray]) {
    for result in results where result.expr.isPoison { #expect(result.expr.error != nil) }
  }

  @Test("axes and shifts", arguments: numbers)
  func axes(n: Int) {
    for a in Self.arrays {
      check([
        flip(a, axis: n), expandDims(a, axis: n), squeeze(a, axes: [n]), swapAxes(a, n, 0),
        moveAxis(a, n, to: 0), moveAxis(a, 0, to: n), roll(a, n), roll(a, n, axis: 0),
        roll(a, 1, axis: n), rot90(a, turns: n), rot90(a, axes: [0, n]), tril(a, offset: n),
        triu(a, offset: n), diag(a, offset: n), diagFlat(a, offset: n), diagonal(a, offset: n),
        diagonal(a, axis1: n), trace(a, offset: n), take(a, 0, axis: n), insert(a, n, 1),
        delete(a, n), delete(a, 0, axis: n), append(a, a, axis: n), vecdot(a, a, axis: n),
        cross(a, a, axis: n), tensordot(a, a, axes: n), tensordot(a, a, axes: ([n], [n])),
        takeAlongAxis(a, NDArray([0]), axis: n), compress(NDArray([true]), a, axis: n),
        delete(a, AxisIndex.stride(by: n)), random.shuffle(a, axis: n, key: n),
      ])
    }
  }

  @Test("extents and counts", arguments: numbers)
  func extents(n: Int) {
    for a in Self.arrays {
      check([
        tile(a, n), tile(a, [n, n]), repeated(a, n), repeated(a, n, axis: 0), repeated(a, [n, n]),
        repeated(a, NDArray([n])), resize(a, [n]), resize(a, [n, n]), pad(a, n),
        pad(a, n, mode: .wrap), pad(a, n, mode: .reflect(odd: true)), pad(a, n, mode: .edge),
        pad(a, n, mode: .mean(lengths: [(n, n)])), pad(a, [(0, n)], mode: .linearRamp([(0, 0)])),
        round(a, decimals: n), matrixPower(a, n), take(a, NDArray([n])),
        take(a, NDArray([n]), outOfBounds: .wrap), take(a, NDArray([n]), outOfBounds: .clip),
        einsum(operands: [(a, [n])], output: [n]), einsum(operands: [(a, [n, n])]),
        insert(a, [n, n], 1),
      ])
      check(split(a, n == 1 << 31 ? 5 : n))
      check(arraySplit(a, n > 1 << 20 ? n : min(n, 8)))
      check(split(a, at: [n, 0, n]))
      check(unravelIndex(NDArray([n]), [n]))
      check([ravelMultiIndex([a, a], [n, n]), ravelMultiIndex([a], [n], outOfBounds: [.wrap])])
    }
    check([
      tri(n), tri(1, n), tri(3, 3, offset: n), indices([n]), indices([n, n]), identity(n),
      empty([n]), logspace(0, 1, count: n), geomspace(1, 2, count: n), random.bits([n], key: n),
      random.uniform([n, n], key: 1), random.normal([n], key: 1), random.permutation(n, key: 1),
      random.integers([3], low: n, high: Int.max, key: 1),
      random.integers([3], low: Int.min, high: n, endpoint: true, key: 1),
      random.choice(n, [2], key: 1), random.choice(5, [n], replace: false, key: 1),
    ])
    check(sparseIndices([n, n]))
  }

  @Test("split keys at any count")
  func keys() {
    #expect(random.split(1, -5).isEmpty)
    #expect(random.fold(.max, .max) != random.fold(.max, 0))
  }
}
