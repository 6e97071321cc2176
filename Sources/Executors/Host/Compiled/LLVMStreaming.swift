import WeftIR
import WeftPlans

/// Stores past the cache.
///
/// Which, the word of `KernelStreams` says, which stands behind the index parameters.
extension LLVMWriter {
  /// Reads the word behind so many indices.
  func readStreams(_ kernel: Kernel, indexCount: Int) {
    let place = emit("getelementptr i64, ptr %indices, i64 \(indexCount)")
    let word = emit("load i64, ptr \(place), align 8")
    var number = 0
    for (parameter, kind) in kernel.parameters.enumerated() {
      guard case .buffer(_, let isWritten) = kind else { continue }
      if isWritten, number < KernelStreams.most {
        let bit = emit("and i64 \(word), \(1 << number)")
        streams[parameter] = emit("icmp ne i64 \(bit), 0")
      }
      number += 1
    }
  }

  /// For the stores of a loop that begins at an index: whether whole vectors are to go past the
  /// cache, which they can where they are aligned.
  func streamedStores(
    of loop: Kernel.Loop, from start: String, _ renderer: inout LLVMRenderer
  ) throws(WeftError) -> [Kernel.StorePlace: String] {
    var result: [Kernel.StorePlace: String] = [:]
    for store in loop.placedStores {
      guard let stream = streams[store.place.buffer],
        buffer(store.place.buffer).dtype.itemSize * lanes == renderer.vectorBytes
      else { continue }
      let (address, _) = try address(of: store, in: loop, at: start, &renderer)
      let rest = emit("and i64 \(address), \(renderer.vectorBytes - 1)")
      let isAligned = emit("icmp eq i64 \(rest), 0")
      result[store.place] =
        emit("and i1 \(stream), \(isAligned)")
    }
    return result
  }

  /// Where a store of a loop writes at an index, as a number, and the bytes of the element.
  func address(
    of store: Kernel.Loop.PlacedStore, in loop: Kernel.Loop, at index: String,
    _ renderer: inout LLVMRenderer
  ) throws(WeftError) -> (name: String, itemSize: Int) {
    let wide = lanes
    lanes = 1
    defer { lanes = wide }
    bind(loop.index, .uniform(index, .int64))
    try write(store.steps, &renderer)
    let place = place(of: store.place.buffer, at: scalar(value(store.place.index)))
    return (emit("ptrtoint ptr \(place.address) to i64"), place.itemSize)
  }

  /// Stores a vector that lies at a place: the lanes of a mask, or all of them, past the cache if a
  /// condition holds.
  func storeVector(
    _ element: String, _ name: String, _ place: String, itemSize: Int, mask: String?, past: String?,
    _ renderer: inout LLVMRenderer
  ) {
    let type = "<\(lanes) x \(element)>"
    if let mask {
      let store = "llvm.masked.store.\(LLVMNames.suffix(element, lanes)).p0"
      let lanesOfMask = "<\(lanes) x i1>"
      renderer.declare("void", store, [type, "ptr", "i32", lanesOfMask])
      line(
        "call void @\(store)(\(type) \(name), ptr \(place), i32 \(itemSize), "
          + "\(lanesOfMask) \(mask))")
      return
    }
    guard let past else {
      line("store \(type) \(name), ptr \(place), align \(itemSize)")
      return
    }
    let (around, usual, end) = (label("past"), label("usual"), label("stored"))
    line("br i1 \(past), label %\(around), label %\(usual)")
    begin(around)
    line("store \(type) \(name), ptr \(place), align \(itemSize * lanes), !nontemporal !1")
    line("br label %\(end)")
    begin(usual)
    line("store \(type) \(name), ptr \(place), align \(itemSize)")
    line("br label %\(end)")
    begin(end)
  }

  /// Asks for the line of an element, or of the first of a vector.
  func prefetch(
    _ parameter: Int, at index: WrittenValue, _ renderer: inout LLVMRenderer
  ) {
    switch index {
    case .varying, .mask: return
    case .uniform, .affine: break
    }
    renderer.declare("void", "llvm.prefetch.p0", ["ptr", "i32", "i32", "i32"])
    let place = place(of: parameter, at: scalar(index))
    line("call void @llvm.prefetch.p0(ptr \(place.address), i32 0, i32 3, i32 1)")
  }
}
