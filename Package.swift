// swift-tools-version: 6.1

import Foundation
import PackageDescription

/// The READMEs below a target's folder, which SwiftPM would otherwise report as unhandled.
func readmes(_ path: String) -> [String] {
  let root = Context.packageDirectory + "/" + path
  let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
  return files.filter { $0.hasSuffix("README.md") }.sorted()
}

let package = Package(
  name: "weft",
  products: [
    .library(name: "Weft", targets: ["Weft"]),
    .library(name: "WeftIR", targets: ["WeftIR"]),
    .library(name: "WeftConformance", targets: ["WeftConformance"]),
    .executable(name: "weft", targets: ["WeftCLI"]),
    .executable(name: "weft-golden", targets: ["WeftGolden"]),
    .executable(name: "weft-bench", targets: ["WeftBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // IR <- Passes <- Executors <- Frontend <- CLI: nothing imports upward.
    .target(
      name: "CWeft", path: "Sources/CWeft", exclude: readmes("Sources/CWeft"),
      linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "WeftIR", dependencies: ["CWeft"], path: "Sources/IR", exclude: readmes("Sources/IR")),
    .target(
      name: "WeftPasses", dependencies: ["WeftIR"], path: "Sources/Passes",
      exclude: readmes("Sources/Passes")),
    .target(
      name: "WeftExecution", dependencies: ["CWeft", "WeftIR", "WeftPasses"],
      path: "Sources/Executors/Kit", exclude: readmes("Sources/Executors/Kit")),
    .target(
      name: "WeftReference", dependencies: ["WeftIR", "WeftExecution"],
      path: "Sources/Executors/Reference", exclude: readmes("Sources/Executors/Reference")),
    .target(
      name: "CHost", path: "Sources/Executors/CHost", exclude: readmes("Sources/Executors/CHost")),
    .target(
      name: "CBLAS", path: "Sources/Executors/CBLAS", exclude: readmes("Sources/Executors/CBLAS")),
    .target(
      name: "WeftHost", dependencies: ["WeftIR", "WeftPasses", "WeftExecution", "CHost", "CBLAS"],
      path: "Sources/Executors/Host", exclude: readmes("Sources/Executors/Host")),
    .target(
      name: "Weft",
      dependencies: [
        "CWeft", "WeftIR", "WeftPasses", "WeftExecution", "WeftReference", "WeftHost",
      ],
      path: "Sources/Frontend", exclude: readmes("Sources/Frontend")),
    .executableTarget(
      name: "WeftCLI",
      dependencies: [
        "Weft", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/CLI", exclude: readmes("Sources/CLI")),
    .executableTarget(
      name: "WeftGolden",
      dependencies: [
        "Weft", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/GoldenRunner", exclude: readmes("Sources/GoldenRunner")),
    .executableTarget(
      name: "WeftBench",
      dependencies: [
        "Weft", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Bench/Runner", exclude: readmes("Bench/Runner")),
    .target(
      name: "WeftConformance", dependencies: ["Weft"], path: "Tests/Support",
      exclude: readmes("Tests/Support")),
    .testTarget(
      name: "IRTests", dependencies: ["WeftIR"], path: "Tests/IRTests",
      exclude: readmes("Tests/IRTests")),
    .testTarget(
      name: "PassesTests", dependencies: ["WeftPasses", "WeftReference", "Weft"], path: "Tests/PassesTests",
      exclude: readmes("Tests/PassesTests")),
    .testTarget(
      name: "ExecutorsTests",
      dependencies: ["Weft", "WeftConformance", "WeftIR", "WeftReference"],
      path: "Tests/ExecutorsTests", exclude: readmes("Tests/ExecutorsTests")),
    .testTarget(
      name: "FrontendTests", dependencies: ["Weft", "WeftConformance"], path: "Tests/FrontendTests",
      exclude: readmes("Tests/FrontendTests")),
    .testTarget(
      name: "CLITests", dependencies: ["Weft"], path: "Tests/CLITests",
      exclude: readmes("Tests/CLITests")),
  ],
  swiftLanguageModes: [.v6]
)
