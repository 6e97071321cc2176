// swift-tools-version: 6.1

import Foundation
import PackageDescription

/// The READMEs below a target's folder, which SwiftPM would otherwise report as unhandled.
func readmes(_ path: String) -> [String] {
  let root = Context.packageDirectory + "/" + path
  let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
  return files.filter { $0.hasSuffix("README.md") }.sorted()
}

func library(
  _ name: String, _ path: String, _ dependencies: [Target.Dependency] = [],
  linking libraries: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: readmes(path),
    linkerSettings: libraries.map { .linkedLibrary($0) })
}

func program(_ name: String, _ path: String, _ dependencies: [Target.Dependency]) -> Target {
  let parser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
  return .executableTarget(
    name: name, dependencies: dependencies + [parser], path: path, exclude: readmes(path))
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  let path = "Tests/" + name
  return .testTarget(name: name, dependencies: dependencies, path: path, exclude: readmes(path))
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
    .executable(name: "weft-demo", targets: ["WeftDemo"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // IR <- Passes <- Executors <- Frontend <- CLI: nothing imports upward.
    library("CWeft", "Sources/CWeft", linking: ["m"]),
    library("WeftIR", "Sources/IR", ["CWeft"]),
    library("WeftPasses", "Sources/Passes", ["WeftIR"]),

    // Executors: one target a family, so that the compiler enforces the plug-in protocols.
    library("WeftExecution", "Sources/Executors/Kit", ["CWeft", "WeftIR", "WeftPasses"]),
    library("WeftReference", "Sources/Executors/Reference", ["WeftIR"]),
    library("CHost", "Sources/Executors/CHost", linking: ["m"]),
    library("CBLAS", "Sources/Executors/CBLAS"),
    library("CLLVM", "Sources/Executors/CLLVM"),
    library("COpenCL", "Sources/Executors/COpenCL"),
    library("CFourier", "Sources/Executors/CFourier", linking: ["m"]),
    library(
      "WeftRoutines", "Sources/Executors/Routines", ["WeftIR", "CHost", "CBLAS", "CFourier"]),
    library("WeftKernelCache", "Sources/Executors/KernelCache", ["WeftIR"]),
    library("WeftPlans", "Sources/Executors/Plans", ["WeftIR", "WeftPasses"]),
    library(
      "WeftHost", "Sources/Executors/Host",
      ["WeftIR", "WeftPasses", "WeftPlans", "WeftKernelCache", "CHost", "CBLAS", "CLLVM"]),
    library(
      "WeftOpenCL", "Sources/Executors/OpenCL",
      ["WeftIR", "WeftPasses", "WeftPlans", "WeftKernelCache", "COpenCL"]),
    library("CSuiteSparse", "Sources/Executors/CSuiteSparse", ["CBLAS"]),
    library(
      "WeftSparse", "Sources/Executors/Sparse",
      ["CHost", "CSuiteSparse", "WeftIR", "WeftPasses", "WeftPlans"]),
    library("WeftChunked", "Sources/Executors/Chunked", ["WeftIR", "WeftPasses", "WeftPlans"]),

    // What users import, and the programs over it.
    library(
      "Weft", "Sources/Frontend",
      [
        "CWeft", "WeftIR", "WeftPasses", "WeftExecution", "WeftReference", "WeftRoutines",
        "WeftHost", "WeftOpenCL", "WeftSparse", "WeftChunked",
      ]),
    program("WeftCLI", "Sources/CLI", ["Weft"]),
    program("WeftGolden", "Sources/GoldenRunner", ["Weft"]),
    program(
      "WeftBench", "Bench/Runner", ["Weft", "WeftIR", "WeftPasses", "WeftExecution", "CBLAS"]),
    program("WeftDemo", "Examples/Demo", ["Weft"]),

    // Tests and what they share.
    library(
      "WeftConformance", "Tests/Support",
      ["Weft", "WeftIR", "WeftExecution", "WeftReference", "WeftGoldenFile"]),
    library("WeftGoldenFile", "Tests/GoldenFile", ["WeftIR"]),
    tests("IRTests", ["WeftIR", "WeftGoldenFile"]),
    tests("PassesTests", ["WeftPasses", "WeftReference", "Weft", "WeftGoldenFile"]),
    tests(
      "ExecutorsTests",
      [
        "Weft", "WeftConformance", "WeftIR", "WeftPasses", "WeftExecution", "WeftReference",
        "WeftHost", "WeftChunked", "WeftKernelCache", "WeftOpenCL", "WeftRoutines", "WeftSparse",
        "WeftGoldenFile", "CBLAS", "CHost",
      ]),
    tests(
      "FrontendTests",
      [
        "Weft", "WeftConformance", "WeftGoldenFile", "WeftIR", "WeftExecution", "WeftReference",
      ]),
    tests("CLITests", ["Weft"]),
    tests(
      "DocumentationTests",
      ["Weft", "WeftChunked", "WeftExecution", "WeftIR", "WeftPasses", "WeftReference"]),
  ],
  swiftLanguageModes: [.v6]
)
