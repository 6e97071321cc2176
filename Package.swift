// swift-tools-version: 6.1

import PackageDescription

/// Every folder has a README for readers; the compiler is told to leave it alone.
func readmes(in folders: String...) -> [String] {
  ["README.md"] + folders.map { "\($0)/README.md" }
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
    .target(name: "CWeft", path: "Sources/CWeft"),
    .target(
      name: "WeftIR", dependencies: ["CWeft"], path: "Sources/IR",
      exclude: readmes(
        in: "Diagnostics", "Functions", "Graph", "Inference", "Plugins", "Routines", "Storage",
        "Text", "Types", "Verify")),
    .target(name: "WeftPasses", dependencies: ["WeftIR"], path: "Sources/Passes"),
    .target(
      name: "WeftExecution", dependencies: ["WeftIR", "WeftPasses"], path: "Sources/Executors/Kit"),
    .target(
      name: "WeftReference", dependencies: ["WeftIR", "WeftExecution"],
      path: "Sources/Executors/Reference"),
    .target(name: "CHost", path: "Sources/Executors/CHost"),
    .target(name: "CBLAS", path: "Sources/Executors/CBLAS"),
    .target(
      name: "WeftHost", dependencies: ["WeftIR", "WeftPasses", "WeftExecution", "CHost", "CBLAS"],
      path: "Sources/Executors/Host"),
    .target(
      name: "Weft",
      dependencies: [
        "CWeft", "WeftIR", "WeftPasses", "WeftExecution", "WeftReference", "WeftHost",
      ],
      path: "Sources/Frontend"),
    .executableTarget(
      name: "WeftCLI",
      dependencies: [
        "Weft", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/CLI"),
    .executableTarget(
      name: "WeftGolden",
      dependencies: [
        "Weft", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/GoldenRunner"),
    .executableTarget(
      name: "WeftBench",
      dependencies: [
        "Weft", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Bench/Runner"),
    .target(name: "WeftConformance", dependencies: ["Weft"], path: "Tests/Support"),
    .target(name: "WeftGoldenFile", dependencies: ["WeftIR"], path: "Tests/GoldenFile"),
    .testTarget(
      name: "IRTests", dependencies: ["WeftIR", "WeftGoldenFile"], path: "Tests/IRTests"),
    .testTarget(
      name: "PassesTests", dependencies: ["WeftPasses", "Weft", "WeftGoldenFile"],
      path: "Tests/PassesTests"),
    .testTarget(
      name: "ExecutorsTests", dependencies: ["Weft", "WeftConformance"],
      path: "Tests/ExecutorsTests"),
    .testTarget(
      name: "FrontendTests", dependencies: ["Weft", "WeftConformance"], path: "Tests/FrontendTests"),
    .testTarget(name: "CLITests", dependencies: ["Weft"], path: "Tests/CLITests"),
  ],
  swiftLanguageModes: [.v6]
)
