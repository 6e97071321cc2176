// Written from Sources/Executors/Kit/Choice.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let executorsKitChoice: [Example] = [
    Example("Executors/Kit/Choice.swift: Session.chooseExecutor(_:)", executorsKitChoice1),
  ]

  private static func executorsKitChoice1() throws {
    try expect("try Session.standard.chooseExecutor(.reference).reason", try Session.standard.chooseExecutor(.reference).reason, "named by the call's argument")
  }
}
