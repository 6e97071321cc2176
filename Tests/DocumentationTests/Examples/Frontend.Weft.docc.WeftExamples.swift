// Written from Sources/Frontend/Weft.docc/Weft.md by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendWeftDoccWeft: [Example] = [
    Example("Frontend/Weft.docc/Weft.md: Weft.md", frontendWeftDoccWeft1),
  ]

  private static func frontendWeftDoccWeft1() throws {
    let x: NDArray = [[1, 2, 3], [4, 5, 6]]
    // Nothing runs until it is asked for.
    let centred = x - x.mean(axis: 0)
    try expect("try centred.compute()", try centred.compute(), "[[-1.5 -1.5 -1.5]\n [ 1.5  1.5  1.5]]")
  }
}
