import WeftIR

extension SparseRowRunner {
  /// The place of the greatest or least element of each lane; what is not stored counts at the first place
  /// that has no entry.
  func extremePlaces<Key: PositionKey>(
    _ row: Int, _ f: ScalarFunction, _ operand: Value, _ axis: Int, _ key: Key.Type
  ) throws -> Buffer {
    let elements = try elements(operand)
    return elements.type.dtype.isComplex
      ? try extremePlaces(row, f, elements, axis, key, UInt128.self)
      : try extremePlaces(row, f, elements, axis, key, UInt64.self)
  }

  private func extremePlaces<Key: PositionKey, Order: PositionKey>(
    _ row: Int, _ f: ScalarFunction, _ elements: SparseElements, _ axis: Int, _: Key.Type,
    _: Order.Type
  ) throws -> Buffer {
    let shape = elements.type.shape.codes
    let entries = try kernels.entries(
      of: elements, order: shape.indices.filter { $0 != axis } + [axis], Key.self)
    let lanes = try SparseLanes(entries.keys, extent: shape[axis], kernels)
    let order = OrderKeys(dtype: elements.type.dtype, isForExtremes: true, isLeast: f == .minimum)
    let numbers: Vector<Order> = try order.keys(of: entries.values, kernels)
    let places: Vector<Int64> = try kernels.vector(lanes.count)
    let empty: Order = order.key(of: elements.fill)
    try lanes.forEachPart { range in
      for lane in range {
        let own = lanes.entries(lane)
        var best = own.lowerBound
        for entry in own.dropFirst() where numbers.base[entry] > numbers.base[best] {
          best = entry
        }
        var place = lanes.place(best)
        if own.count < shape[axis], numbers.base[best] <= empty {
          let missing = lanes.firstMissing(lane)
          place = numbers.base[best] < empty ? missing : min(place, missing)
        }
        places.base[lane] = Int64(place)
      }
    }
    return try extremePlaces(row, lanes, places)
  }

  /// Places of the lanes that have entries; those of others are zero.
  private func extremePlaces<Key: PositionKey>(
    _ row: Int, _ lanes: SparseLanes<Key>, _ places: Vector<Int64>
  ) throws -> Buffer {
    let type = type(row)
    if layout(row) == nil {
      let result = try Buffer(allocating: type, in: kernels.context.memory)
      let target = result.base.assumingMemoryBound(to: Int64.self)
      target.update(repeating: 0, count: result.count)
      for lane in 0..<lanes.count {
        target[Int(truncatingIfNeeded: lanes.number(lane))] = places.base[lane]
      }
      return result
    }
    let keys: Vector<Key> = try kernels.vector(lanes.count)
    try kernels.forEachPart(lanes.count) { range in
      for lane in range { keys.base[lane] = lanes.number(lane) }
    }
    let entries = Entries(keys: keys, values: places.buffer(.int64))
    return try result(row, kernels.pruned(entries, fill: Scalar(0 as Int64, .int64)))
  }

  /// What a mask keeps along an axis: see `GraphLayouts.selected`.
  func selected<Key: PositionKey>(
    _ row: Int, _ data: Value, _ mask: Value, _ axis: Int, _: Key.Type
  ) throws -> Buffer {
    let places = try truePlaces(mask)
    if layout(row) == nil { return try selected(data, at: places, type(row).dtype) }
    let elements = try elements(data)
    var shape = elements.type.shape.codes
    shape[axis] = places.count
    let type = TensorType(elements.type.dtype, Shape(shape))
    return try gathered(elements, at: places.buffer(.int64), axis, type, layout(row), Key.self)
  }

  /// Where a mask of one axis is true, in order.
  private func truePlaces(_ mask: Value) throws -> Vector<UInt64> {
    if plan.layouts[mask].isSparse {
      let entries: Entries<UInt64> = try kernels.entries(of: elements(mask), order: [0])
      nonisolated(unsafe) let isTrue = entries.values.items(UInt8.self)
      guard let kept = try kernels.places(entries.count, where: { isTrue[$0] != 0 }) else {
        return entries.keys
      }
      return try kernels.subset(entries.keys, kept)
    }
    let buffer = try whole(mask)
    nonisolated(unsafe) let isTrue = buffer.items(UInt8.self)
    let kept = try kernels.places(buffer.count, where: { isTrue[$0] != 0 })
    let result: Vector<UInt64> = try kernels.vector(kept?.count ?? buffer.count)
    try kernels.forEachPart(result.count) { range in
      for place in range {
        result.base[place] = UInt64(truncatingIfNeeded: kept?.base[place] ?? place)
      }
    }
    return withExtendedLifetime(buffer) { result }
  }

  /// The elements of an array of one axis at places: of what counts up, the places themselves.
  private func selected(
    _ data: Value, at places: Vector<UInt64>, _ dtype: DType
  ) throws -> Buffer {
    if case .iota = graph.op(data) {
      let result = try kernels.values(places.count, dtype)
      nonisolated(unsafe) let base = result.base
      try kernels.forEachPart(places.count) { range in
        if dtype == .int64 {
          let target = base.assumingMemoryBound(to: UInt64.self)
          for place in range { target[place] = places.base[place] }
        } else {
          for place in range {
            Scalar(Int64(truncatingIfNeeded: places.base[place]), dtype)
              .store(to: base + place * dtype.itemSize)
          }
        }
      }
      return result
    }
    if plan.layouts[data].isSparse {
      let elements = try elements(data)
      let entries: Entries<UInt64> = try kernels.entries(of: elements, order: [0])
      return try kernels.values(of: entries, at: places, fill: elements.fill)
    }
    let view = try view(data)
    return try kernels.values(of: view, at: places, Frame(view.extents, order: [0]))
  }
}

extension SparseLanes {
  /// The first place of a lane that has no entry.
  func firstMissing(_ lane: Int) -> Int {
    let own = entries(lane)
    // Up to it each entry stands as far along as its number in the lane.
    var (low, high) = (0, own.count)
    while low < high {
      let middle = (low + high) / 2
      if place(own.lowerBound + middle) > middle { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
