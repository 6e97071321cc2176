// Written from Sources/Frontend/Session/Computing.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSessionComputing: [Example] = [
    Example("Frontend/Session/Computing.swift: NDArray.compute(on:progress:)", frontendSessionComputing1),
    Example("Frontend/Session/Computing.swift: NDArray.compute(on:progress:)", frontendSessionComputing2),
    Example("Frontend/Session/Computing.swift: NDArray.buffer()", frontendSessionComputing3),
    Example("Frontend/Session/Computing.swift: NDArray.toArray(of:)", frontendSessionComputing4),
    Example("Frontend/Session/Computing.swift: NDArray.item(_:)", frontendSessionComputing5),
    Example("Frontend/Session/Computing.swift: compute(_:on:progress:)", frontendSessionComputing6),
    Example("Frontend/Session/Computing.swift: compute(_:_:on:)", frontendSessionComputing7),
  ]

  private static func frontendSessionComputing1() throws {
    let total = NDArray([1, 2, 3]).sum()
    try expect("total.isComputed", total.isComputed, "false")
    try expect("try total.compute()", try total.compute(), "6")
    try expect("total.isComputed", total.isComputed, "true")
    try expect("try total.compute(on: .reference)", try total.compute(on: .reference), "6")
  }

  private static func frontendSessionComputing2() async throws {
    let a: NDArray = [1, 2, 3]
    let later = Task { try await (a * 2).compute() }
    try await expectLater("try await later.value", try await later.value, "[2 4 6]")
  }

  private static func frontendSessionComputing3() throws {
    try expect("try NDArray([1, 2, 3]).buffer().type", try NDArray([1, 2, 3]).buffer().type, "int64[3]")
  }

  private static func frontendSessionComputing4() throws {
    let values: [Double] = try (NDArray([1, 2, 3]) / 2).toArray()
    try expect("values", values, "[0.5, 1.0, 1.5]")
    try expect("try NDArray([1, 2]).toArray(of: Double.self)", try NDArray([1, 2]).toArray(of: Double.self), "error: toArray: the array is int64, not float64 [dtype]")
  }

  private static func frontendSessionComputing5() throws {
    let mean: Double = try NDArray([1, 2, 6]).mean().item()
    try expect("mean", mean, "3.0")
    try expect("try NDArray([1, 2]).item(Int.self)", try NDArray([1, 2]).item(Int.self), "error: item: int64[2] has not just one element [scalar-conversion]")
  }

  private static func frontendSessionComputing6() throws {
    let x = linspace(0, 1, count: 5)
    let shared = x * x
    try expect("try compute([shared.sum(), shared.max()])", try compute([shared.sum(), shared.max()]), "1.875\n1.0")
  }

  private static func frontendSessionComputing7() throws {
    let x: NDArray = [1, 2, 3]
    let (total, mean) = try compute(x.sum(), x.mean())
    try expect("total", total, "6")
    try expect("mean", mean, "2.0")
  }
}
