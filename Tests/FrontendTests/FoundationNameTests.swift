import Foundation
import Testing
import Weft

@Suite("Names beside Foundation's")
struct FoundationNameTests {
  @Test("functions with the names of C functions are found by their arguments")
  func names() throws {
    let x = random.uniform([3], key: 7)
    let parts = [round(x), fabs(x), modf(x).fraction, frexp(x).mantissa, ldexp(x, 2), rint(x)]
    #expect(parts.allSatisfy { !$0.expr.isPoison })
    #expect(!select([x .> 0], [x]).expr.isPoison)
    #expect(round(2.5) == 3 && fabs(-1.5) == 1.5)
  }
}
