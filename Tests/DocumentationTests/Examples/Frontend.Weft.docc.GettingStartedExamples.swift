// Written from Sources/Frontend/Weft.docc/GettingStarted.md by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendWeftDoccGettingStarted: [Example] = [
    Example("Frontend/Weft.docc/GettingStarted.md: GettingStarted.md", frontendWeftDoccGettingStarted1),
    Example("Frontend/Weft.docc/GettingStarted.md: GettingStarted.md", frontendWeftDoccGettingStarted2),
    Example("Frontend/Weft.docc/GettingStarted.md: GettingStarted.md", frontendWeftDoccGettingStarted3),
    Example("Frontend/Weft.docc/GettingStarted.md: GettingStarted.md", frontendWeftDoccGettingStarted4),
    Example("Frontend/Weft.docc/GettingStarted.md: GettingStarted.md", frontendWeftDoccGettingStarted5),
    Example("Frontend/Weft.docc/GettingStarted.md: GettingStarted.md", frontendWeftDoccGettingStarted6),
    Example("Frontend/Weft.docc/GettingStarted.md: GettingStarted.md", frontendWeftDoccGettingStarted7),
    Example("Frontend/Weft.docc/GettingStarted.md: GettingStarted.md", frontendWeftDoccGettingStarted8),
  ]

  private static func frontendWeftDoccGettingStarted1() throws {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    let b = NDArray([0.5, 1.5, 2.5])
    try expect("a.type", a.type, "int64[2, 3]")
    try expect("(a + b).type", (a + b).type, "float64[2, 3]")
    try expect("try (a + b).compute()", try (a + b).compute(), "[[1.5 3.5 5.5]\n [4.5 6.5 8.5]]")
  }

  private static func frontendWeftDoccGettingStarted2() throws {
    let small = ones([2], dtype: .float32)
    try expect("(small * 0.5).dtype", (small * 0.5).dtype, "float32")
    try expect("(NDArray([1, 2]) * 0.5).dtype", (NDArray([1, 2]) * 0.5).dtype, "float64")
  }

  private static func frontendWeftDoccGettingStarted3() throws {
    let a: NDArray = [3, -1, 4, -1, 5]
    try expect("a .> 0", a .> 0, "[ True False  True False  True]")
    try expect("a[a .> 0]", a[a .> 0], "[3 4 5]")
    try expect("which(a .> 0, a, 0)", which(a .> 0, a, 0), "[3 0 4 0 5]")
  }

  private static func frontendWeftDoccGettingStarted4() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    let values: [Double] = try (a / 2).toArray()
    try expect("values", values, "[0.5, 1.0, 1.5, 2.0]")
    let total: Int = try a.sum().item()
    try expect("total", total, "10")
  }

  private static func frontendWeftDoccGettingStarted5() throws {
    let x = linspace(0, 1, count: 5)
    let (low, high) = try compute(exp(x).min(), exp(x).max())
    try expect("low", low, "1.0")
    try expect("high .> 2.7", high .> 2.7, "True")
  }

  private static func frontendWeftDoccGettingStarted6() throws {
    let a = zeros([2, 3], dtype: .int64)
    var b = a
    b[0, 1...] = [7, 8]
    try expect("b", b, "[[0 7 8]\n [0 0 0]]")
    try expect("a", a, "[[0 0 0]\n [0 0 0]]")
  }

  private static func frontendWeftDoccGettingStarted7() throws {
    let wrong = ones([2, 3]) + ones([4])
    try expect("try wrong.compute()", try wrong.compute(), "error: add: cannot broadcast float64[2, 3] with float64[4] [broadcast]")
  }

  private static func frontendWeftDoccGettingStarted8() throws {
    let step = compile { (u: NDArray) in u + 0.25 * (roll(u, 1) - 2 * u + roll(u, -1)) }
    var heat: NDArray = [0.0, 0, 1, 0, 0]
    for _ in 0..<10 { heat = try step(heat) }
    try expect("round(heat.sum(), decimals: 6)", round(heat.sum(), decimals: 6), "1.0")
  }
}
