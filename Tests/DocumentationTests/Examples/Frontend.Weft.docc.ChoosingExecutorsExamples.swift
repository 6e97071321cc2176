// Written from Sources/Frontend/Weft.docc/ChoosingExecutors.md by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendWeftDoccChoosingExecutors: [Example] = [
    Example("Frontend/Weft.docc/ChoosingExecutors.md: ChoosingExecutors.md", frontendWeftDoccChoosingExecutors1),
    Example("Frontend/Weft.docc/ChoosingExecutors.md: ChoosingExecutors.md", frontendWeftDoccChoosingExecutors2),
    Example("Frontend/Weft.docc/ChoosingExecutors.md: ChoosingExecutors.md", frontendWeftDoccChoosingExecutors3),
  ]

  private static func frontendWeftDoccChoosingExecutors1() throws {
    let a: NDArray = [1, 2, 3]
    try expect("try a.sum().compute(on: .reference)", try a.sum().compute(on: .reference), "6")
    try expect("try Session.standard.with(executor: .reference) { try a.max().compute() }", try Session.standard.with(executor: .reference) { try a.max().compute() }, "3")
  }

  private static func frontendWeftDoccChoosingExecutors2() throws {
    try expect("try NDArray([1, 2]).sum().compute(on: \"abacus\")", try NDArray([1, 2]).sum().compute(on: "abacus"), "error: compute: no executor is named 'abacus' (from the call's argument) [unknown-executor]")
  }

  private static func frontendWeftDoccChoosingExecutors3() throws {
    let big = random.uniform([1000, 1000], key: 1) + 1
    try expect("try Session.standard.with(executor: .reference, memoryLimit: .kibibytes(1)) { try big.compute() }", try Session.standard.with(executor: .reference, memoryLimit: .kibibytes(1)) { try big.compute() }, "error: compute: needs ... at its peak; the limit is 1.0 KiB, of which 0 bytes are used [out-of-memory]")
  }
}
