// Written from Sources/Frontend/Session/Watching.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Foundation
import Weft

extension Example {
  static let frontendSessionWatching: [Example] = [
    Example("Frontend/Session/Watching.swift: NDArray.save(to:progress:)", frontendSessionWatching1),
  ]

  private static func frontendSessionWatching1() throws {

    let path = NSTemporaryDirectory() + "weft-progress.npy"
    try sqrt(arange(1000).rechunked(100)).save(to: path, progress: .bar)
    try expect("try NDArray(contentsOf: path)[81]", try NDArray(contentsOf: path)[81], "9.0")
  }
}
