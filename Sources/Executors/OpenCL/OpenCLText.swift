import WeftIR
import WeftPasses

/// A lowered kernel as a device's compiler gets it.
struct OpenCLText: Sendable {
  let lowered: LoweredKernel
  let source: String
  /// The work-items of a group.
  let items: Int
  /// Whether its last parameter is the word of `KernelStreams`.
  let takesStreams: Bool
  /// The parameters that are a work-group's own, and how many elements each group has of them.
  let scratch: [(parameter: Int, elements: Int, itemSize: Int)]

  /// The text of a kernel; nil where the device cannot take it.
  init?(_ lowered: LoweredKernel, for runtime: OpenCLRuntime) throws(WeftError) {
    self.lowered = lowered
    let buffers = lowered.kernel.parameters.indices.filter {
      if case .buffer = lowered.kernel.parameters[$0] { true } else { false }
    }
    var scratch: [(parameter: Int, elements: Int, itemSize: Int)] = []
    for (parameter, binding) in zip(buffers, lowered.bindings) {
      guard case .scratch(let n) = binding,
        case .buffer(let dtype, _) = lowered.kernel.parameters[parameter]
      else { continue }
      scratch.append((parameter, lowered.scratch[n] / dtype.itemSize, dtype.itemSize))
    }
    self.scratch = scratch
    let style = runtime.style(for: lowered.kernel)
    items = style.items
    takesStreams = style.takesStreams
    source = try OpenCLRenderer.render(
      lowered.kernel.neutral(), symbol: OpenCLPrograms.symbol, style: style,
      scratch: scratch.map(\.parameter))
    let bytes = 8 * (lowered.kernel.parameters.count + scratch.count + 1)
    if bytes > max(1024, runtime.device.mostParameterBytes) { return nil }
    if !runtime.device.hasDouble, source.contains("double") { return nil }
  }

  /// The work-groups that run some units.
  func groups(units: Int, on runtime: OpenCLRuntime) -> Int {
    if case .items = runtime.style, scratch.isEmpty { return max(1, min(units, 1 << 20)) }
    let own = scratch.reduce(0) { $0 + $1.elements * $1.itemSize }
    let count = own <= Self.littleScratch ? Self.groupsOfUnit : Self.fewGroupsOfUnit
    return max(1, min(units, count * runtime.device.computeUnits))
  }

  /// Work-groups for each of the device's units, where they have memory of their own or, on
  /// processors, neighbouring units: enough that a processor that is held up leaves some to others.
  /// Drivers give a processor half of what is left or more at once, so that few are shared unevenly.
  private static let groupsOfUnit = 64
  /// The same where much memory is each group's own, and how much is not much.
  private static let fewGroupsOfUnit = 8
  private static let littleScratch = 1 << 16

  /// The bytes of the work-groups' own memory.
  func scratchBytes(on runtime: OpenCLRuntime) -> Int {
    let groups = groups(units: lowered.units, on: runtime)
    return scratch.reduce(0) {
      $0 + OpenCLRun.temporaryBytes($1.elements * $1.itemSize * groups, on: runtime)
    }
  }
}

extension OpenCLStyle {
  /// The work-items of a group.
  var items: Int { if case .items(let count) = self { count } else { 1 } }

  /// Whether kernels take the word of `KernelStreams`.
  var takesStreams: Bool { if case .vectors = self { true } else { false } }
}

extension OpenCLRuntime {
  /// The style of a kernel: without folds, whose lanes are the items of a group, groups are larger.
  func style(for kernel: Kernel) -> OpenCLStyle {
    guard case .items(let count) = style, !kernel.hasFolds else { return style }
    return .items(max(count, min(256, device.mostItemsOfGroup)))
  }

  /// The elements of a unit of an elementwise kernel; nil leaves the choice to the lowering.
  var unitElements: Int? { if case .items = style { 2048 } else { nil } }
}

extension Kernel {
  /// Whether some loop folds.
  fileprivate var hasFolds: Bool {
    var open = [body]
    while let statements = open.popLast() {
      for statement in statements {
        switch statement {
        case .loop(let loop):
          if !loop.folds.isEmpty { return true }
          open.append(loop.body)
        case .branch(_, let then, let other): open += [then, other]
        case .repetition(let loop): open += [loop.head, loop.body]
        case .define, .variable, .assign, .store, .prefetch: break
        }
      }
    }
    return false
  }
}
