import WeftIR

/// Stores past the cache, and elements that are asked for ahead, on processors.
///
/// What goes past the cache the word of `KernelStreams` says, which is the last parameter. A driver
/// takes the locks of its work-groups' threads before others see what they wrote, and these wait
/// for such stores too.
extension OpenCLWriter {
  /// The name of the last parameter.
  static let streamsName = "streams"

  /// For the stores of a loop that begins at an index: whether whole vectors are to go past the
  /// cache, which they can where they are aligned.
  func streamedStores(
    of loop: Kernel.Loop, from start: String, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) -> [Kernel.StorePlace: String] {
    guard case .vectors(let bytes) = renderer.style else { return [:] }
    var result: [Kernel.StorePlace: String] = [:]
    for store in loop.placedStores {
      guard let number = streams[store.place.buffer],
        dtype(of: store.place.buffer).itemSize * lanes == bytes
      else { continue }
      let address = try address(of: store, in: loop, at: start, &renderer)
      result[store.place] = emit(
        "int", "(\(Self.streamsName) >> \(number) & 1) && (\(address) & \(bytes - 1)) == 0")
    }
    return result
  }

  /// The first index from which vectors of the loop's first store do not cross cache lines.
  func alignedStart(
    _ loop: Kernel.Loop, _ lower: String, _ upper: String, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) -> String {
    guard let store = loop.firstStore else { return lower }
    let address = try address(of: store, in: loop, at: lower, &renderer)
    let itemSize = dtype(of: store.place.buffer).itemSize
    return emit(
      "long", "min(\(lower) + (-(long)(\(address) / \(itemSize)) & \(lanes - 1)), \(upper))")
  }

  /// Where a store of a loop writes at an index, as a number.
  private func address(
    of store: Kernel.Loop.PlacedStore, in loop: Kernel.Loop, at index: String,
    _ renderer: inout OpenCLRenderer
  ) throws(WeftError) -> String {
    let wide = lanes
    lanes = 1
    defer { lanes = wide }
    bind(loop.index, .uniform(index, .int64))
    try write(store.steps, &renderer)
    return emit("ulong", "(ulong)(p\(store.place.buffer) + \(scalar(value(store.place.index))))")
  }

  /// Stores a whole vector past the cache if a condition holds, in a line with a margin.
  func storePast(
    _ margin: String, _ text: String, _ place: String, _ element: String, put: String,
    if past: String,
    _ renderer: inout OpenCLRenderer
  ) {
    let type = "\(element)\(lanes)"
    let name = renderer.helper("past_\(type)") { name in
      """
      static inline void \(name)(
        const \(type) v, __global \(element) *p, const int past) {
      #if defined(__has_builtin)
      #if __has_builtin(__builtin_nontemporal_store)
        if (past) {
          __builtin_nontemporal_store(v, (__global \(type) *)p);
          return;
        }
      #endif
      #endif
        \(put)(v, p);
      }

      """
    }
    line("\(margin)\(name)(\(text), \(place), \(past));")
  }

  /// Asks for the line of an element, or of the first of a vector.
  func prefetch(
    _ buffer: Int, at index: WrittenValue, _ renderer: inout OpenCLRenderer
  ) {
    // Neighbouring work-items ask for what a device's memory sends together.
    guard case .vectors = renderer.style, mask == nil, rest == nil else { return }
    switch index {
    case .varying, .mask: return
    case .uniform, .affine: break
    }
    let name = renderer.helper("ask_ahead") { name in
      """
      #if defined(__has_builtin) && !defined(__SPIR__)
      #if __has_builtin(__builtin_prefetch)
      #define \(name)(p) __builtin_prefetch((const void *)(ulong)(p), 0, 3)
      #endif
      #endif
      #ifndef \(name)
      #define \(name)(p)
      #endif

      """
    }
    line("\(name)(p\(buffer) + \(scalar(index)));")
  }
}
