import Synchronization

/// A reference that is set at most once, by whoever comes first.
///
/// As the standard library's `AtomicLazyReference`, which is not specialised for its clients: a load of that is
/// hundreds of instructions, of this a few.
public struct OnceReference<Object: AnyObject & Sendable>: ~Copyable, Sendable {
  /// The address of an object that is held here; 0 for none.
  @usableFromInline let place = Atomic<UInt>(0)

  /// A reference that nobody has set.
  public init() {}

  deinit {
    if let pointer = UnsafeRawPointer(bitPattern: place.load(ordering: .acquiring)) {
      Unmanaged<Object>.fromOpaque(pointer).release()
    }
  }

  /// The object, once there is one.
  @inlinable public func load() -> Object? {
    guard let pointer = UnsafeRawPointer(bitPattern: place.load(ordering: .acquiring)) else {
      return nil
    }
    return Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Sets the object unless there is one; gives the one that is there then.
  public func storeIfNil(_ object: Object) -> Object {
    let held = Unmanaged.passRetained(object)
    let (exchanged, original) = place.compareExchange(
      expected: 0, desired: UInt(bitPattern: held.toOpaque()), ordering: .acquiringAndReleasing)
    if exchanged { return object }
    held.release()
    guard let pointer = UnsafeRawPointer(bitPattern: original) else { return object }
    return Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
  }
}
